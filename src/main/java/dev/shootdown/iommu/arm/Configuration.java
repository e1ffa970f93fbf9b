package dev.shootdown.iommu.arm;

import dev.shootdown.iommu.Endpoint;
import dev.shootdown.iommu.Fault;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.iommu.SecondStage;
import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Tables;
import dev.shootdown.sim.World;

/**
 * What the tables say about a device and a PASID: the stream table, then the context descriptors (IHI 0070, 3.3, 3.4 and 15).
 * What is wrong with them is an {@link ArmEvent.Id}'s code.
 */
final class Configuration {
    /** Config=abort is no event at all. */
    static final int SILENT = 0;

    /** The tag of the one virtual machine that there is, where translations are nested. */
    static final int VMID = 1;

    /** Beside an {@link ArmEvent.Id}'s code: the second stage does not let the descriptor be read. */
    private static final int SECOND_STAGE = 0x100;
    private static final int ID = SECOND_STAGE - 1;

    private final Frames frames;
    private final Tables tables;
    private final int levels;
    private final int addressBits;
    private final ArmFeatures features;
    private final StreamTable streams;
    private final ContextTable contexts;
    private final SecondStage second;

    Configuration(World world, String smmu, Frames frames, int levels, ArmFeatures features, SecondStage second) {
        this.frames = frames;
        this.tables = new Tables(frames);
        this.levels = levels;
        this.addressBits = Entry.shift(levels + 1);
        this.features = features;
        this.second = second;
        this.streams = new StreamTable(world, smmu, frames, features.twoLevels());
        this.contexts = new ContextTable(world, smmu, frames, streams, second);
    }

    StreamTable streams() {
        return streams;
    }

    // ---------------------------------------------------------------- what software does

    /** Gives a device an entry and an empty table of descriptors (arm_smmu_make_cdtable_ste). */
    void attach(Endpoint endpoint) {
        int strw = features.e2h() ? StreamTableEntry.EL2 : StreamTableEntry.NS_EL1;
        StreamTableEntry alone = StreamTableEntry.translating(StreamTableEntry.TWO_LEVELS_64K, contexts.allocate(), ContextTable.SUBSTREAM_BITS,
                endpoint.stalls(), endpoint.hasAts(), strw);
        write(endpoint, second == null ? alone : alone.nested(VMID, second.root() << Frames.PAGE_SHIFT));
    }

    void write(Endpoint endpoint, StreamTableEntry entry) {
        streams.write(sid(endpoint), entry);
    }

    /** A stream's entry as it stands in memory. */
    StreamTableEntry stream(Endpoint endpoint) {
        long address = streams.entry(sid(endpoint));
        return StreamTableEntry.decode(streams.read(address), streams.read(address + 8), streams.read(address + 16), streams.read(address + 24));
    }

    void write(Endpoint endpoint, int pasid, ContextDescriptor descriptor) {
        contexts.write(stream(endpoint), pasid, descriptor);
    }

    /** The ASID of a PASID's process: behind one SMMU a PASID names one process, whose pinned ASID has its number. */
    static int asid(int pasid) {
        return pasid & 0xffff;
    }

    /** A PASID's table, or none for a process that has gone: then the descriptor stays, and translates nothing. */
    void root(Endpoint endpoint, int pasid, long root) {
        write(endpoint, pasid, root == 0
                ? ContextDescriptor.quiet(asid(pasid))
                : ContextDescriptor.sva(root << Frames.PAGE_SHIFT, asid(pasid), addressBits, endpoint.stalls()));
    }

    void drop(Endpoint endpoint) {
        streams.drop(endpoint);
        contexts.drop(endpoint);
    }

    void dropContexts(Endpoint endpoint) {
        contexts.drop(endpoint);
    }

    void drop(Endpoint endpoint, int ssid) {
        if (ssid >>> ContextTable.SUBSTREAM_BITS == 0) {
            contexts.drop(endpoint, ssid);
        }
    }

    // ---------------------------------------------------------------- what hardware does

    private static int sid(Endpoint endpoint) {
        return Iommus.requester(endpoint.number());
    }

    private static long wrong(ArmEvent.Id id) {
        return -id.code();
    }

