package dev.shootdown.iommu.amd;

import dev.shootdown.iommu.Answer;
import dev.shootdown.iommu.AwaitDrain;
import dev.shootdown.iommu.Command;
import dev.shootdown.iommu.Endpoint;
import dev.shootdown.iommu.Fault;
import dev.shootdown.iommu.Geometry;
import dev.shootdown.iommu.Interrupts;
import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.iommu.LogFormat;
import dev.shootdown.iommu.PageRequest;
import dev.shootdown.iommu.PageSpan;
import dev.shootdown.iommu.Report;
import dev.shootdown.iommu.Ring;
import dev.shootdown.iommu.SecondStage;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * AMD's IOMMU. It obeys commands in order: an IOTLB invalidation is finished before the next command begins, while
 * ATC invalidations are left behind until a COMPLETION_WAIT waits for them.
 */
public final class AmdIommu extends Iommu {
    /** The domain of all devices behind one IOMMU: within it PASIDs tell processes apart. */
    public static final int DOMAIN = 1;

    /** PCIe: an Invalidate Queue Depth of 0 means 32. */
    private static final int QUEUE_DEPTH = 32;
    /** Entries of 16 bytes in all rings; Linux keeps more than 0x20 bytes of the command ring free. */
    private static final Geometry GEOMETRY =
            new Geometry(Geometry.Shape.of(2, 3), Geometry.Shape.of(2, 1), Geometry.Shape.of(2, 1));
    private static final long DONE = 1;

    private final DeviceTable devices;
    private final LogFormat format;
    private final boolean restarts;
    private final boolean checksPpr;

    public AmdIommu(Iommus iommus, String name, IommuOptions options) {
        super(iommus, name, options, GEOMETRY);
        this.devices = new DeviceTable(iommus.engine().world(), name, iommus.frames(), iommus.levels());
        this.format = options.era().format();
        this.restarts = options.era().restarts();
        this.checksPpr = options.era().checksPpr();
    }

    // ---------------------------------------------------------------- tables

    /** The physical address of the device table, as in the register at 0x00. */
    public long deviceTable() {
        return devices.address();
    }

    @Override
    protected void attached(Endpoint endpoint) {
        devices.attach(endpoint, DOMAIN, secondStage() == null ? 0 : secondStage().root());
    }

    @Override
    protected long root(Endpoint endpoint, int pasid) {
        return devices.root(endpoint, pasid);
    }

    @Override
    protected void writeTable(Endpoint endpoint, int pasid, long root) {
        devices.root(endpoint, pasid, root);
    }

    // ---------------------------------------------------------------- what a driver asks for

    /** {@code build_inv_iommu_pasid}: PDE always set, so that pointers to tables go too. */
    @Override
    public List<Step> flushIotlb(int pasid, long start, long end) {
        PageSpan span = PageSpan.of(start, end);
        return List.of(command(new AmdCommand.InvalidateIommuPages(pasid, DOMAIN, span, true, true)));
    }

    /** {@code build_inv_iotlb_pasid}. */
    @Override
    public List<Step> flushAtc(int device, int pasid, long start, long end) {
        if (!iommus().endpoint(device).hasAts()) {
            return List.of();
        }
        int requester = Iommus.requester(device);
        return List.of(command(new AmdCommand.InvalidateIotlbPages(requester, pasid, QUEUE_DEPTH, requester,
                PageSpan.of(start, end), true, 0)));
    }

    @Override
    protected SecondStage.Format secondStageFormat() {
        return new HostPageTable();
    }

    /** {@code amd_iommu_domain_flush_pages} of a host domain: without a PASID, devices drop what they have of any. */
    @Override
    public List<Step> flushSecondStage(long start, long end) {
        List<Step> steps = new ArrayList<>();
        steps.add(command(new AmdCommand.InvalidateIommuPages(0, DOMAIN, PageSpan.of(start, end), true, false)));
        for (Endpoint endpoint : endpoints()) {
            if (endpoint.hasAts()) {
                int requester = Iommus.requester(endpoint.number());
                steps.add(command(new AmdCommand.InvalidateIotlbPages(requester, 0, QUEUE_DEPTH, requester, PageSpan.of(start, end), false, 0)));
            }
        }
        steps.addAll(sync());
        return steps;
    }

    /** {@code build_complete_ppr}. */
    @Override
    public List<Step> respond(int device, int pasid, int group, int code) {
        return List.of(command(new AmdCommand.CompletePprRequest(Iommus.requester(device), pasid, pasid != 0, group, code)));
    }

