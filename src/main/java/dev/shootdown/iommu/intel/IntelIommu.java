package dev.shootdown.iommu.intel;

import dev.shootdown.iommu.AwaitDrain;
import dev.shootdown.iommu.Caches;
import dev.shootdown.iommu.Command;
import dev.shootdown.iommu.Endpoint;
import dev.shootdown.iommu.Interrupts;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.iommu.PageSpan;
import dev.shootdown.iommu.SecondStage;
import dev.shootdown.sim.Cell;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Table;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Intel's VT-d in scalable mode. Its queue keeps the order of invalidations by itself: a device-TLB invalidation comes
 * behind the IOTLB invalidations before it, and a wait behind everything since the wait before. By the letter of that list
 * (6.5.2.12) a device-TLB invalidation without a PASID is not held behind a PASID-based IOTLB invalidation.
 */
public final class IntelIommu extends RemappingUnit {
    /** MaxInvsPend: 0 means 32. */
    private static final int QUEUE_DEPTH = 0;
    /** What Linux has a wait write, and what it writes itself into the status of one that was aborted. */
    private static final int DONE = 2;
    private static final int ABORT = 3;
    /** CAP.MAMV: of a block that a type 2 may name, 1 GiB. */
    private static final int MAXIMUM_MASK = 18;
    private static final int FAULT_PENDING = 1 << 1;

    private final boolean oneBlock;
    /** Whether an IOTLB invalidation of type 2 is not known to be done. */
    private final Cell domainPending;
    /** IQE or ITE while the queue has stopped. */
    private final Cell error;
    /** The status address of the wait that a time-out has aborted. */
    private final Cell aborted;
    /** What each waiter has submitted since its last wait, where a device may fail to complete. */
    private final Table<Integer, Batch> submitted;

    private record Batch(List<Command> commands) {}

    public IntelIommu(Iommus iommus, String name, IommuOptions options) {
        super(iommus, name, options);
        this.oneBlock = options.era().oneBlock();
        this.domainPending = iommus.engine().world().cell(name + ".domain_pending");
        this.error = iommus.engine().world().cell(name + ".queue_error");
        this.aborted = iommus.engine().world().cell(name + ".aborted");
        this.submitted = iommus.engine().world().table(name + ".submitted");
    }

    // ---------------------------------------------------------------- what a driver asks for

    /** drivers/iommu/intel/pasid.c: pasid_cache_invalidation_with_pasid; needed where an entry was present (VT-d 6.5.3.3). */
    @Override
    protected List<Step> replaced(Endpoint endpoint, int pasid) {
        if (!tables().present(endpoint, pasid)) {
            return List.of();
        }
        List<Step> steps = new ArrayList<>();
        steps.add(command(new QiDescriptor.PasidCache(QiDescriptor.PasidCache.PASID, DOMAIN, pasid)));
        steps.addAll(sync());
        return steps;
    }

    /** drivers/iommu/intel/dmar.c: qi_flush_piotlb; IH is never set. */
    @Override
    public List<Step> flushIotlb(int pasid, long start, long end) {
        if (Practice.everything(start, end)) {
            return List.of(command(new QiDescriptor.PasidIotlb(QiDescriptor.PASID_WIDE, DOMAIN, pasid, QiPages.NONE)));
        }
        return Practice.pages(start, end, oneBlock).stream()
                .map(pages -> command(new QiDescriptor.PasidIotlb(QiDescriptor.PAGES, DOMAIN, pasid, pages))).toList();
    }

