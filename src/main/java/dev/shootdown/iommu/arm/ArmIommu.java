package dev.shootdown.iommu.arm;

import dev.shootdown.iommu.Caches;
import dev.shootdown.iommu.Command;
import dev.shootdown.iommu.Endpoint;
import dev.shootdown.iommu.Interrupts;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.iommu.Log;
import dev.shootdown.iommu.PageRequest;
import dev.shootdown.iommu.Ring;
import dev.shootdown.sim.Cell;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Arm's SMMUv3. Its commands are fetched in order and promise nothing more until a CMD_SYNC: a TLB invalidation that was
 * fetched is carried out at any time up to the completion of the next CMD_SYNC, also behind an ATC_INV that followed it.
 * So a driver has to put a CMD_SYNC between the two.
 */
public final class ArmIommu extends SmmuStreams {
    private static final int DONE = 1;

    /** TLB invalidations that were fetched and are not carried out yet. */
    private final Ring fetched;
    private final Cell gerror;
    private final Cell commandError;

    public ArmIommu(Iommus iommus, String name, IommuOptions options) {
        this(iommus, name, options, ArmFeatures.DEFAULT.ranges(options.ranges()));
    }

    public ArmIommu(Iommus iommus, String name, IommuOptions options, ArmFeatures features) {
        super(iommus, name, options, features);
        World world = iommus.engine().world();
        this.fetched = new Ring(world, iommus.frames(), name + ".tlbi", options.commands(), 2);
        this.gerror = world.cell(name + ".gerror");
        this.commandError = world.cell(name + ".cmdq_error");
    }

    // ---------------------------------------------------------------- what a driver asks for

    /** The descriptor, and CMD_CFGI_CD with CMD_SYNC so that the hardware reads it: {@code arm_smmu_write_cd_entry}. */
    @Override
    public List<Step> setTable(int device, int pasid, long root) {
        List<Step> steps = new ArrayList<>(super.setTable(device, pasid, root));
        steps.add(command(new ConfigCommand.CfgiCd(Iommus.requester(device), pasid, true)));
        steps.addAll(sync());
        return steps;
    }

    /** {@code arm_smmu_tlb_inv_range_asid}, {@code arm_smmu_tlb_inv_asid}: never leaf entries alone. */
    @Override
    public List<Step> flushIotlb(int pasid, long start, long end) {
        Tlbi.Operation whole = features().e2h() ? Tlbi.Operation.EL2_ASID : Tlbi.Operation.NH_ASID;
        Tlbi.Operation address = features().e2h() ? Tlbi.Operation.EL2_VA : Tlbi.Operation.NH_VA;
        List<Step> steps = new ArrayList<>();
        for (ArmCommand command : Tlbi.of(whole, address, vmid(), Configuration.asid(pasid), start, end, features().ranges())) {
            steps.add(command(command));
        }
        return steps;
    }

    /** {@code arm_smmu_atc_inv_to_cmd}; everything where the TLB's invalidation is one of everything. */
    @Override
    public List<Step> flushAtc(int device, int pasid, long start, long end) {
        if (!iommus().endpoint(device).hasAts()) {
            return List.of();
        }
        int sid = Iommus.requester(device);
        boolean everything = Tlbi.escalates(start, end, features().ranges());
        ArmCommand.AtcInv invalidation = everything ? ArmCommand.AtcInv.all(sid, pasid) : ArmCommand.AtcInv.of(sid, pasid, start, end);
        return List.of(command(invalidation.ssv(pasid != 0)));
    }

    /** The VMID of all translations: the virtual machine's, where there is one. */
    public int vmid() {
        return secondStage() == null ? 0 : Configuration.VMID;
    }

