package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Use;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;

/**
 * Moves the pages that the caller has isolated (and queued, with a reference each) to other frames, one after the other;
 * from 6.3 on all are unmapped first, with one flush, and then all are copied.
 *
 * @param node where they go; {@link #ANYWHERE}
 */
@Cites("mm/migrate.c: migrate_pages, 3.16-6.18")
record MigratePages(int mm, int node) implements KernelStep {
    static final int ANYWHERE = -1;

    @Override
    public void run(Kernel kernel, Turn turn) {
        turn.then(new Done(), new Finish());
        if (kernel.version().migrationUnmapsAllFirst()) {
            turn.then(new Unmap(this, 0, true), new UnmapBatch.TryToUnmapFlush(false), new Move(this, 0));
        } else {
            turn.then(new Unmap(this, 0, false));
        }
    }

    /** Nothing is left to be done with the list. */
    @Cites("mm/migrate.c: migrate_pages, 3.16-6.18")
    record Finish() implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            kernel.gather().empty(turn.actor());
        }
    }

    /** What an allocation that failed has left is no failure of the call: the page stays where it is. */
    @Cites("mm/migrate.c: unmap_and_move, -ENOMEM, 3.16-6.18")
    record Done() implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            turn.takeResult();
            turn.takeRemark();
        }
    }

    /** Queues the pages of a stretch of an address space that are to move, and takes a reference of each. */
    @Cites("mm/migrate.c: add_page_for_migration, 3.16-6.18; mm/mempolicy.c: queue_pages_range, 3.16-6.18")
    record Isolate(int mm, long start, long end, int node, boolean all) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            for (long at = PageTables.nextMapped(kernel, mm, start, end); at != end;
                    at = PageTables.nextMapped(kernel, mm, at + Frames.PAGE_SIZE, end)) {
                if (movable(kernel, at)) {
                    long frame = Entry.frame(kernel.pte(mm, at));
                    turn.perform(new GetPage(frame));
                    kernel.gather().add(turn.actor(), frame, 0);
                }
                if (at + Frames.PAGE_SIZE == end) {
                    return;
                }
            }
        }

        private boolean movable(Kernel kernel, long at) {
            long entry = kernel.pte(mm, at);
            if (!Entry.mapped(entry) || Entry.huge(entry) || (entry & Entry.SPECIAL) != 0) {
                return false;
            }
            long frame = Entry.frame(entry);
            if (kernel.folios().has(frame, Folios.KSM) || kernel.frames().compound(frame)) {
                return false;
            }
            return (all || kernel.frames().mappings(frame) == 1) && (node == ANYWHERE || kernel.folios().node(frame) != node);
        }
    }

    /** Takes a new frame for the next page, and unmaps the page. */
    @Cites("mm/migrate.c: __unmap_and_move, 3.16-6.1; migrate_folio_unmap, 6.6-6.18")
    record Unmap(MigratePages what, int next, boolean batch) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            if (next == kernel.gather().count(turn.actor())) {
                return;
            }
            long old = Gather.frame(kernel.gather().peek(turn.actor(), next));
            turn.then(new Unmap(what, next + 1, batch));
            Use use = kernel.frames().use(old);
            int owner = kernel.frames().owner(old);
            long frame = kernel.frames().allocate(use, owner);
            if (!batch) {
                turn.then(new MoveToNewFolio(what, next, frame));
            }
            if (frame != 0) {
                kernel.folios().node(frame, Math.max(what.node, 0));
                kernel.folios().target(old, frame);
                turn.then(new TryToMigrate(old, batch));
                turn.emit(Kind.PAGE_ALLOC, () -> new Event.PageAlloc(kernel.name(what.mm), frame, 0, kernel.name(owner)));
            }
        }
    }

    /** All are unmapped and flushed: the next one is copied. */
    @Cites("mm/migrate.c: migrate_pages_batch, 6.6-6.18")
    record Move(MigratePages what, int next) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            if (next < kernel.gather().count(turn.actor())) {
                long old = Gather.frame(kernel.gather().peek(turn.actor(), next));
                turn.then(new Move(what, next + 1));
                new MoveToNewFolio(what, next, kernel.folios().target(old)).run(kernel, turn);
            }
        }
    }

    /** The page is copied, if nobody else holds it; then its mappings are restored, to wherever it is. */
    @Cites("mm/migrate.c: move_to_new_page, 3.16-5.15; move_to_new_folio, folio_migrate_mapping, 6.1-6.18")
    record MoveToNewFolio(MigratePages what, int next, long frame) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long old = Gather.frame(kernel.gather().take(turn.actor(), next));
            kernel.folios().target(old, 0);
            boolean moves = frame != 0 && turn.perform(new MigrateMapping(old, frame));
            turn.then(new Put(what.mm, moves ? frame : old), new Put(what.mm, moves ? old : frame));
            if (frame == 0) {
                return;
            }
            turn.then(new RemoveMigrationPtes(old, moves ? frame : old));
        }
    }

    /** The page is in the new frame, if nobody but the caller and its cache holds the old one. */
    @Cites("mm/migrate.c: migrate_page_move_mapping, page_ref_freeze, 3.16-5.15; folio_migrate_mapping, 6.1-6.18")
    record MigrateMapping(long old, long frame) implements KernelStep {
        @Override
        public boolean ready(World world) {
            Kernel kernel = world.part(Kernel.class);
            int cached = (kernel.swap().slot(old) != 0 ? 1 : 0) + (Rss.anonymous(kernel.frames().use(old)) ? 0 : 1);
            return kernel.frames().mappings(old) == 0 && kernel.frames().references(old) == 1 + cached;
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            kernel.frames().copy(old, frame);
            kernel.folios().move(old, frame);
            if (kernel.swap().slot(old) != 0) {
                kernel.swap().move(old, frame);
                kernel.frames().put(old);
            }
            if (!Rss.anonymous(kernel.frames().use(old))) {
                kernel.files().replace(kernel.frames().owner(old), kernel.folios().index(frame), frame);
                kernel.frames().put(old);
                kernel.frames().get(frame);
            }
        }
    }

    /** A reference of the mover's goes; the frame that the page has left goes with it. */
    @Cites("mm/migrate.c: putback_lru_page, put_page, 3.16-6.18")
    record Put(int mm, long frame) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            if (frame != 0) {
                Free.page(kernel, turn, mm, frame);
            }
        }
    }
}
