package dev.shootdown.driver;

import dev.shootdown.notifier.CallbackName;
import dev.shootdown.sim.Manner;
import dev.shootdown.sim.Safety;
import java.util.List;

/**
 * What a driver may do in a callback, on one page. Each is a step of its own when it is carried out, so that
 * others can run in between; an action that needs a queue is one step for each command.
 */
public sealed interface Action {
    /** The one callback in which an action means something; null where that is any. */
    static CallbackName only(Action action) {
        return switch (action) {
            case ReadBegin a -> CallbackName.FAULT;
            case Lookup a -> CallbackName.FAULT;
            case Install a -> CallbackName.FAULT;
            case Retry a -> CallbackName.FAULT;
            case SetSeq a -> CallbackName.INVALIDATE;
            case FlushIotlb a -> null;
            case FlushAtc a -> null;
            case FlushPasid a -> null;
            case Sync a -> null;
            case TableEmpty a -> null;
            case TableProcess a -> null;
            case Block a -> null;
            case Unblock a -> null;
            case Detach a -> null;
            case Drain a -> null;
            case Defer a -> null;
            case Refuse a -> null;
            case Lock a -> null;
            case Unlock a -> null;
            case Zap a -> null;
            case Count a -> null;
            case If a -> null;
            case Ask a -> null;
        };
    }

    /** Which addresses an action is about. */
    sealed interface Where {
        /** The callback's own range. */
        record Callback() implements Where {}

        /** From one number of bytes to another. */
        record Between(Term start, Term end) implements Where {}
    }

    /** Invalidate the IOMMU's TLB and walk caches over a range of the bind's PASID. */
    @Safety("the IOMMU may remember no translation of what is unmapped")
    record FlushIotlb(Where where) implements Action {}

    /** Invalidate the device's ATC over a range of the bind's PASID. */
    @Safety("the device may remember no translation of what is unmapped")
    record FlushAtc(Where where) implements Action {}

    /** Invalidate all of the bind's PASID in the IOMMU, wait, invalidate it in the device, wait. */
    record FlushPasid() implements Action {}

    /** Wait until all that was sent before is done. */
    @Safety("no page may be freed before the invalidation is complete")
    record Sync() implements Action {}

    /** Give the device an empty page table. */
    @Safety("the device may find nothing while entries are taken away")
    record TableEmpty() implements Action {}

    /** Give the device the process's page table. */
    record TableProcess() implements Action {}

    /** Let new translations of a range wait. */
    @Safety("nothing may be translated anew while entries are taken away")
    record Block(Where where) implements Action {}

    /** Let them go on. */
    record Unblock(Where where) implements Action {}

    /** Take the bind's page table away from the device, and invalidate all of it. */
    @Safety("no device may walk page tables that go with their process")
    record Detach() implements Action {}

    /** Wait until no page request of the bind is waiting or being served. */
    record Drain() implements Action {}

    /** Put a range into the flush queue, to be invalidated later. */
    record Defer(Where where) implements Action {}

    /** Answer EAGAIN, where the call may not block. */
    record Refuse() implements Action {}

    /** Take the bind's lock, which its callbacks and its fault worker share. */
    record Lock() implements Action {}

    /** Give it back. */
    record Unlock() implements Action {}

    /** In an interval callback: note that what is looked up now will not be true any more. */
    @Safety("who looked entries up must learn that they have changed since")
    record SetSeq() implements Action {}

    /** Take entries out of the driver's own page table. */
    @Safety("no entry of a driver's own may outlive the process's")
    record Zap(Where where) implements Action {}

    /** In a fault: wait until nothing is being invalidated, and remember when that was. */
    @Safety(value = "what is looked up while it is being invalidated is not to be kept", manners = Manner.SWAP)
    record ReadBegin() implements Action {}

    /** In a fault: have the process's page table hold the page, and note what it says. */
    @Safety("only what the process has may be given to the device")
    record Lookup() implements Action {}

    /** In a fault: make what was noted an entry of the driver's own page table. */
    record Install() implements Action {}

    /** Have the fault looked at again, because an invalidation came between; nothing behind it is done. */
    @Safety("what was looked up before an invalidation may not be kept behind it")
    record Retry() implements Action {}

    /** Set a counter of the bind. */
    record Count(String counter, Term value) implements Action {}

    record If(Term condition, List<Action> then, List<Action> otherwise) implements Action {
        public If {
            then = List.copyOf(then);
            otherwise = List.copyOf(otherwise);
        }
    }

    /** Ask a function that the language or JavaScript brought along which actions to take. */
    record Ask(String function) implements Action {}
}