    /** Above 0 if a stream may translate for a SubstreamID; otherwise why not, negative, or {@link #SILENT}. */
    long configured(Endpoint endpoint, int ssid) {
        boolean known = streams.translates(endpoint, ContextTable.SUBSTREAM_BITS, ssid) && contexts.usable(endpoint, ssid);
        return known ? 1 : find(endpoint, ssid);
    }

    private long find(Endpoint endpoint, int ssid) {
        long stream = stream(endpoint, ssid);
        if (stream <= 0 || stream == ArmIommu.IDENTITY) {
            return stream;
        }
        StreamTableEntry entry = streams.fetch(endpoint);
        ContextDescriptor descriptor = contexts.fetch(endpoint, entry, ssid);
        if (descriptor == null) {
            boolean guests = contexts.unreadable(entry, ssid) >= 0;
            return guests ? -(SECOND_STAGE | ArmEvent.Id.F_TRANSLATION.code()) : wrong(missingContext(endpoint, ssid));
        }
        return descriptor.bad() ? wrong(ArmEvent.Id.C_BAD_CD) : 1;
    }

    private long stream(Endpoint endpoint, int ssid) {
        StreamTableEntry stream = streams.fetch(endpoint);
        if (stream == null) {
            return wrong(streams.entry(sid(endpoint)) < 0 ? ArmEvent.Id.C_BAD_STREAMID : ArmEvent.Id.F_STE_FETCH);
        }
        if (stream.bad(ContextTable.SUBSTREAM_BITS)) {
            return wrong(ArmEvent.Id.C_BAD_STE);
        }
        if (stream.aborts()) {
            return SILENT;
        }
        if (endpoint.ats() && (stream.eats() != StreamTableEntry.EATS_TRANS || stream.config() == StreamTableEntry.BYPASS)) {
            return wrong(ArmEvent.Id.F_BAD_ATS_TREQ);
        }
        if (stream.config() == StreamTableEntry.BYPASS && ssid == 0) {
            return ArmIommu.IDENTITY;
        }
        if (stream.config() == StreamTableEntry.BYPASS || ssid >>> stream.s1CdMax() != 0) {
            return wrong(ArmEvent.Id.C_BAD_SUBSTREAMID);
        }
        return ssid == 0 && stream.s1Dss() != StreamTableEntry.SSID0 ? wrong(ArmEvent.Id.F_STREAM_DISABLED) : 1;
    }

    private ArmEvent.Id missingContext(Endpoint endpoint, int ssid) {
        StreamTableEntry stream = streams.fetch(endpoint);
        boolean descriptor = streams.memory(ContextTable.descriptor(stream, ssid));
        return descriptor && contexts.entry(stream, ssid) < 0 ? ArmEvent.Id.C_BAD_SUBSTREAMID : ArmEvent.Id.F_CD_FETCH;
    }

    /** The frame of a SubstreamID's top table; otherwise why there is none. */
    long root(Endpoint endpoint, int ssid) {
        long configured = configured(endpoint, ssid);
        if (configured <= 0 || configured == ArmIommu.IDENTITY) {
            return configured;
        }
        ContextDescriptor descriptor = context(endpoint, ssid);
        return descriptor.epd0() ? wrong(ArmEvent.Id.F_TRANSLATION) : descriptor.ttb0() >>> Frames.PAGE_SHIFT;
    }

    /** A stream's entry as hardware has it; null if there is none. */
    StreamTableEntry fetched(Endpoint endpoint) {
        return streams.fetch(endpoint);
    }

    /** A SubstreamID's descriptor as hardware has it; null if there is none. */
    ContextDescriptor context(Endpoint endpoint, int ssid) {
        StreamTableEntry stream = streams.fetch(endpoint);
        return stream == null || stream(endpoint, ssid) != 1 ? null : contexts.fetch(endpoint, stream, ssid);
    }

    // ---------------------------------------------------------------- records