    /**
     * {@code arm_smmu_tlb_inv_range_domain} of a nesting parent (6.13 and later): stage 2's own range, then all of stage 1, since
     * entries that hold both stages are not found by the guest's addresses; and all of the devices'.
     */
    @Override
    public List<Step> flushSecondStage(long start, long end) {
        List<Step> steps = new ArrayList<>();
        for (ArmCommand command : Tlbi.of(Tlbi.Operation.S12_VMALL, Tlbi.Operation.S2_IPA, vmid(), 0, start, end, features().ranges())) {
            steps.add(command(command));
        }
        steps.addAll(sync());
        steps.add(command(new Tlbi(Tlbi.Operation.NH_ALL, vmid(), 0, Tlbi.Span.NONE)));
        steps.addAll(sync());
        for (Endpoint endpoint : endpoints()) {
            if (endpoint.hasAts()) {
                steps.add(command(ArmCommand.AtcInv.all(Iommus.requester(endpoint.number()), 0).ssv(false)));
            }
        }
        steps.addAll(sync());
        return steps;
    }

    /** CMD_PRI_RESP, or {@code arm_smmu_page_response}: CMD_RESUME. No CMD_SYNC follows either. */
    @Override
    public List<Step> respond(int device, int pasid, int group, int code) {
        int sid = Iommus.requester(device);
        if (iommus().endpoint(device).stalls()) {
            boolean retry = code == PageRequest.SUCCESS;
            return List.of(command(new ArmCommand.Resume(sid, group, retry, !retry)));
        }
        return List.of(command(new ArmCommand.PriResp(sid, pasid, pasid != 0, group, ArmCommand.PriResp.resp(code))));
    }

    /** {@code arm_smmu_cmdq_build_sync_cmd}: an MSI to a word of the waiter's own. */
    @Override
    protected Command completion(long address) {
        return ArmCommand.Sync.msi(address, DONE);
    }

    // ---------------------------------------------------------------- commands

    @Override
    protected boolean busy() {
        return fetched.ready();
    }

    /** While invalidations wait and more can be fetched, either may be what it does next; a CMD_SYNC waits for them. */
    @Override
    protected int ways() {
        return fetched.ready() && fetches() && commands().inMemory() && !(next() instanceof ArmCommand.Sync) && fetched.room(0) ? 2 : 1;
    }

    private ArmCommand next() {
        return ArmCommand.decode(commands().word(0), commands().word(1));
    }

    @Override
    protected void execute(Turn turn) {
        if (fetched.ready() && turn.choice() == 0) {
            ArmCommand oldest = ArmCommand.decode(fetched.word(0), fetched.word(1));
            fetched.pop();
            invalidate(turn, (Tlbi) oldest);
        } else if (commands().inMemory()) {
            consume(turn, next());
        } else {
            commandError(CommandError.ABT);
        }
    }

    private void consume(Turn turn, ArmCommand command) {
        if (command instanceof ArmCommand.Illegal) {
            commandError(CommandError.ILL);
            return;
        }
        if (command instanceof ArmCommand.Sync) {
            sync(turn);
            return;
        }
        commands().pop();
        switch (command) {
            case Tlbi tlbi -> fetched.push(tlbi);
            case ConfigCommand.CfgiSte entry -> forget(entry.sid());
            case ConfigCommand.CfgiSteRange range -> forget(range);
            case ConfigCommand.CfgiCd descriptor -> forget(descriptor);
            case ConfigCommand.CfgiCdAll all -> forgetContexts(all.sid());
            case ArmCommand.AtcInv invalidation -> invalidate(turn, invalidation);
            case ArmCommand.PriResp response -> answer(turn, response);
            case ArmCommand.Resume resume -> resume(turn, resume);
            case ArmCommand.StallTerm all -> resume(turn, new ArmCommand.Resume(all.sid(), tag(all.sid()), false, true));
            case ConfigCommand.PrefetchConfig hint -> { }
            case ConfigCommand.PrefetchAddr hint -> { }
            case ConfigCommand.CfgiVmsPidm map -> { }
            case ArmCommand.Sync sync -> throw new IllegalStateException("handled before");
            case ArmCommand.Illegal none -> throw new IllegalStateException("an illegal command was obeyed");
        }
    }

    /** The one place where what was asked for is waited for. A device that does not answer is an error of the CMD_SYNC. */
    private void sync(Turn turn) {
        Endpoint silent = unanswered();
        if (silent != null) {
            timedOut(silent);
            commandError(CommandError.ATC_INV_SYNC);
        } else if (caches().iotlbDraining() | caches().atcDraining()) {
            turn.then(new Complete(number()));
        } else {
            completed(turn);
        }
    }