    /** qi_flush_dev_iotlb_pasid, or without a PASID qi_flush_dev_iotlb; from 6.10 on everything is qi_flush_dev_iotlb, which asks for all PASIDs. */
    @Override
    public List<Step> flushAtc(int device, int pasid, long start, long end) {
        if (!iommus().endpoint(device).hasAts()) {
            return List.of();
        }
        int requester = Iommus.requester(device);
        if (!Practice.everything(start, end)) {
            return Practice.pages(start, end, oneBlock).stream().map(Practice::span)
                    .map(span -> command(pasid == 0
                            ? new QiDescriptor.DeviceTlb(requester, requester, QUEUE_DEPTH, span)
                            : new QiDescriptor.PasidDeviceTlb(requester, requester, QUEUE_DEPTH, pasid, false, span))).toList();
        }
        return List.of(command(oneBlock || pasid == 0
                ? new QiDescriptor.DeviceTlb(requester, requester, QUEUE_DEPTH, PageSpan.EVERYTHING)
                : new QiDescriptor.PasidDeviceTlb(requester, requester, QUEUE_DEPTH, pasid, false, PageSpan.EVERYTHING)));
    }

    @Override
    protected SecondStage.Format secondStageFormat() {
        return new SecondStageEntry();
    }

    /** drivers/iommu/intel/cache.c: cache_tag_flush_range of a nesting parent: type 2 with both drains, domain-selective
     * where the block is too large, and all of devices' (CACHE_TAG_NESTING_DEVTLB). */
    @Override
    public List<Step> flushSecondStage(long start, long end) {
        List<Step> steps = new ArrayList<>();
        QiPages pages = Practice.everything(start, end) ? QiPages.NONE : QiPages.of(start, end);
        boolean whole = Practice.everything(start, end) || pages.mask() > MAXIMUM_MASK;
        steps.add(command(new QiDescriptor.Iotlb(whole ? QiDescriptor.Iotlb.DOMAIN : QiDescriptor.PAGES, true, true, DOMAIN,
                whole ? QiPages.NONE : pages)));
        for (Endpoint endpoint : endpoints()) {
            if (endpoint.hasAts()) {
                int requester = Iommus.requester(endpoint.number());
                steps.add(command(new QiDescriptor.DeviceTlb(requester, requester, QUEUE_DEPTH, PageSpan.EVERYTHING)));
            }
        }
        steps.addAll(sync());
        return steps;
    }

    /** drivers/iommu/intel/prq.c: intel_iommu_page_response, which waits as every submission does. */
    @Override
    public List<Step> respond(int device, int pasid, int group, int code) {
        List<Step> steps = new ArrayList<>();
        steps.add(command(new QiDescriptor.PageGroupResponse(pasid != 0, code, Iommus.requester(device), pasid, false, group)));
        steps.addAll(sync());
        return steps;
    }

    /** The wait that qi_submit_sync puts behind each batch. */
    @Override
    protected Command completion(long address) {
        return new QiDescriptor.Wait(false, true, false, false, DONE, address);
    }

    // ---------------------------------------------------------------- descriptors

    @Override
    protected void execute(Turn turn) {
        QiDescriptor descriptor = commands().inMemory() ? QiDescriptor.decode(commands()::word) : null;
        if (descriptor == null || !descriptor.valid()) {
            error.set(QueueError.IQE);
            stop();
            raise(Interrupts.Cause.EVENT);
            return;
        }
        commands().pop();
        if (comesBehind(descriptor) && caches().iotlbDraining()) {
            turn.then(new AwaitDrain(number()), new Obey(number(), descriptor));
        } else {
            obey(turn, descriptor);
        }
    }

    /** Whether a descriptor is held back until IOTLB invalidations are done: type 8 behind all, type 3 behind type 2. */
    private boolean comesBehind(QiDescriptor descriptor) {
        return descriptor instanceof QiDescriptor.PasidDeviceTlb
                || descriptor instanceof QiDescriptor.DeviceTlb && domainPending.get() != 0;
    }