    /** {@code build_inv_dte}: has the hardware read a device's entry anew. */
    public List<Step> flushDevice(int device) {
        return List.of(command(new AmdCommand.InvalidateDevtabEntry(Iommus.requester(device))));
    }

    /** {@code build_completion_wait}. */
    @Override
    protected Command completion(long address) {
        return new AmdCommand.CompletionWait(true, false, false, address, DONE);
    }

    // ---------------------------------------------------------------- commands

    @Override
    protected void execute(Turn turn) {
        AmdCommand command = AmdCommand.decode(commands().word(0), commands().word(1));
        if (command instanceof AmdCommand.Illegal) {
            illegal(turn);
            return;
        }
        commands().pop();
        switch (command) {
            case AmdCommand.CompletionWait wait -> complete(turn, wait);
            case AmdCommand.InvalidateDevtabEntry entry -> forget(entry.device());
            case AmdCommand.InvalidateIommuPages pages -> invalidate(turn, pages);
            case AmdCommand.InvalidateIotlbPages pages -> invalidate(turn, pages);
            case AmdCommand.InvalidateInterruptTable table -> forget(table.device());
            case AmdCommand.PrefetchIommuPages hint -> { }
            case AmdCommand.CompletePprRequest response -> answer(turn, response);
            case AmdCommand.InvalidateIommuAll all -> invalidateAll(turn);
            case AmdCommand.Illegal none -> throw new IllegalStateException("an illegal command was obeyed");
        }
    }

    private void complete(Turn turn, AmdCommand.CompletionWait wait) {
        Endpoint silent = unanswered();
        if (silent != null) {
            timeout(turn, silent);
            turn.then(new Complete(number(), wait));
        } else if (caches().atcDraining()) {
            turn.then(new Complete(number(), wait));
        } else {
            completed(turn, wait);
        }
    }

    /** InvTimeout: a device that does not complete is given up, and the wait for it goes on. */
    private void timeout(Turn turn, Endpoint silent) {
        int requester = Iommus.requester(silent.number());
        AmdEvent event = new AmdEvent(AmdEvent.IOTLB_INV_TIMEOUT, requester, 0, 0, timedOut(silent));
        event(event);
        turn.emit(Kind.IO_PAGE_FAULT,
                () -> new Event.IoPageFault(name(), silent.name(), null, event.address(), 0, event.log(format)));
    }

    @Override
    protected void overdue(Turn turn, Endpoint endpoint) {
        timeout(turn, endpoint);
    }

    void completed(Turn turn, AmdCommand.CompletionWait wait) {
        if (wait.interrupt()) {
            raise(Interrupts.Cause.COMPLETION);
        }
        if (wait.store()) {
            complete(turn, wait.address(), wait.data());
        }
    }

    private void forget(int requester) {
        Endpoint endpoint = behind(requester);
        if (endpoint != null) {
            devices.drop(endpoint);
        }
    }

    /** GN=0 is about host translations, and what came of them; where there are none such a command drops nothing. */
    private void invalidate(Turn turn, AmdCommand.InvalidateIommuPages pages) {
        if (!pages.guest() && secondStage() != null && pages.domain() == DOMAIN) {
            invalidateSecondStage(turn, pages.span().start(), pages.span().end());
            awaitDrain(turn);
        } else if (pages.guest() && pages.domain() == DOMAIN) {
            invalidateIotlb(turn, pages.pasid(), pages.span().start(), pages.span().end(), pages.pde());
            awaitDrain(turn);
        }
    }

    private void invalidate(Turn turn, AmdCommand.InvalidateIotlbPages pages) {
        Endpoint endpoint = behind(pages.device());
        if (endpoint != null && endpoint.ats()) {
            PageSpan span = pages.span();
            if (pages.guest()) {
                invalidateAtc(turn, endpoint, pages.pasid(), span.start(), span.end());
            } else {
                invalidateAtcWithoutPasid(turn, endpoint, span.start(), span.end());
            }
        }
    }

    private void invalidateAll(Turn turn) {
        endpoints().forEach(devices::drop);
        if (secondStage() != null) {
            secondStage().dropAll();
        }
        invalidateIotlb(turn);
        awaitDrain(turn);
    }

    /** The next command waits for the walks that the last one marked, if there are any. */
    private void awaitDrain(Turn turn) {
        if (caches().iotlbDraining()) {
            turn.then(new AwaitDrain(number()));
        }
    }

    private void answer(Turn turn, AmdCommand.CompletePprRequest response) {
        Endpoint endpoint = behind(response.device());
        if (endpoint != null) {
            endpoint.respond(turn, response.group(), response.code());
        }
    }

