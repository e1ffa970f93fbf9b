package dev.shootdown.iommu.amd;

import dev.shootdown.iommu.Answer;
import dev.shootdown.iommu.Endpoint;
import dev.shootdown.iommu.Fault;
import dev.shootdown.iommu.Geometry;
import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.iommu.LogFormat;
import dev.shootdown.iommu.PageRequest;
import dev.shootdown.iommu.Report;
import dev.shootdown.iommu.Ring;
import dev.shootdown.iommu.SecondStage;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import java.util.List;
import java.util.Locale;

/**
 * What of AMD's IOMMU deals with what devices send: the device table that it is held against, the page-request log, the event
 * log. The command ring is {@link AmdIommu}'s.
 */
abstract sealed class DeviceRequests extends Iommu permits AmdIommu {
    /** The domain of all devices behind one IOMMU, within which PASIDs tell processes apart; or of the machine's first device. */
    public static final int DOMAIN = 1;

    /** Entries of 16 bytes in all rings; Linux keeps more than 0x20 bytes of the command ring free. */
    private static final Geometry GEOMETRY =
            new Geometry(Geometry.Shape.of(2, 3), Geometry.Shape.of(2, 1), Geometry.Shape.of(2, 1));

    private final DeviceTable devices;
    private final LogFormat format;
    private final boolean restarts;
    private final boolean checksPpr;
    private final boolean domains;

    DeviceRequests(Iommus iommus, String name, IommuOptions options) {
        super(iommus, name, options, GEOMETRY);
        this.devices = new DeviceTable(iommus.engine().world(), name, iommus.frames(), iommus.levels(), secondStage());
        this.format = options.era().format();
        this.restarts = options.era().restarts();
        this.checksPpr = options.era().checksPpr();
        this.domains = options.era().domains();
    }

    final DeviceTable devices() {
        return devices;
    }

    /** In which form what was logged is printed. */
    final LogFormat format() {
        return format;
    }

    // ---------------------------------------------------------------- domains

    /** The domain of what is translated for a device: its own, from 6.10 on. */
    final int domain(Endpoint endpoint) {
        return domains ? DOMAIN + endpoint.number() : DOMAIN;
    }

    /** The domains that there are. */
    final List<Integer> domains() {
        return domains && !endpoints().isEmpty() ? endpoints().stream().map(this::domain).toList() : List.of(DOMAIN);
    }

    /** Whose a domain is; null where it is not one device's. */
    final Endpoint owner(int domain) {
        return domains ? endpoints().stream().filter(endpoint -> domain(endpoint) == domain).findFirst().orElse(null) : null;
    }

    @Override
    public int tag(Endpoint endpoint, int pasid) {
        return domains ? tag(endpoint.number(), pasid) : pasid;
    }

    // ---------------------------------------------------------------- tables

    /** The physical address of the device table, as in the register at 0x00. */
    public long deviceTable() {
        return devices.address();
    }

    /** Software writes that register: the table's own address, or one that is in no memory. */
    public void deviceTable(long address) {
        devices.address(address);
    }

    @Override
    protected void attached(Endpoint endpoint) {
        devices.attach(endpoint, domain(endpoint));
    }

    @Override
    protected long root(Endpoint endpoint, int pasid) {
        return devices.root(endpoint, pasid);
    }

    @Override
    protected void writeTable(Endpoint endpoint, int pasid, long root) {
        devices.root(endpoint, pasid, root);
    }

    @Override
    protected SecondStage.Format secondStageFormat() {
        return new HostPageTable();
    }

    // ---------------------------------------------------------------- logs

    @Override
    protected Ring.Slot entry(PageRequest request) {
        return record(request);
    }

    static PprEntry record(PageRequest request) {
        return new PprEntry(Iommus.requester(request.device()), request.pasid(), tag(request),
                PprEntry.flags(request.access(), request.pasid()), request.addr());
    }

    @Override
    public List<Step> unfit(PageRequest request) {
        return checksPpr && request.pasid() == 0 && request.device() >= 0 ? List.of(new InvalidPpr(number(), request)) : List.of();
    }

    private static int tag(PageRequest request) {
        return request.group() & PprEntry.INDEX | (request.last() ? PprEntry.LAST : 0);
    }

    @Override
    protected PageRequest request(Ring.Slot words) {
        PprEntry entry = PprEntry.decode(words.word(0), words.word(1));
        Endpoint endpoint = behind(entry.device());
        return new PageRequest(endpoint == null ? -1 : endpoint.number(), entry.pasid(), entry.address(),
                entry.tag() & PprEntry.INDEX, (entry.tag() & PprEntry.LAST) != 0, entry.access());
    }

    /** Neither amd_iommu_v2.c: ppr_notifier nor amd/ppr.c looks for one: it is served, and answered. */
    @Override
    public boolean dropsStopMarkers() {
        return false;
    }

    /** A request that the device-table entry does not allow is logged as such; the answer, which nobody has told, is PCIe's for that. */
    @Override
    public int request(Turn turn, PageRequest request) {
        Endpoint endpoint = iommus().endpoint(request.device());
        if (devices.mayRequest(endpoint)) {
            return super.request(turn, request);
        }
        int flags = PprEntry.flags(request.access(), request.pasid());
        AmdEvent event = new AmdEvent(AmdEvent.INVALID_PPR_REQUEST, Iommus.requester(endpoint.number()), request.pasid(), flags, request.addr(),
                tag(request));
        event(event);
        turn.then(new Report(number(), event.log(format)));
        return request.last() ? PageRequest.INVALID : PageRequest.NONE;
    }

