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

    private final ScalableTables tables;
    private final TableLookup lookup;
    private final LogFormat format;

    RemappingUnit(Iommus iommus, String name, IommuOptions options) {
        super(iommus, name, options, GEOMETRY);
        this.tables = new ScalableTables(iommus.engine().world(), name, iommus.frames(), iommus.levels());
        this.lookup = new TableLookup(iommus.engine().world(), name, tables, options.nested(), iommus.levels());
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

    /** What hardware keeps of them. */
    final TableLookup lookup() {
        return lookup;
    }

    @Override
    protected void attached(Endpoint endpoint) {
        tables.attach(endpoint);
    }

    @Override
    protected long root(Endpoint endpoint, int pasid) {
        FaultReason wrong = find(endpoint, pasid, Request.of(endpoint));
        return wrong == null ? lookup.root(endpoint, pasid) : -wrong.code();
    }

    private FaultReason find(Endpoint endpoint, int pasid, Request request) {
        return lookup.find(endpoint, pasid, request, super.rootBorn(endpoint, pasid));
    }

    @Override
    protected long rootBorn(Endpoint endpoint, int pasid) {
        return lookup.born(endpoint, pasid);
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
        FaultReason wrong = find(endpoint, request.pasid(), Request.PAGE);
        if (wrong != null) {
            Fault fault = new Fault(request.pasid(), request.addr(), request.access(), Fault.Why.TABLES, wrong.code());
            turn.then(new LogBlocked(number(), endpoint.number(), fault, Request.PAGE));
            return request.last() ? PageRequest.INVALID : PageRequest.NONE;
        }
        dropPage(turn, request.pasid(), request.addr());
        boolean logged = log(request);
        return logged || !request.last() ? PageRequest.NONE : PageRequest.SUCCESS;
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

    private FaultReason reason(Fault fault) {
        return lookup.legacy() ? FaultReason.ofLegacy(fault) : FaultReason.of(fault, iommus().levels());
    }

    @Override
    protected Answer answer(Fault fault) {
        return reason(fault).answer();
    }

    /** Bit 7 where a table must follow, and the bits of a large page's address that lie within it. */
    @Override
    protected boolean reserved(long entry, int level) {
        return reservedInCpuTables(entry, level);
    }

    /** Where a second stage is to translate what the entry says: an address wider than that; otherwise a page that interrupts are written to. */
    @Override
    protected int refusal(Endpoint endpoint, int pasid, long entry, boolean leaf, boolean updates) {
        if (updates && !lookup.entry(endpoint, pasid).snooped()) {
            return FaultReason.NOT_SNOOPED.code();
        }
        if (secondStage() != null) {
            return ScalableTables.beyond(Entry.frame(entry), PasidEntry.SECOND_STAGE_BITS) ? FaultReason.FIRST_STAGE_ADDRESS_WIDTH.code() : 0;
        }
        return leaf && ScalableTables.interrupts(Entry.frame(entry)) ? FaultReason.INTERRUPT_ADDRESS.code() : 0;
    }

    @Override
    protected int beyond(Endpoint endpoint, int pasid, long page) {
        FaultReason wrong = lookup.beyond(endpoint, pasid, page);
        return wrong == null ? 0 : wrong.code();
    }

    /** SRE and ERE of the PASID-table entry, which is looked at for every request. */
    @Override
    protected int disallowed(Endpoint endpoint, int pasid, int access) {
        if (find(endpoint, pasid, Request.of(endpoint)) != null || lookup.legacy()) {
            return 0;
        }
        PasidEntry entry = lookup.entry(endpoint, pasid);
        if (Translation.allows(access, Translation.PRIVILEGED) && !entry.supervisor()) {
            return FaultReason.SUPERVISOR_DISABLED.code();
        }
        return Translation.allows(access, Translation.EXECUTE) && !entry.execute() ? FaultReason.EXECUTE_DISABLED.code() : 0;
    }

    /** An access with an address that the device has had translated is held against the context entry all the same (7.1.3). */
    @Override
    public boolean forbids(Endpoint endpoint, int pasid) {
        return translated(endpoint, pasid) != null;
    }

    private FaultReason translated(Endpoint endpoint, int pasid) {
        return find(endpoint, endpoint.pasidWithTranslated() ? pasid : 0, Request.TRANSLATED);
    }

    @Override
    public List<Step> forbidden(Endpoint endpoint, int pasid, long addr, int access) {
        Fault fault = new Fault(endpoint.pasidWithTranslated() ? pasid : 0, addr, access, Fault.Why.TABLES, translated(endpoint, pasid).code());
        return List.of(new LogBlocked(number(), endpoint.number(), fault, Request.TRANSLATED));
    }

    @Override
    protected void logFault(Turn turn, Endpoint endpoint, Fault fault) {
        log(turn, endpoint, fault, Request.of(endpoint));
    }

    /** Fills a fault recording register, if there is one and FPD does not keep it quiet, and has the kernel print what it says. */
    void log(Turn turn, Endpoint endpoint, Fault fault, Request request) {
        FaultReason reason = reason(fault);
        if (reason.qualified() && lookup.quiet(endpoint, fault.pasid())) {
            return;
        }
        FaultRecord found = new FaultRecord(fault.addr(), Iommus.requester(endpoint.number()), fault.privileged(), fault.execute(),
                fault.pasid() != 0, reason.code(), fault.pasid(), request.type(), request != Request.PAGE && !fault.write(),
                request == Request.PAGE);
        event(found);
        turn.emit(Kind.IO_PAGE_FAULT, () -> new Event.IoPageFault(name(), endpoint.name(), fault.pasid(), fault.addr(),
                found.reason(), found.log(format)));
    }
}
