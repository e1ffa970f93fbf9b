package dev.shootdown.iommu.intel;

import dev.shootdown.iommu.Answer;
import dev.shootdown.iommu.Endpoint;
import dev.shootdown.iommu.Fault;
import dev.shootdown.iommu.Geometry;
import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.iommu.LogFormat;
import dev.shootdown.iommu.PageRequest;
import dev.shootdown.iommu.Ring;
import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import java.util.List;

/**
 * What of Intel's VT-d is not its invalidation queue: the scalable-mode tables, the page request queue and the fault recording
 * registers.
 */
public abstract class RemappingUnit extends Iommu {
    /** The domain of all first-stage tables: FLPT_DEFAULT_DID. PASIDs tell processes apart. */
    public static final int DOMAIN = 1;

    /** Descriptors and page requests of 32 bytes, one slot free; fault recording registers of 16 bytes, all of them used. */
    private static final Geometry GEOMETRY =
            new Geometry(Geometry.Shape.of(4, 1), Geometry.Shape.of(4, 1), Geometry.Shape.of(2, 0));
    private static final String PRQ = "DMAR: IOMMU: ";
    private static final int PAGE_REQUEST_OVERFLOW = 1 << 1;
    /** Frames 0xfee00 to 0xfeeff. */
    private static final int INTERRUPT_FRAME_BITS = 8;
    private static final long INTERRUPT_FRAMES = 0xfee;

    private final ScalableTables tables;
    private final LogFormat format;

    RemappingUnit(Iommus iommus, String name, IommuOptions options) {
        super(iommus, name, options, GEOMETRY);
        this.tables = new ScalableTables(iommus.engine().world(), name, iommus.frames(), iommus.levels());
        this.format = options.era().format();
    }

    /** In which form what was logged is printed. */
    final LogFormat format() {
        return format;
    }

    // ---------------------------------------------------------------- tables

    /** The scalable-mode tables in memory, for those who change them by hand. */
    ScalableTables tables() {
        return tables;
    }

    @Override
    protected void attached(Endpoint endpoint) {
        tables.attach(endpoint);
    }

    @Override
    protected long root(Endpoint endpoint, int pasid) {
        FaultReason wrong = tables.find(endpoint, pasid, super.rootBorn(endpoint, pasid));
        return wrong == null ? tables.entry(endpoint, pasid).table() >>> Frames.PAGE_SHIFT : -wrong.code();
    }

    @Override
    protected long rootBorn(Endpoint endpoint, int pasid) {
        return tables.born(endpoint, pasid);
    }

    @Override
    protected void writeTable(Endpoint endpoint, int pasid, long root) {
        tables.table(endpoint, pasid, root, DOMAIN, secondStage() == null ? 0 : secondStage().root());
    }

    // ---------------------------------------------------------------- page requests

    /**
     * A request that may not be made, or whose PASID has no table, is answered Invalid and recorded; one that the queue has
     * no room for, Success. A request that is accepted has the IOTLB forget the page first.
     */
    @Override
    public int request(Turn turn, PageRequest request) {
        Endpoint endpoint = iommus().endpoint(request.device());
        FaultReason wrong = refused(endpoint, request.pasid());
        if (wrong != null) {
            turn.then(faulted(endpoint, new Fault(request.pasid(), request.addr(), request.access(), Fault.Why.TABLES, wrong.code())));
            return request.last() ? PageRequest.INVALID : PageRequest.NONE;
        }
        dropPage(turn, request.pasid(), request.addr());
        boolean logged = log(request);
        return logged || !request.last() ? PageRequest.NONE : PageRequest.SUCCESS;
    }

    private FaultReason refused(Endpoint endpoint, int pasid) {
        FaultReason wrong = tables.find(endpoint, pasid, super.rootBorn(endpoint, pasid));
        return wrong == null && !tables.mayRequest(endpoint) ? FaultReason.PAGE_REQUEST_DISABLED : wrong;
    }

    /** drivers/iommu/intel/prq.c: prq_event_thread: an overflow is cleared when the queue has been read empty. */
    @Override
    public void emptied(Turn turn) {
        if (requestLog().overflowed()) {
            requestLog().restart();
            turn.emit(Kind.IO_PAGE_FAULT, () -> new Event.IoPageFault(name(), null, null, 0, PAGE_REQUEST_OVERFLOW,
                    PRQ + name() + ": PRQ overflow detected\n" + PRQ + name() + ": PRQ overflow cleared"));
        }
    }

