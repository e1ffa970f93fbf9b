package dev.shootdown.iommu.amd;

import dev.shootdown.iommu.AwaitDrain;
import dev.shootdown.iommu.Command;
import dev.shootdown.iommu.Endpoint;
import dev.shootdown.iommu.Interrupts;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.iommu.PageSpan;
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
public final class AmdIommu extends DeviceRequests {
    /** PCIe: an Invalidate Queue Depth of 0 means 32. */
    private static final int QUEUE_DEPTH = 32;
    private static final long DONE = 1;

    public AmdIommu(Iommus iommus, String name, IommuOptions options) {
        super(iommus, name, options);
    }

    // ---------------------------------------------------------------- what a driver asks for

    /** {@code build_inv_iommu_pasid}: PDE always set, so that pointers to tables go too. */
    @Override
    public List<Step> flushIotlb(int pasid, long start, long end) {
        PageSpan span = PageSpan.of(start, end);
        return domains().stream().map(domain -> command(new AmdCommand.InvalidateIommuPages(pasid, domain, span, true, true))).toList();
    }

    /** {@code amd_iommu_dev_flush_pasid_pages}: in the device's own domain. */
    @Override
    public List<Step> flushIotlb(int device, int pasid, long start, long end) {
        int domain = domain(iommus().endpoint(device));
        return List.of(command(new AmdCommand.InvalidateIommuPages(pasid, domain, PageSpan.of(start, end), true, true)));
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

    /** {@code amd_iommu_domain_flush_pages} of a host domain: without a PASID, devices drop what they have of any. */
    @Override
    public List<Step> flushSecondStage(long start, long end) {
        List<Step> steps = new ArrayList<>();
        for (int domain : domains()) {
            steps.add(command(new AmdCommand.InvalidateIommuPages(0, domain, PageSpan.of(start, end), true, false)));
        }
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
        if (!commands().inMemory()) {
            unreadable(turn);
            return;
        }
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
                () -> new Event.IoPageFault(name(), silent.name(), null, event.address(), 0, event.log(format())));
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
            devices().drop(endpoint);
        }
    }

    /** GN=0 is about host translations, and what came of them; where there are none such a command drops nothing. */
    private void invalidate(Turn turn, AmdCommand.InvalidateIommuPages pages) {
        if (!domains().contains(pages.domain())) {
            return;
        }
        if (!pages.guest() && secondStage() != null) {
            invalidateSecondStage(turn, pages.span().start(), pages.span().end());
            awaitDrain(turn);
        } else if (pages.guest()) {
            invalidateIotlb(turn, pages.pasid(), owner(pages.domain()), pages.span().start(), pages.span().end(), pages.pde());
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
        endpoints().forEach(devices()::drop);
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
        stopped(turn, new AmdEvent(AmdEvent.ILLEGAL_COMMAND_ERROR, 0, 0, 0, commands().headAddress()), commandDump());
    }

    /** The ring is where its base register says, and that is in no memory. */
    private void unreadable(Turn turn) {
        stopped(turn, new AmdEvent(AmdEvent.COMMAND_HARDWARE_ERROR, 0, 0, AmdEvent.MASTER_ABORT, commands().headAddress()), "");
    }

    private void stopped(Turn turn, AmdEvent event, String dump) {
        stop();
        event(event);
        turn.emit(Kind.IO_PAGE_FAULT,
                () -> new Event.IoPageFault(name(), null, null, event.address(), event.flags(), event.log(format()) + dump));
    }

    /** dump_command: the four halves of what it stopped at. */
    private String commandDump() {
        StringBuilder dump = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            dump.append(String.format(Locale.ROOT, "\nAMD-Vi: CMD[%d]: %08x", i, (int) (commands().word(i / 2) >>> i % 2 * Integer.SIZE)));
        }
        return dump.toString();
    }

    /**
     * Software has mended what the ring stopped at: the head stays, and commands are fetched again. Linux's driver never does so
     * (iommu_print_event prints, and nothing more).
     */
    public void resume() {
        restart();
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
}