    void obey(Turn turn, QiDescriptor descriptor) {
        switch (descriptor) {
            case QiDescriptor.ContextCache contexts -> forget(contexts);
            case QiDescriptor.PasidCache pasids -> forget(pasids);
            case QiDescriptor.Iotlb iotlb -> invalidate(turn, iotlb);
            case QiDescriptor.PasidIotlb iotlb -> invalidate(turn, iotlb);
            case QiDescriptor.DeviceTlb tlb -> invalidate(turn, tlb);
            case QiDescriptor.PasidDeviceTlb tlb -> invalidate(turn, tlb);
            case QiDescriptor.PageGroupResponse response -> answer(turn, response);
            case QiDescriptor.Wait wait -> await(turn, wait);
            case QiDescriptor.InterruptEntryCache none -> { }
            case QiDescriptor.HptCache none -> { }
            case QiDescriptor.Invalid none -> throw new IllegalStateException("an invalid descriptor was obeyed");
        }
    }

    private void forget(QiDescriptor.ContextCache contexts) {
        Endpoint one = contexts.granularity() == QiDescriptor.ContextCache.DEVICE ? behind(contexts.device()) : null;
        for (Endpoint endpoint : endpoints()) {
            if (contexts.granularity() != QiDescriptor.ContextCache.DEVICE || endpoint == one) {
                lookup().dropContext(endpoint);
            }
        }
    }

    /** A domain's entries, or one of them; of another domain there are none. */
    private void forget(QiDescriptor.PasidCache pasids) {
        boolean global = pasids.granularity() == QiDescriptor.PasidCache.GLOBAL;
        if (global || pasids.domain() == DOMAIN) {
            int pasid = pasids.granularity() == QiDescriptor.PasidCache.PASID ? pasids.pasid() : -1;
            endpoints().forEach(endpoint -> lookup().dropPasid(endpoint, pasid));
        }
    }

    /** What was translated by a first-stage table is dropped all over the domain, whatever the address. */
    private void invalidate(Turn turn, QiDescriptor.Iotlb iotlb) {
        if (iotlb.granularity() == QiDescriptor.Iotlb.GLOBAL || iotlb.domain() == DOMAIN) {
            domainPending.set(1);
            if (secondStage() == null) {
                invalidateIotlb(turn);
            } else {
                invalidateSecondStage(turn, iotlb.start(), iotlb.end());
            }
        }
    }

    private void invalidate(Turn turn, QiDescriptor.PasidIotlb iotlb) {
        if (iotlb.domain() == DOMAIN) {
            invalidateIotlb(turn, iotlb.pasid(), iotlb.start(), iotlb.end(), !iotlb.pages().hint());
        }
    }

    private void invalidate(Turn turn, QiDescriptor.DeviceTlb tlb) {
        Endpoint endpoint = behind(tlb.device());
        if (endpoint != null && endpoint.ats()) {
            invalidateAtcWithoutPasid(turn, endpoint, tlb.span().start(), tlb.span().end());
        }
    }

    /** GI: of every PASID, in the range. */
    private void invalidate(Turn turn, QiDescriptor.PasidDeviceTlb tlb) {
        Endpoint endpoint = behind(tlb.device());
        if (endpoint != null && endpoint.ats()) {
            invalidateAtc(turn, endpoint, tlb.global() ? -1 : tlb.pasid(), tlb.span().start(), tlb.span().end());
        }
    }

    private void answer(Turn turn, QiDescriptor.PageGroupResponse response) {
        Endpoint endpoint = behind(response.device());
        if (endpoint != null) {
            endpoint.respond(turn, response.group(), response.code());
        }
    }

    private void await(Turn turn, QiDescriptor.Wait wait) {
        boolean walks = caches().iotlbDraining();
        if (unanswered() != null) {
            timeOut(wait);
        } else if (walks | caches().atcDraining()) {
            turn.then(new Complete(number(), wait));
        } else {
            completed(turn, wait);
        }
    }