    /** The command stays where it is, and nothing behind it is fetched. */
    private void illegal(Turn turn) {
        stop();
        AmdEvent event = new AmdEvent(AmdEvent.ILLEGAL_COMMAND_ERROR, 0, 0, 0, commands().headAddress());
        event(event);
        turn.emit(Kind.IO_PAGE_FAULT,
                () -> new Event.IoPageFault(name(), null, null, event.address(), 0, event.log(format) + commandDump()));
    }

    /** dump_command: the four halves of what it stopped at. */
    private String commandDump() {
        StringBuilder dump = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            dump.append(String.format(Locale.ROOT, "\nAMD-Vi: CMD[%d]: %08x", i, (int) (commands().word(i / 2) >>> i % 2 * Integer.SIZE)));
        }
        return dump.toString();
    }

    /** dump_dte_entry: the device-table entry as software sees it. */
    private String entryDump(Endpoint endpoint) {
        StringBuilder dump = new StringBuilder();
        for (int i = 0; i < DeviceTableEntry.WORDS; i++) {
            dump.append(String.format(Locale.ROOT, "\nAMD-Vi: DTE[%d]: %016x", i, devices.word(endpoint, i)));
        }
        return dump.toString();
    }

    /** wait_on_sem: who waits for a ring that has stopped gives up after 100,000 looks, and goes on as if all were done. */
    @Override
    protected boolean attends() {
        return true;
    }

    @Override
    protected boolean attend(Turn turn) {
        report(turn, "AMD-Vi: Completion-Wait loop timed out");
        return false;
    }

    /** iommu_queue_command_sync: so does who waits for room in it; the command is lost. */
    @Override
    protected boolean givesUp() {
        return true;
    }

    @Override
    protected void overrun(Turn turn) {
        report(turn, "AMD-Vi: Command buffer timeout");
    }

    private void report(Turn turn, String line) {
        turn.emit(Kind.IO_PAGE_FAULT, () -> new Event.IoPageFault(name(), null, null, 0, 0, line));
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

    @Override
    protected boolean reserved(long entry, int level) {
        return reservedInCpuTables(entry, level);
    }

    @Override
    protected Answer answer(Fault fault) {
        return switch (fault.why()) {
            case TABLES -> fault.code() == 0 ? Answer.EMPTY : TableFault.of(fault.code()).answer();
            case ACCESS -> Answer.ABORT;
            case ADDRESS, NOT_PRESENT, RESERVED, SUPERVISOR, PERMISSION, SECOND_STAGE -> Answer.EMPTY;
        };
    }

    @Override
    protected void logFault(Turn turn, Endpoint endpoint, Fault fault) {
        AmdEvent event = event(endpoint, fault);
        if (event.code() == AmdEvent.IO_PAGE_FAULT && devices.quiet(endpoint)) {
            return;
        }
        event(event);
        long addr = fault.why() == Fault.Why.SECOND_STAGE ? fault.at() : fault.addr();
        boolean dumps = event.code() == AmdEvent.ILLEGAL_DEV_TABLE_ENTRY;
        turn.emit(Kind.IO_PAGE_FAULT, () -> new Event.IoPageFault(name(), endpoint.name(), fault.pasid(), addr, event.flags(),
                event.log(format) + (dumps ? entryDump(endpoint) : "")));
    }

    /** What is logged of a fault. One of host translation has the guest-physical address, and the domain where a PASID stands. */
    private AmdEvent event(Endpoint endpoint, Fault fault) {
        int requester = Iommus.requester(endpoint.number());
        int access = (fault.write() ? AmdEvent.RW : 0) | (endpoint.ats() ? AmdEvent.TR : 0);
        int guest = AmdEvent.GN | AmdEvent.US | access;
        return switch (fault.why()) {
            case SECOND_STAGE -> new AmdEvent(AmdEvent.IO_PAGE_FAULT, requester, DOMAIN, access, fault.at());
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

    private AmdEvent event(Endpoint endpoint, Fault fault, TableFault wrong, int access) {
        boolean host = wrong == TableFault.NO_PERMISSION;
        long address = wrong == TableFault.NO_MEMORY ? devices.gcr3Entry(endpoint, fault.pasid()) : fault.addr();
        return new AmdEvent(wrong.event(), Iommus.requester(endpoint.number()), host ? DOMAIN : fault.pasid(),
                (host ? 0 : AmdEvent.GN) | access | wrong.flags(), address);
    }
}
