package dev.shootdown.iommu.intel;

import dev.shootdown.iommu.Endpoint;

/** What kind of request hardware looks at: which reasons block it depends on that (VT-d 7.1.3), and how that is recorded. */
enum Request {
    UNTRANSLATED(FaultRecord.UNTRANSLATED),
    /** A translation request of a device with ATS. */
    TRANSLATION(FaultRecord.TRANSLATION_REQUEST),
    /** An access with an address that the device has had translated. */
    TRANSLATED(FaultRecord.TRANSLATED),
    /** A page request, which is a message, and has no address type. */
    PAGE(FaultRecord.UNTRANSLATED);

    private final int type;

    Request(int type) {
        this.type = type;
    }

    /** AT of a fault recording register. */
    int type() {
        return type;
    }

    /** What an access of a device's, or what asks for its translation, comes in as. */
    static Request of(Endpoint endpoint) {
        return endpoint.ats() ? TRANSLATION : UNTRANSLATED;
    }
}