    /** What is recorded of a fault. */
    static ArmEvent.Id id(Fault fault) {
        return switch (fault.why()) {
            case TABLES -> ArmEvent.Id.of(fault.code() & ID);
            case ADDRESS, NOT_PRESENT -> ArmEvent.Id.F_TRANSLATION;
            case ACCESS, SECOND_STAGE_ACCESS -> ArmEvent.Id.F_WALK_EABT;
            case RESERVED, SECOND_STAGE_RESERVED -> ArmEvent.Id.F_ADDR_SIZE;
            case SUPERVISOR, PERMISSION, SECOND_STAGE_PERMISSION, SECOND_STAGE_UPDATE -> ArmEvent.Id.F_PERMISSION;
            case SECOND_STAGE -> ArmEvent.Id.F_TRANSLATION;
        };
    }

    /** Whether a fault is one of stage 2: at a page, at a table of stage 1, or at a context descriptor. */
    static boolean ofStage2(Fault fault) {
        return fault.secondStage() || ofDescriptor(fault);
    }

    private static boolean ofDescriptor(Fault fault) {
        return fault.why() == Fault.Why.TABLES && (fault.code() & SECOND_STAGE) != 0;
    }

    /** The record of a fault, whose fields are those that its kind has. */
    ArmEvent record(Endpoint endpoint, Fault fault, ArmEvent.Id id, int stag, boolean stall) {
        boolean addressed = id.addressed();
        boolean s2 = ofStage2(fault);
        boolean table = id == ArmEvent.Id.F_WALK_EABT || fault.secondStage() && fault.code() != 0;
        int classOf = table ? ArmEvent.CLASS_TTD : id.translation() && !ofDescriptor(fault) ? ArmEvent.CLASS_IN : ArmEvent.CLASS_CD;
        boolean reads = s2 && classOf != ArmEvent.CLASS_IN && fault.why() != Fault.Why.SECOND_STAGE_UPDATE;
        return new ArmEvent(id.code(), fault.pasid() != 0, fault.pasid(), sid(endpoint), stag, stall,
                addressed && fault.privileged(), addressed && fault.execute(), addressed && !fault.write(), s2, classOf, reads,
                addressed ? fault.addr() : 0, fetched(endpoint, fault, id));
    }

    /** Of stage 2 the IPA, which is that of a page; else the address of what was fetched. */
    private long fetched(Endpoint endpoint, Fault fault, ArmEvent.Id id) {
        if (fault.why() == Fault.Why.SECOND_STAGE_ACCESS) {
            return fault.at();
        }
        return fault.secondStage() ? fault.at() & -Frames.PAGE_SIZE : fetchAddress(endpoint, fault, id);
    }

    private long fetchAddress(Endpoint endpoint, Fault fault, ArmEvent.Id id) {
        return switch (id) {
            case F_STE_FETCH -> streams.entry(sid(endpoint));
            case F_CD_FETCH -> contextAddress(endpoint, fault.pasid());
            case F_WALK_EABT -> tableAddress(context(endpoint, fault.pasid()), fault.addr());
            case F_TRANSLATION -> ofDescriptor(fault) ? contexts.unreadable(streams.fetch(endpoint), fault.pasid()) & -Frames.PAGE_SIZE : 0;
            case F_UUT, C_BAD_STREAMID, C_BAD_STE, F_BAD_ATS_TREQ, F_STREAM_DISABLED, F_TRANSL_FORBIDDEN, C_BAD_SUBSTREAMID, C_BAD_CD,
                    F_ADDR_SIZE, F_ACCESS, F_PERMISSION, F_TLB_CONFLICT, F_CFG_CONFLICT, E_PAGE_REQUEST, F_VMS_FETCH -> 0;
        };
    }

    private long contextAddress(Endpoint endpoint, int ssid) {
        StreamTableEntry stream = streams.fetch(endpoint);
        long descriptor = ContextTable.descriptor(stream, ssid);
        return streams.memory(descriptor) ? contexts.entry(stream, ssid) : descriptor;
    }

    /** The entry that was fetched from no memory. */
    private long tableAddress(ContextDescriptor context, long addr) {
        long table = context.ttb0() >>> Frames.PAGE_SHIFT;
        int level = levels;
        while (table < frames.count() && level > 1) {
            table = Entry.frame(tables.entry(table, addr, level));
            level--;
        }
        return (table << Frames.PAGE_SHIFT) + ((long) Entry.index(addr, level) << 3);
    }
}
