package dev.shootdown.iommu.riscv;

import dev.shootdown.iommu.Caches;
import dev.shootdown.iommu.Command;
import dev.shootdown.iommu.Endpoint;
import dev.shootdown.iommu.Interrupts;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.iommu.PageSpan;
import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cell;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * The RISC-V IOMMU. It fetches commands in order and may carry them out in another one; only IOFENCE.C, at which the
 * head of the queue stays until all before it are done, keeps two of them apart. So an invalidation of the IOMMU and one
 * of a device need a fence between them, or a device may fill its ATC from what the IOMMU has still to drop.
 *
 * <p>Page tables are the processes' own, which in this model are x86-64's whoever walks them: a process context says
 * Sv48 or Sv57 by the number of their levels, and its entries are read, and their A and D bits set, as x86-64 has them.
 * Without a second stage no command with GV matches anything; with one, none without.
 */
public final class RiscvIommu extends InboundTransactions {
    /** The range from which on Linux drops an address space whole: RISCV_IOMMU_IOTLB_INVAL_LIMIT. */
    public static final long LIMIT = 2L << 20;

    private static final int DONE = 1;
    private static final long WORD = 0xffff_ffffL;

    private final Capabilities capabilities;
    private final CommandStatus status;
    private final HeldCommand held;
    private final Fences fences;
    /** An invalidation went to a device that there is not. */
    private final Cell lost;

    public RiscvIommu(Iommus iommus, String name, IommuOptions options) {
        this(iommus, name, options, Capabilities.DEFAULT);
    }

    public RiscvIommu(Iommus iommus, String name, IommuOptions options, Capabilities capabilities) {
        super(iommus, name, options, capabilities.secondStage(options.nested()));
        World world = iommus.engine().world();
        this.capabilities = capabilities.secondStage(options.nested());
        this.status = new CommandStatus(world, name);
        this.held = new HeldCommand(world, name);
        this.fences = new Fences(channels());
        this.lost = world.cell(name + ".lost_invalidation");
    }

    public Capabilities capabilities() {
        return capabilities;
    }

    // ---------------------------------------------------------------- registers

    /** The bits 11:8 of cqcsr: cqmf, cmd_to, cmd_ill, fence_w_ip. */
    public int cqcsr() {
        return status.bits();
    }

    /** Software writes to cqcsr: bits of {@link #cqcsr} that are 1 are cleared. Without errors commands are fetched again. */
    public void cqcsr(int written) {
        status.clear(written);
        if (!status.has(CommandStatus.ERRORS)) {
            restart();
        }
    }

    /** The bits of ipsr: 0 cip, 1 fip, 3 pip. */
    public int ipsr() {
        boolean commands = interrupts().pending(Interrupts.Cause.COMMAND_ERROR) || interrupts().pending(Interrupts.Cause.COMPLETION);
        return (int) (Bits.bit(commands, 0) | Bits.bit(interrupts().pending(Interrupts.Cause.EVENT), 1)
                | Bits.bit(interrupts().pending(Interrupts.Cause.PAGE_REQUEST), 3));
    }

    // ---------------------------------------------------------------- what a driver asks for

    /**
     * As Linux does ({@code riscv_iommu_iotlb_inval}): a page at a time, or the whole address space from 2 MiB on; with
     * pointers to tables, since tables may be among what is freed. Without NL that takes the whole address space, and
     * with S one command is enough for a range.
     */
    @Override
    public List<Step> flushIotlb(int pasid, long start, long end) {
        boolean whole = end == Caches.EVERYTHING || end - start >= LIMIT || !capabilities.nonLeaf();
        if (whole) {
            return List.of(vma(RiscvCommand.IotinvalVma.space(pasid)));
        }
        List<Step> steps = new ArrayList<>();
        for (PageSpan span : spans(start, end)) {
            steps.add(vma(RiscvCommand.IotinvalVma.range(pasid, true, span)));
        }
        return steps;
    }

    /** About the host's translations, or the virtual machine's where there is one. */
    private Step vma(RiscvCommand.IotinvalVma invalidation) {
        return command(secondStage() == null ? invalidation : invalidation.guest(Contexts.GSCID));
    }

    /** One for the range, or one for each page. */
    private List<PageSpan> spans(long start, long end) {
        if (capabilities.ranges()) {
            return List.of(PageSpan.of(start, end));
        }
        List<PageSpan> spans = new ArrayList<>();
        for (long page = start & -Frames.PAGE_SIZE; page < end; page += Frames.PAGE_SIZE) {
            spans.add(new PageSpan(page, false));
        }
        return spans;
    }

