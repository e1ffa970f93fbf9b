package dev.shootdown.mm;

/**
 * struct zap_details: what goes besides the pages of the mapping itself.
 *
 * @param cows    whether private copies of a file's pages go too: even_cows
 * @param markers whether guard markers go too: ZAP_FLAG_DROP_MARKER
 * @param tables  whether page tables that become empty go too: reclaim_pt
 */
record ZapDetails(boolean cows, boolean markers, boolean tables) {
    /** Of a mapping that goes as a whole; its tables go later. */
    static final ZapDetails UNMAP = new ZapDetails(true, true, false);
    /** Of pages that a mapping loses, which is kept. */
    static final ZapDetails PAGES = new ZapDetails(true, false, false);
}