    /** Consumes the CMD_SYNC and signals. */
    void completed(Turn turn) {
        ArmCommand.Sync sync = (ArmCommand.Sync) next();
        commands().pop();
        if (sync.signal() != ArmCommand.Sync.IRQ) {
            return;
        }
        if (sync.address() == 0) {
            raise(Interrupts.Cause.COMPLETION);
        } else if (configuration().streams().memory(sync.address())) {
            msi(turn, sync);
        } else {
            global(Gerror.MSI_CMDQ_ABT_ERR);
        }
    }

    /** An MSI writes 32 bits. */
    private void msi(Turn turn, ArmCommand.Sync sync) {
        int shift = (sync.address() & 4) == 0 ? 0 : 32;
        long there = configuration().streams().read(sync.address());
        long data = there & ~(0xffff_ffffL << shift) | (sync.data() & 0xffff_ffffL) << shift;
        complete(turn, sync.address(), data);
    }

    // ---------------------------------------------------------------- what commands do

    private void invalidate(Turn turn, Tlbi tlbi) {
        Tlbi.World own = features().e2h() ? Tlbi.World.EL2 : Tlbi.World.EL1;
        boolean concerned = tlbi.operation().world() == own || secondStage() != null && tlbi.operation().world() == Tlbi.World.STAGE2;
        boolean tagged = tlbi.operation().hasVmid() && tlbi.vmid() != vmid();
        if (!concerned || tagged) {
            return;
        }
        switch (tlbi.operation()) {
            case NH_ASID, EL2_ASID -> invalidateIotlb(turn, tlbi.asid(), 0, Caches.EVERYTHING, true);
            case NH_VA, EL2_VA -> invalidate(turn, tlbi.asid(), tlbi.span());
            case NH_VAA, EL2_VAA -> invalidate(turn, -1, tlbi.span());
            case NH_ALL, EL2_ALL -> invalidateIotlb(turn);
            case S12_VMALL, NSNH_ALL -> {
                if (secondStage() != null) {
                    secondStage().dropAll();
                }
                invalidateIotlb(turn);
            }
            case S2_IPA -> forgetSecondStage(turn, tlbi.span());
            case EL3_ALL, EL3_VA -> throw new IllegalStateException("not of this SMMU's stream world");
        }
    }

    /** A range of another granule than the tables' is about entries that there are none of. */
    private void invalidate(Turn turn, int asid, Tlbi.Span span) {
        if (span.pages()) {
            invalidateIotlb(turn, asid, span.start(), span.end(), !span.leaf());
        }
    }

    /** What stage 1 led to by way of it stays until stage 1's entries are dropped. */
    private void forgetSecondStage(Turn turn, Tlbi.Span span) {
        if (span.pages()) {
            dropSecondStage(turn, span.start(), span.end());
        }
    }

    /** Global counts with a PASID: of any, in the range. */
    private void invalidate(Turn turn, ArmCommand.AtcInv invalidation) {
        Endpoint endpoint = behind(invalidation.sid());
        if (endpoint != null && endpoint.ats()) {
            if (invalidation.ssv()) {
                invalidateAtc(turn, endpoint, invalidation.global() ? -1 : invalidation.ssid(), invalidation.start(), invalidation.end());
            } else {
                invalidateAtcWithoutPasid(turn, endpoint, invalidation.start(), invalidation.end());
            }
        }
    }

    private void forget(int sid) {
        Endpoint endpoint = behind(sid);
        if (endpoint != null) {
            configuration().drop(endpoint);
        }
    }

    private void forget(ConfigCommand.CfgiSteRange range) {
        for (Endpoint endpoint : endpoints()) {
            if (range.covers(Iommus.requester(endpoint.number()))) {
                configuration().drop(endpoint);
            }
        }
    }