    /** What a hypervisor would have to send, Linux having none for this IOMMU: guest-physical pages, or from 2 MiB on all of them. */
    @Override
    public List<Step> flushSecondStage(long start, long end) {
        List<Step> steps = new ArrayList<>();
        if (end == Caches.EVERYTHING || end - start >= LIMIT) {
            steps.add(command(RiscvCommand.IotinvalGvma.of(Contexts.GSCID, null)));
        } else {
            spans(start, end).forEach(span -> steps.add(command(RiscvCommand.IotinvalGvma.of(Contexts.GSCID, span))));
        }
        steps.addAll(sync());
        for (Endpoint endpoint : endpoints()) {
            if (endpoint.hasAts()) {
                steps.add(command(new RiscvCommand.AtsInval(0, false, false, Iommus.requester(endpoint.number()), 0, false, PageSpan.EVERYTHING)));
            }
        }
        steps.addAll(sync());
        return steps;
    }

    /** Linux has no ATS here: one aligned power of two of pages, as its other drivers ask for. */
    @Override
    public List<Step> flushAtc(int device, int pasid, long start, long end) {
        if (!iommus().endpoint(device).hasAts()) {
            return List.of();
        }
        return List.of(command(
                new RiscvCommand.AtsInval(pasid, pasid != 0, false, Iommus.requester(device), 0, false, PageSpan.of(start, end))));
    }

    @Override
    public List<Step> respond(int device, int pasid, int group, int code) {
        return List.of(command(new RiscvCommand.AtsPrgr(pasid, pasid != 0, false, Iommus.requester(device), 0, group, code)));
    }

    /** Has the hardware read a device's context anew. */
    public List<Step> flushDevice(int device) {
        return List.of(command(new RiscvCommand.IodirInvalDdt(true, Iommus.requester(device))));
    }

    /**
     * Process contexts are cached: the old one is dropped before the caller invalidates what came of it, and the fence
     * keeps that order.
     */
    @Override
    public List<Step> setTable(int device, int pasid, long root) {
        List<Step> steps = new ArrayList<>(super.setTable(device, pasid, root));
        if (!contexts().devices().wide(iommus().endpoint(device))) {
            steps.add(command(new RiscvCommand.IodirInvalPdt(pasid, Iommus.requester(device))));
            steps.add(command(new RiscvCommand.IofenceC(false, false, true, true, 0, 0)));
        }
        return steps;
    }

    /**
     * Linux looks for the queue's head to pass its fence ({@code riscv_iommu_cmd_sync}); this one has the fence store, as
     * the specification offers, which comes at the same moment.
     */
    @Override
    protected Command completion(long address) {
        return new RiscvCommand.IofenceC(true, false, true, true, DONE, address);
    }

    // ---------------------------------------------------------------- commands

    private RiscvCommand pending(int place) {
        return RiscvCommand.decode(commands().word(place, 0), commands().word(place, 1), capabilities);
    }

    /** Whether a command may change places with another: there is one, and it is neither a fence nor wrong. */
    private boolean movable(int place) {
        return switch (pending(place)) {
            case RiscvCommand.IofenceC fence -> false;
            case RiscvCommand.Illegal none -> false;
            case RiscvCommand.IotinvalVma command -> true;
            case RiscvCommand.IotinvalGvma command -> true;
            case RiscvCommand.IodirInvalDdt command -> true;
            case RiscvCommand.IodirInvalPdt command -> true;
            case RiscvCommand.AtsInval command -> true;
            case RiscvCommand.AtsPrgr command -> true;
        };
    }

    @Override
    protected boolean busy() {
        return held.busy();
    }

    /** The second way is that the command that was fetched first falls, or stays, behind the one that comes next. */
    @Override
    protected int ways() {
        boolean first = fetches() && commands().inMemory() && movable(0);
        boolean second = held.busy() || first && movable(1);
        return first && second ? 2 : 1;
    }

    @Override
    protected void execute(Turn turn) {
        boolean overtakes = turn.choice() == 1;
        if (held.busy() && !overtakes) {
            obey(turn, held.take(capabilities));
            return;
        }
        if (!commands().inMemory()) {
            error(CommandStatus.CQMF);
            return;
        }
        if (overtakes && !held.busy()) {
            held.put(pending(0));
            commands().pop();
        }
        switch (pending(0)) {
            case RiscvCommand.IofenceC fence -> fence(turn);
            case RiscvCommand.Illegal none -> error(CommandStatus.CMD_ILL);
            case RiscvCommand command -> {
                commands().pop();
                obey(turn, command);
            }
        }
    }

    private void obey(Turn turn, RiscvCommand command) {
        switch (command) {
            case RiscvCommand.IotinvalVma invalidation -> invalidate(turn, invalidation);
            case RiscvCommand.IotinvalGvma invalidation -> invalidate(turn, invalidation);
            case RiscvCommand.IodirInvalDdt invalidation -> contexts().forget(invalidation, endpoints());
            case RiscvCommand.IodirInvalPdt invalidation -> contexts().forget(invalidation, endpoints());
            case RiscvCommand.AtsInval invalidation -> invalidate(turn, invalidation);
            case RiscvCommand.AtsPrgr response -> {
                Endpoint endpoint = addressed(response.dsv(), response.dseg(), response.rid());
                if (endpoint != null) {
                    endpoint.respond(turn, response.group(), response.code());
                }
            }
            case RiscvCommand.IofenceC fence -> throw new IllegalStateException("a fence was taken out of order");
            case RiscvCommand.Illegal none -> throw new IllegalStateException("an illegal command was obeyed");
        }
    }

