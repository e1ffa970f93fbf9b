package dev.shootdown.iommu.riscv;

import dev.shootdown.iommu.Answer;
import dev.shootdown.iommu.Endpoint;
import dev.shootdown.iommu.Fault;
import dev.shootdown.iommu.Geometry;
import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.iommu.PageRequest;
import dev.shootdown.iommu.Ring;
import dev.shootdown.iommu.SecondStage;
import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Cell;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import java.util.List;

/**
 * What of a RISC-V IOMMU deals with transactions that come in from devices: the contexts that they are held against, what
 * they are answered, the fault queue and the page-request queue. The command queue is {@link RiscvIommu}'s.
 */
abstract sealed class InboundTransactions extends Iommu permits RiscvIommu {
    /** The PCIe message code of a page request, as the fault queue has it. */
    static final int PAGE_REQUEST_MESSAGE = 0x04;
    /** iotval2, bit 0: the guest-physical address is one of a table of the first stage. */
    private static final long IMPLICIT = 1;
    /** iotval2, bit 1: A or D was to be set there. */
    private static final long IMPLICIT_WRITE = 2;

    /** A queue is full when its tail stands one behind its head. */
    private static final Geometry GEOMETRY =
            new Geometry(Geometry.Shape.of(2, 1), Geometry.Shape.of(PageRequestRecord.WORDS, 1), Geometry.Shape.of(FaultRecord.WORDS, 1));

    private final Contexts contexts;
    /** pqcsr.pqen, the other way round. */
    private final Cell requestsOff;

    InboundTransactions(Iommus iommus, String name, IommuOptions options, Capabilities capabilities) {
        super(iommus, name, options.automatic(true), GEOMETRY);
        World world = iommus.engine().world();
        this.contexts = new Contexts(world, name, iommus, capabilities, secondStage());
        this.requestsOff = world.cell(name + ".requests.off");
    }

    @Override
    protected SecondStage.Format secondStageFormat() {
        return new SecondStageEntry();
    }

    final Contexts contexts() {
        return contexts;
    }

    // ---------------------------------------------------------------- registers

    /** ddtp.iommu_mode: {@link Capabilities#OFF}, {@link Capabilities#BARE}, or {@link Capabilities#mode}. */
    public void mode(int mode) {
        contexts.devices().mode(mode);
    }

    /** pqcsr.pqen: whether page requests are queued. */
    public void requests(boolean on) {
        requestsOff.set(on ? 0 : 1);
    }

    /** The physical address of the device directory, as in ddtp. */
    public long deviceDirectory() {
        return contexts.devices().address();
    }

    /** Software writes ddtp.PPN: the directory's own address, or one that is in no memory. */
    public void deviceDirectory(long address) {
        contexts.devices().address(address);
    }

    // ---------------------------------------------------------------- tables

    /** The physical address of a device's context. */
    public long deviceContext(Endpoint endpoint) {
        return contexts.devices().address(endpoint);
    }

    /** The physical address of a process context, in the directory that the driver has made for the device. */
    public long processContext(Endpoint endpoint, int pasid) {
        return contexts.processes().address(endpoint, pasid);
    }

    @Override
    protected void attached(Endpoint endpoint) {
        contexts.attach(endpoint);
    }

    @Override
    protected void writeTable(Endpoint endpoint, int pasid, long root) {
        contexts.write(endpoint, pasid, root);
    }

    @Override
    protected long rootBorn(Endpoint endpoint, int pasid) {
        return contexts.processes().born(endpoint, pasid);
    }

    /** Contexts are located for each access, before any translation that was kept is looked at. */
    @Override
    protected long configured(Endpoint endpoint, int pasid) {
        return root(endpoint, pasid);
    }

    @Override
    protected long root(Endpoint endpoint, int pasid) {
        return contexts.root(endpoint, pasid, super.rootBorn(endpoint, pasid));
    }

    // ---------------------------------------------------------------- page requests

    @Override
    protected Ring.Slot entry(PageRequest request) {
        return PageRequestRecord.of(request, Iommus.requester(request.device()));
    }

    @Override
    protected PageRequest request(Ring.Slot words) {
        PageRequestRecord record = PageRequestRecord.decode(words);
        Endpoint endpoint = behind(record.did());
        return record.request(endpoint == null ? -1 : endpoint.number());
    }

    /** What cannot be queued is answered here, if it is the last of its group and no stop marker. */
    @Override
    public int request(Turn turn, PageRequest request) {
        Cause cause = contexts.withoutRequests(iommus().endpoint(request.device()));
        int code;
        if (cause != null) {
            boolean privileged = (request.access() & Translation.PRIVILEGED) != 0;
            turn.then(new LogRecord(number(), request.device(), request.pasid(), privileged, cause.code(), FaultRecord.MESSAGE, PAGE_REQUEST_MESSAGE));
            code = cause.answer();
        } else {
            code = requestsOff.get() != 0 ? PageRequest.FAILURE : super.request(turn, request);
            code = requestLog().aborted() ? PageRequest.FAILURE : code;
        }
        return request.last() && request.access() != 0 ? code : PageRequest.NONE;
    }

