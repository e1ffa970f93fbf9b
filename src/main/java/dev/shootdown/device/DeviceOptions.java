package dev.shootdown.device;

/** What a device can do: each option is named once in {@link Option}, read by its name, and changed in a copy by its name and a value. */
public final class DeviceOptions {
    /** PCIe ATS: an ITag has five bits. */
    public static final int TAGS = 32;

    private enum Option {
        ATS(0),
        PRI(0),
        ATC(64),
        CREDITS(32),
        RETRIES(3),
        UNLIMITED(0),
        SILENT(0),
        STALL(0),
        UNTRUSTED(0),
        GROUP(1),
        TAGS(DeviceOptions.TAGS),
        PREFETCH(0),
        PASID_WITH_TRANSLATED(0);

        private static final Option[] ALL = values();

        /** As the language has it where nothing is said. */
        private final int standard;

        Option(int standard) {
            this.standard = standard;
        }
    }

    /** As the language has it where nothing is said. */
    public static final DeviceOptions DEFAULT = new DeviceOptions(standard());

    private final int[] values;

    private DeviceOptions(int[] values) {
        this.values = values;
        if (atc() < 1 || credits() < 1 || retries() < 0 || group() < 1 || tags() < 1 || prefetch() < 0) {
            throw new IllegalArgumentException("an ATC, credits or retries of a device are too few");
        }
        if (stall() && ats()) {
            throw new IllegalArgumentException("a device with ATS does not stall");
        }
    }

    private static int[] standard() {
        int[] values = new int[Option.ALL.length];
        for (Option option : Option.ALL) {
            values[option.ordinal()] = option.standard;
        }
        return values;
    }

    private int get(Option option) {
        return values[option.ordinal()];
    }

    private boolean is(Option option) {
        return get(option) != 0;
    }

    private DeviceOptions with(Option option, int value) {
        int[] copy = values.clone();
        copy[option.ordinal()] = value;
        return new DeviceOptions(copy);
    }

    private DeviceOptions with(Option option, boolean on) {
        return with(option, on ? 1 : 0);
    }

    /** Asks for translations and keeps them. */
    public boolean ats() {
        return is(Option.ATS);
    }

    public DeviceOptions ats(boolean on) {
        return with(Option.ATS, on);
    }

    /** Asks for pages that are not there. */
    public boolean pri() {
        return is(Option.PRI);
    }

    public DeviceOptions pri(boolean on) {
        return with(Option.PRI, on);
    }

    /** Translations that it keeps. */
    public int atc() {
        return get(Option.ATC);
    }

    public DeviceOptions atc(int count) {
        return with(Option.ATC, count);
    }

    /** Page requests that it may have outstanding. */
    public int credits() {
        return get(Option.CREDITS);
    }

    public DeviceOptions credits(int count) {
        return with(Option.CREDITS, count);
    }

    /** Page requests after the first one, each answered Success, that it makes for one page of one access before it gives up. */
    public int retries() {
        return get(Option.RETRIES);
    }

    public DeviceOptions retries(int count) {
        return with(Option.RETRIES, count);
    }

    /** Never gives up. */
    public boolean unlimited() {
        return is(Option.UNLIMITED);
    }

    public DeviceOptions unlimited(boolean on) {
        return with(Option.UNLIMITED, on);
    }

    /** Never completes what asks it to invalidate, nor obeys it. */
    public boolean silent() {
        return is(Option.SILENT);
    }

    public DeviceOptions silent(boolean on) {
        return with(Option.SILENT, on);
    }

    /** Its faulting accesses wait in the IOMMU; not with ATS, since PCIe cannot stall. */
    public boolean stall() {
        return is(Option.STALL);
    }

    public DeviceOptions stall(boolean on) {
        return with(Option.STALL, on);
    }

    /** Anybody may plug it in (pci_dev.untrusted), so that it is never served lazily. */
    public boolean untrusted() {
        return is(Option.UNTRUSTED);
    }

    public DeviceOptions untrusted(boolean on) {
        return with(Option.UNTRUSTED, on);
    }

    /** Page requests that it makes at once, where an access needs that many pages. */
    public int group() {
        return get(Option.GROUP);
    }

    public DeviceOptions group(int count) {
        return with(Option.GROUP, count);
    }

    /** Invalidations that it may be asked for and not have completed; fewer than {@link #TAGS} are counted. */
    public int tags() {
        return get(Option.TAGS);
    }

    public DeviceOptions tags(int count) {
        return with(Option.TAGS, count);
    }

    /** Pages behind the one that it needs, whose translations it asks for too. */
    public int prefetch() {
        return get(Option.PREFETCH);
    }

    public DeviceOptions prefetch(int count) {
        return with(Option.PREFETCH, count);
    }

    /** The PASID goes with addresses that it has had translated, too. */
    public boolean pasidWithTranslated() {
        return is(Option.PASID_WITH_TRANSLATED);
    }

    public DeviceOptions pasidWithTranslated(boolean on) {
        return with(Option.PASID_WITH_TRANSLATED, on);
    }
}