    /** amd_iommu_restart_ppr_log: what newer drivers do about an overflow; those before leave the log as it is. */
    @Override
    public void emptied(Turn turn) {
        if (restarts) {
            requestLog().restart();
        }
    }

    // ---------------------------------------------------------------- faults

    /** dump_dte_entry: the device-table entry as software sees it. */
    private String entryDump(Endpoint endpoint) {
        StringBuilder dump = new StringBuilder();
        for (int i = 0; i < DeviceTableEntry.WORDS; i++) {
            dump.append(String.format(Locale.ROOT, "\nAMD-Vi: DTE[%d]: %016x", i, devices.word(endpoint, i)));
        }
        return dump.toString();
    }

    @Override
    protected boolean reserved(long entry, int level) {
        return reservedInCpuTables(entry, level);
    }

    @Override
    protected Answer answer(Fault fault) {
        return switch (fault.why()) {
            case TABLES -> fault.code() == 0 ? Answer.EMPTY : TableFault.of(fault.code()).answer();
            case ACCESS, SECOND_STAGE_ACCESS -> Answer.ABORT;
            case ADDRESS, NOT_PRESENT, RESERVED, SUPERVISOR, PERMISSION, SECOND_STAGE, SECOND_STAGE_PERMISSION, SECOND_STAGE_UPDATE,
                    SECOND_STAGE_RESERVED -> Answer.EMPTY;
        };
    }

    @Override
    protected void logFault(Turn turn, Endpoint endpoint, Fault fault) {
        AmdEvent event = event(endpoint, fault);
        if (event.code() == AmdEvent.IO_PAGE_FAULT && devices.quiet(endpoint)) {
            return;
        }
        event(event);
        long addr = fault.secondStage() ? fault.at() : fault.addr();
        boolean dumps = event.code() == AmdEvent.ILLEGAL_DEV_TABLE_ENTRY;
        turn.emit(Kind.IO_PAGE_FAULT, () -> new Event.IoPageFault(name(), endpoint.name(), fault.pasid(), addr, event.flags(),
                event.log(format) + (dumps ? entryDump(endpoint) : "")));
    }

    /** What is logged of a fault. One of host translation has the guest-physical address, and the domain where a PASID stands. */
    private AmdEvent event(Endpoint endpoint, Fault fault) {
        int requester = Iommus.requester(endpoint.number());
        int access = (fault.write() ? AmdEvent.RW : 0) | (fault.execute() ? AmdEvent.NX : 0) | (endpoint.ats() ? AmdEvent.TR : 0);
        int guest = AmdEvent.GN | (fault.privileged() ? 0 : AmdEvent.US) | access;
        return switch (fault.why()) {
            case SECOND_STAGE -> host(endpoint, access, fault);
            case SECOND_STAGE_PERMISSION -> host(endpoint, access | AmdEvent.PR | AmdEvent.PE, fault);
            case SECOND_STAGE_UPDATE -> host(endpoint, access | AmdEvent.RW | AmdEvent.PR | AmdEvent.PE, fault);
            case SECOND_STAGE_RESERVED -> host(endpoint, access | AmdEvent.PR | AmdEvent.RZ, fault);
            case SECOND_STAGE_ACCESS -> new AmdEvent(AmdEvent.PAGE_TAB_HARDWARE_ERROR, requester, domain(endpoint), access | AmdEvent.MASTER_ABORT, fault.at());
            case TABLES -> fault.code() == 0
                    ? new AmdEvent(AmdEvent.IO_PAGE_FAULT, requester, fault.pasid(), guest, fault.addr())
                    : event(endpoint, fault, TableFault.of(fault.code()), access);
            case ACCESS -> new AmdEvent(AmdEvent.PAGE_TAB_HARDWARE_ERROR, requester, fault.pasid(),
                    AmdEvent.GN | access | AmdEvent.MASTER_ABORT, fault.at());
            case RESERVED -> new AmdEvent(AmdEvent.IO_PAGE_FAULT, requester, fault.pasid(), guest | AmdEvent.PR | AmdEvent.RZ, fault.addr());
            case SUPERVISOR, PERMISSION ->
                    new AmdEvent(AmdEvent.IO_PAGE_FAULT, requester, fault.pasid(), guest | AmdEvent.PR | AmdEvent.PE, fault.addr());
            case ADDRESS, NOT_PRESENT -> new AmdEvent(AmdEvent.IO_PAGE_FAULT, requester, fault.pasid(), guest, fault.addr());
        };
    }

    private AmdEvent host(Endpoint endpoint, int flags, Fault fault) {
        return new AmdEvent(AmdEvent.IO_PAGE_FAULT, Iommus.requester(endpoint.number()), domain(endpoint), flags, fault.at());
    }

    private AmdEvent event(Endpoint endpoint, Fault fault, TableFault wrong, int access) {
        boolean host = wrong == TableFault.NO_PERMISSION || wrong == TableFault.HOST;
        long address = switch (wrong) {
            case NO_DEVICE_TABLE -> devices.place(endpoint);
            case NO_MEMORY, HOST -> devices.gcr3Entry(endpoint, fault.pasid());
            case NOT_VALID, RESERVED, NO_ATS, NO_PERMISSION -> fault.addr();
        };
        return new AmdEvent(wrong.event(), Iommus.requester(endpoint.number()), host ? domain(endpoint) : fault.pasid(),
                (host ? 0 : AmdEvent.GN) | access | wrong.flags(), address);
    }
}