    /** Linux has no page requests here either: the queue is taken up again when it has been read empty, as by its others. */
    @Override
    public void emptied(Turn turn) {
        if (requestLog().overflowed() || requestLog().aborted()) {
            String line = QueueError.REQUESTS.log(requestLog());
            requestLog().restart();
            turn.emit(Kind.IO_PAGE_FAULT, () -> new Event.IoPageFault(name(), null, null, requests().base(), 0, line));
        }
    }

    // ---------------------------------------------------------------- faults

    /** A large page that does not begin where it is aligned is a page fault (privileged architecture, misaligned superpages). */
    @Override
    protected boolean reserved(long entry, int level) {
        return reservedInCpuTables(entry, level);
    }

    /** Of an access with a translated address the device's context is looked at all the same. */
    @Override
    public boolean forbids(Endpoint endpoint, int pasid) {
        return contexts.withoutAts(endpoint) != null;
    }

    @Override
    public List<Step> forbidden(Endpoint endpoint, int pasid, long addr, int access) {
        boolean write = (access & Translation.WRITE) != 0;
        int reads = (access & Translation.EXECUTE) != 0 ? FaultRecord.TRANSLATED_EXECUTE : FaultRecord.TRANSLATED_READ;
        int ttyp = write ? FaultRecord.TRANSLATED_WRITE : reads;
        boolean privileged = (access & Translation.PRIVILEGED) != 0;
        return List.of(new LogRecord(number(), endpoint.number(), pasid, privileged, contexts.withoutAts(endpoint).code(), ttyp, addr));
    }

    /** PC.ta.ENS: whether a process's supervisor may ask at all (2.3, process to translate an IOVA). */
    @Override
    protected int disallowed(Endpoint endpoint, int pasid, int access) {
        boolean supervisor = (access & Translation.PRIVILEGED) != 0 && contexts.devices().leadsToProcesses(endpoint, pasid);
        return supervisor && !contexts.processes().context(endpoint, pasid).supervisor() ? Cause.TRANSACTION_TYPE_DISALLOWED.code() : 0;
    }

    /** PC.ta.SUM: whether it may reach users' pages, which it never executes (privileged architecture 10.3.1: U). */
    @Override
    protected int supervisorOnUserPage(Endpoint endpoint, int pasid) {
        return contexts.processes().context(endpoint, pasid).sum() ? ~Translation.EXECUTE : 0;
    }

    @Override
    protected Answer answer(Fault fault) {
        return switch (Cause.of(fault).reply()) {
            case SUCCESS -> Answer.EMPTY;
            case COMPLETER_ABORT -> Answer.ABORT;
            case UNSUPPORTED_REQUEST -> Answer.UNSUPPORTED;
        };
    }

    @Override
    protected void logFault(Turn turn, Endpoint endpoint, Fault fault) {
        int ttyp = endpoint.ats() ? FaultRecord.TRANSLATION_REQUEST
                : fault.write() ? FaultRecord.UNTRANSLATED_WRITE : fault.execute() ? FaultRecord.UNTRANSLATED_EXECUTE : FaultRecord.UNTRANSLATED_READ;
        log(turn, endpoint, FaultRecord.of(Cause.of(fault), fault.pasid(), fault.privileged(), ttyp, endpoint, fault.addr(), guest(endpoint, fault)));
    }

    /** iotval2 of a guest page fault: the guest-physical address, and what for, where the device has not asked for it itself. */
    private long guest(Endpoint endpoint, Fault fault) {
        Cause cause = Cause.of(fault);
        if (cause != Cause.INSTRUCTION_GUEST_PAGE_FAULT && cause != Cause.READ_GUEST_PAGE_FAULT && cause != Cause.WRITE_GUEST_PAGE_FAULT) {
            return 0;
        }
        if (fault.why() == Fault.Why.TABLES) {
            return contexts.unreadable(endpoint, fault.pasid()) & -4 | IMPLICIT;
        }
        long writes = fault.why() == Fault.Why.SECOND_STAGE_UPDATE ? IMPLICIT_WRITE : 0;
        return fault.at() & -4 | (fault.code() == 0 ? 0 : IMPLICIT) | writes;
    }

    /** A record that finds no room is dropped, with all behind it, and what the kernel prints is that. */
    void log(Turn turn, Endpoint endpoint, FaultRecord record) {
        if (!Cause.of(record.cause()).always() && contexts.devices().context(endpoint).silent()) {
            return;
        }
        String line = event(record) ? record.log() : QueueError.FAULTS.log(eventLog());
        turn.emit(Kind.IO_PAGE_FAULT,
                () -> new Event.IoPageFault(name(), endpoint.name(), record.pid(), record.iotval(), record.ttyp(), line));
    }
}