    private void forget(ConfigCommand.CfgiCd descriptor) {
        Endpoint endpoint = behind(descriptor.sid());
        if (endpoint != null) {
            configuration().drop(endpoint, descriptor.ssid());
        }
    }

    private void forgetContexts(int sid) {
        Endpoint endpoint = behind(sid);
        if (endpoint != null) {
            configuration().dropContexts(endpoint);
        }
    }

    private void answer(Turn turn, ArmCommand.PriResp response) {
        Endpoint endpoint = behind(response.sid());
        if (endpoint != null && !endpoint.stalls()) {
            endpoint.respond(turn, response.group(), response.code());
        }
    }

    /** A tag that no stalled access has is no effect. */
    private void resume(Turn turn, ArmCommand.Resume resume) {
        Endpoint endpoint = behind(resume.sid());
        if (endpoint != null && endpoint.stalls()) {
            int ended = resume.abort() ? PageRequest.INVALID : PageRequest.IGNORED;
            endpoint.respond(turn, resume.stag(), resume.retry() ? PageRequest.SUCCESS : ended);
        }
    }

    /** A device has one access at a time, so its number tells stalled accesses apart. */
    private int tag(int sid) {
        Endpoint endpoint = behind(sid);
        return endpoint == null ? 0 : endpoint.number();
    }

    // ---------------------------------------------------------------- errors

    /** The command stays where it is, and nothing behind it is fetched until the error is acknowledged. */
    private void commandError(CommandError error) {
        commandError.set(error.ordinal());
        stop();
        global(Gerror.CMDQ_ERR);
    }

    /** 7.2, 8.2: a queue that cannot be written is a global error. */
    @Override
    protected void aborted(Log log) {
        global(log == requestLog() ? Gerror.PRIQ_ABT_ERR : Gerror.EVENTQ_ABT_ERR);
    }

    private void global(Gerror error) {
        gerror.set(gerror.get() | error.mask());
        raise(Interrupts.Cause.COMMAND_ERROR);
    }

    /** The global errors that are active: SMMU_GERROR against SMMU_GERRORN. */
    public long gerror() {
        return gerror.get();
    }

    /** SMMU_CMDQ_CONS: index and wrap bit, and in 30:24 why consumption has stopped. */
    public long commandConsumer() {
        return commands().consumer() | CommandError.values()[(int) commandError.get()].field();
    }

    /** SMMU_CMDQ_PROD: index and wrap bit. */
    public long commandProducer() {
        return commands().producer();
    }

    @Override
    public List<Step> recover() {
        return List.of(new HandleGerror(number()));
    }

    /**
     * Prints, skips an illegal command, acknowledges; after a time-out the CMD_SYNC is simply tried again. Linux has a fetch that
     * was aborted tried again too, for ever; here that waits until the queue is in memory, and the handler is run again.
     */
    void handleGerror(Turn turn) {
        long active = gerror.get();
        if (active == 0) {
            return;
        }
        List<String> lines = Gerror.log(name(), active);
        if ((active & Gerror.CMDQ_ERR.mask()) != 0) {
            skip(lines);
        }
        boolean fetches = commands().inMemory();
        gerror.set(fetches ? 0 : active & Gerror.CMDQ_ERR.mask());
        if (fetches) {
            commandError.set(CommandError.NONE.ordinal());
            restart();
        }
        turn.emit(Kind.IO_PAGE_FAULT,
                () -> new Event.IoPageFault(name(), null, null, commands().headAddress(), active, String.join("\n", lines)));
    }

    private void skip(List<String> lines) {
        CommandError error = CommandError.values()[(int) commandError.get()];
        lines.add(error.log(name(), commandConsumer()));
        if (error == CommandError.ILL) {
            lines.add("arm-smmu-v3 " + name() + ": skipping command in error state:");
            for (int i = 0; i < 2; i++) {
                lines.add(String.format(Locale.ROOT, "arm-smmu-v3 %s: \t0x%016x", name(), commands().word(i)));
            }
            commands().replace(ArmCommand.Sync.sev());
        }
        if (error == CommandError.ABT) {
            lines.add("arm-smmu-v3 " + name() + ": retrying command fetch");
        }
    }
}