    /** prq_event_thread: a request without a PASID, of an address that is not canonical, in privileged mode, or for execution as well as reading. */
    @Override
    public List<Step> unfit(PageRequest request) {
        String reason = request.device() < 0 ? null : wrong(request);
        return reason == null ? List.of() : List.of(new HandleBadPrqEvent(number(), request, PRQ + name() + ": " + reason));
    }

    private String wrong(PageRequest request) {
        int unused = Long.SIZE - Entry.shift(iommus().levels() + 1);
        if (request.pasid() == 0) {
            return "Page request without PASID";
        }
        if (request.addr() << unused >> unused != request.addr()) {
            return "Address is not canonical";
        }
        if (Translation.allows(request.access(), Translation.PRIVILEGED) && (request.access() & (Translation.READ | Translation.WRITE)) != 0) {
            return "Page request in Privilege Mode";
        }
        return Translation.allows(request.access(), Translation.EXECUTE | Translation.READ) ? "Execution request not supported" : null;
    }

    @Override
    protected Ring.Slot entry(PageRequest request) {
        return descriptor(request);
    }

    static PageRequestDescriptor descriptor(PageRequest request) {
        return new PageRequestDescriptor(request.pasid() != 0, Iommus.requester(request.device()), request.pasid(),
                Translation.allows(request.access(), Translation.EXECUTE), Translation.allows(request.access(), Translation.PRIVILEGED),
                Translation.allows(request.access(), Translation.READ), Translation.allows(request.access(), Translation.WRITE),
                request.last(), request.group(), request.addr());
    }

    @Override
    protected PageRequest request(Ring.Slot words) {
        PageRequestDescriptor entry = PageRequestDescriptor.decode(words.word(0), words.word(1));
        Endpoint endpoint = behind(entry.device());
        return new PageRequest(endpoint == null ? -1 : endpoint.number(), entry.pasid(), entry.address(), entry.group(),
                entry.last(), entry.access());
    }

    // ---------------------------------------------------------------- faults

    @Override
    protected Answer answer(Fault fault) {
        return FaultReason.of(fault).answer();
    }

    /** Bit 7 where a table must follow, and the bits of a large page's address that lie within it. */
    @Override
    protected boolean reserved(long entry, int level) {
        return reservedInCpuTables(entry, level);
    }

    /** A page that lies where interrupts are written to: 0xFEEx_xxxx (VT-d 3.14). */
    @Override
    protected int refusal(Endpoint endpoint, int pasid, long entry, boolean leaf) {
        boolean interrupts = leaf && Entry.frame(entry) >>> INTERRUPT_FRAME_BITS == INTERRUPT_FRAMES;
        return interrupts ? FaultReason.INTERRUPT_ADDRESS.code() : 0;
    }

    /** SRE and ERE of the PASID-table entry, which is looked at for every request. */
    @Override
    protected int disallowed(Endpoint endpoint, int pasid, int access) {
        if (tables.find(endpoint, pasid, super.rootBorn(endpoint, pasid)) != null) {
            return 0;
        }
        PasidEntry entry = tables.entry(endpoint, pasid);
        if (Translation.allows(access, Translation.PRIVILEGED) && !entry.supervisor()) {
            return FaultReason.SUPERVISOR_DISABLED.code();
        }
        return Translation.allows(access, Translation.EXECUTE) && !entry.execute() ? FaultReason.EXECUTE_DISABLED.code() : 0;
    }

    @Override
    protected void logFault(Turn turn, Endpoint endpoint, Fault fault) {
        if (tables.quiet(endpoint, fault.pasid())) {
            return;
        }
        FaultRecord found = new FaultRecord(fault.addr(), Iommus.requester(endpoint.number()), fault.privileged(), fault.execute(), fault.pasid() != 0,
                FaultReason.of(fault).code(), fault.pasid(),
                endpoint.ats() ? FaultRecord.TRANSLATION_REQUEST : FaultRecord.UNTRANSLATED, !fault.write());
        event(found);
        turn.emit(Kind.IO_PAGE_FAULT, () -> new Event.IoPageFault(name(), endpoint.name(), fault.pasid(), fault.addr(),
                found.reason(), found.log(format)));
    }
}