    /** Writes the 32 bits of status data, which leaves the other half of the word as it is, and interrupts. */
    void completed(Turn turn, QiDescriptor.Wait wait) {
        domainPending.set(0);
        if (wait.interrupt()) {
            raise(Interrupts.Cause.COMPLETION);
        }
        if (wait.write()) {
            int shift = (wait.address() & Integer.BYTES) == 0 ? 0 : Integer.SIZE;
            long kept = tables().word(wait.address()) & ~(0xffff_ffffL << shift);
            complete(turn, wait.address(), kept | (wait.data() & 0xffff_ffffL) << shift);
        }
    }

    // ---------------------------------------------------------------- errors of the queue

    /** A device has not completed in time: the queue stops, and the wait that was pending is aborted. */
    private void timeOut(QiDescriptor.Wait wait) {
        error.set(QueueError.ITE);
        aborted.set(wait.write() ? wait.address() : 0);
        stop();
        raise(Interrupts.Cause.EVENT);
    }

    /** What the status registers say of a queue that has stopped. */
    public QueueError queueError() {
        Endpoint silent = unanswered();
        int device = silent == null ? 0 : Iommus.requester(silent.number());
        return new QueueError((int) error.get(), device, commands().word(0), commands().word(1));
    }

    @Override
    protected boolean attends() {
        return true;
    }

    /**
     * qi_check_fault: who waits has the queue go on. In place of a descriptor that is none it puts a wait; here one that
     * writes nothing, since the word to write is the waiter's own and not the slot's. Aborted waits it marks. Where no descriptor
     * can be fetched the queue would stop again at once: it stays as it is, and he goes on with an error.
     */
    @Override
    protected boolean attend(Turn turn) {
        QueueError found = queueError();
        Endpoint silent = unanswered();
        if (!commands().inMemory()) {
            reported(turn, null, found);
            return false;
        }
        if (found.status() == QueueError.IQE) {
            commands().replace(new QiDescriptor.Wait(false, false, false, false, 0, 0));
        } else {
            timedOut(silent);
            if (aborted.get() != 0) {
                tables().word(aborted.get(), ABORT);
            }
        }
        error.set(0);
        aborted.set(0);
        restart();
        reported(turn, silent == null || found.status() == QueueError.IQE ? null : silent.name(), found);
        return true;
    }

    private void reported(Turn turn, String device, QueueError found) {
        turn.emit(Kind.IO_PAGE_FAULT, () -> new Event.IoPageFault(name(), device, null, commands().headAddress(), found.status(),
                found.log(format())));
    }

    /** Where a device may be silent, what is submitted is kept until a wait for it has been written. */
    @Override
    protected void submitted(int actor, Command command) {
        for (Endpoint endpoint : endpoints()) {
            if (!endpoint.completes()) {
                keep(actor, command);
                return;
            }
        }
    }

    private void keep(int actor, Command command) {
        Batch before = submitted.get(actor);
        List<Command> commands = new ArrayList<>(before == null ? List.of() : before.commands());
        commands.add(command);
        submitted.put(actor, new Batch(List.copyOf(commands)));
    }

    /** qi_submit_sync: an aborted batch is submitted again, as often as it takes. */
    @Override
    protected void waited(Turn turn, int waiter, long word) {
        Batch batch = submitted.get(waiter);
        if (batch == null) {
            return;
        }
        submitted.put(waiter, null);
        if (word == ABORT) {
            List<Step> again = new ArrayList<>();
            batch.commands().stream().filter(command -> !(command instanceof QiDescriptor.Wait)).forEach(command -> again.add(command(command)));
            again.addAll(sync());
            turn.then(again);
        }
    }

    /** FSTS as it is now: what is pending, what was lost, the oldest record's index, and why the queue has stopped. */
    public int faultStatus() {
        boolean pending = events().ready();
        int index = pending ? (int) ((events().headAddress() - events().base()) / (2 * Long.BYTES)) : 0;
        return (eventLog().overflowed() ? 1 : 0) | (pending ? FAULT_PENDING : 0) | (int) error.get() | index << Byte.SIZE;
    }
}