    /** With GV it is about a virtual machine, without about the host; what a page table calls global, no process has. */
    private void invalidate(Turn turn, RiscvCommand.IotinvalVma command) {
        boolean nested = secondStage() != null;
        if (command.gv() == nested && (!nested || command.gscid() == Contexts.GSCID)) {
            int pasid = command.pscv() ? command.pscid() : -1;
            invalidateIotlb(turn, pasid, command.start(), command.end(), !command.av() || command.nl());
        }
    }

    /** Translations that hold both stages are not found by guest-physical addresses: they go whatever the range. */
    private void invalidate(Turn turn, RiscvCommand.IotinvalGvma command) {
        if (secondStage() != null && (!command.gv() || command.gscid() == Contexts.GSCID)) {
            invalidateSecondStage(turn, command.start(), command.end());
        }
    }

    /** What is sent to nobody is never completed. */
    private void invalidate(Turn turn, RiscvCommand.AtsInval command) {
        Endpoint endpoint = addressed(command.dsv(), command.dseg(), command.rid());
        if (endpoint == null || !endpoint.ats()) {
            lost.set(1);
            return;
        }
        PageSpan span = command.span();
        if (command.pv()) {
            invalidateAtc(turn, endpoint, command.global() ? -1 : command.pid(), span.start(), span.end());
        } else {
            invalidateAtcWithoutPasid(turn, endpoint, span.start(), span.end());
        }
    }

    /** The device of a message. There is one segment, 0. */
    private Endpoint addressed(boolean dsv, int dseg, int rid) {
        return dsv && dseg != 0 ? null : behind(rid);
    }

    // ---------------------------------------------------------------- fences

    Fences fences() {
        return fences;
    }

    private void fence(Turn turn) {
        if (fences.outstanding()) {
            turn.then(new AwaitCommands(number()));
        } else {
            committed(turn);
        }
    }

    /** What came before the fence is done, or has run out of time. */
    void committed(Turn turn) {
        if (timedOut()) {
            error(CommandStatus.CMD_TO);
            return;
        }
        RiscvCommand.IofenceC fence = (RiscvCommand.IofenceC) pending(0);
        fences.mark(fence);
        if (fences.unordered(fence.pr(), fence.pw())) {
            turn.then(new AwaitOrder(number(), fence.pr(), fence.pw()));
        } else {
            ordered(turn);
        }
    }

    /** Whether a device has not answered an invalidation before the fence; forgets it, as the one report that there is. */
    private boolean timedOut() {
        boolean late = lost.get() != 0;
        lost.set(0);
        for (Endpoint endpoint = unanswered(); endpoint != null; endpoint = unanswered()) {
            timedOut(endpoint);
            late = true;
        }
        return late;
    }

    /** The fence is complete: it stores and raises its wire, and the queue goes on behind it. */
    void ordered(Turn turn) {
        RiscvCommand.IofenceC fence = (RiscvCommand.IofenceC) pending(0);
        if (fence.av() && fence.address() >>> Frames.PAGE_SHIFT >= frames().count()) {
            error(CommandStatus.CQMF);
            return;
        }
        commands().pop();
        if (fence.wsi() && !status.has(CommandStatus.FENCE_W_IP)) {
            status.set(CommandStatus.FENCE_W_IP);
            raise(Interrupts.Cause.COMPLETION);
        }
        if (fence.av()) {
            store(turn, fence.address(), fence.data());
        }
    }

    /** Four bytes. */
    private void store(Turn turn, long address, int data) {
        int shift = (int) (address & 4) * Byte.SIZE;
        long word = frames().word(address >>> Frames.PAGE_SHIFT, (int) (address >>> 3) & Frames.WORDS - 1);
        complete(turn, address & -8, word & ~(WORD << shift) | (data & WORD) << shift);
    }

    /** The head stays at the command, and nothing is fetched. */
    private void error(int bit) {
        status.set(bit);
        stop();
        raise(Interrupts.Cause.COMMAND_ERROR);
    }

    @Override
    public List<Step> recover() {
        return List.of(new ServeCommandQueue(number()));
    }

    @Override
    public List<Step> acknowledge() {
        return recover();
    }

    /**
     * Linux clears all bits, whatever they are, and where a command is illegal or memory, its own included, is not there the hardware
     * meets it again, for ever; here these two stay, since that would change nothing but the number of interrupts.
     */
    void serveCommandQueue(Turn turn) {
        String log = status.log();
        int bits = status.bits();
        if (bits != 0) {
            turn.emit(Kind.IO_PAGE_FAULT, () -> new Event.IoPageFault(name(), null, null, commands().headAddress(), bits, log));
        }
        cqcsr(CommandStatus.CMD_TO | CommandStatus.FENCE_W_IP);
    }
}
