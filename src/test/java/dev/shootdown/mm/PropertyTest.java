package dev.shootdown.mm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Tables;
import dev.shootdown.memory.Tlb;
import dev.shootdown.memory.Translation;
import dev.shootdown.memory.Use;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Schedule;
import dev.shootdown.sim.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds after any operations, in any order, on any version. */
class PropertyTest {
    private static final long BASE = 0x1000_0000_0000L;
    private static final int PAGES = 24;

    /** Two processes, of which the second is forked now and then, a file of each kind, and random calls. */
    private static final class Walk {
        final SplittableRandom random;
        final Bench bench;
        final int[] spaces = new int[3];
        final Actor[] threads = new Actor[4];
        final int disk;
        final int tmpfs;

        Walk(KernelVersion version, long seed) {
            random = new SplittableRandom(seed);
            bench = new Bench(version, 4, 4096);
            spaces[0] = bench.process("app");
            bench.notifier.subscribe(spaces[0], new Observer("observer"));
            spaces[1] = bench.process("other");
            spaces[2] = bench.kernel.reserve("child");
            threads[0] = bench.thread("app.main");
            threads[1] = bench.thread("app.worker", spaces[0], 1);
            threads[2] = bench.thread("other.main");
            threads[3] = bench.thread("child.main", spaces[2], 1);
            disk = bench.kernel.files().create("f", 10 << 12, false);
            tmpfs = bench.kernel.files().create("t", 10 << 12, true);
        }

        Step call(int mm) {
            long page = random.nextInt(PAGES);
            // Pages lie in two page tables, a gigabyte apart now and then.
            long address = BASE + (random.nextInt(4) == 0 ? 0x4000_0000L : 0x1f_8000L) + (page << 12);
            long length = (1 + random.nextInt(8)) << 12;
            return switch (random.nextInt(22)) {
                case 0, 1 -> new Mmap(mm, address, length, protection(), Mmap.PRIVATE | Mmap.FIXED | (random.nextBoolean() ? Mmap.POPULATE : 0), 0, 0);
                case 2 -> new Mmap(mm, address, length, protection(), Mmap.FIXED | (random.nextBoolean() ? Mmap.SHARED : Mmap.PRIVATE),
                        random.nextInt(3) == 0 ? 0 : random.nextBoolean() ? disk : tmpfs, 0);
                case 3 -> new Mmap(mm, 0, length, protection(), Mmap.SHARED, 0, 0);
                case 4, 5 -> new Munmap(mm, address, length);
                case 6 -> new Mprotect(mm, address, length, protection());
                case 7 -> new Madvise(mm, address, length, Advice.DONTNEED);
                case 8, 9 -> new Touch(mm, address, address + length, Translation.WRITE);
                case 10 -> new Touch(mm, address, address + length, Translation.READ);
                case 11 -> Write.fill(mm, address + 8, address + length, random.nextInt(256));
                case 12, 13 -> new Mremap(mm, address, length, (1 + random.nextInt(8)) << 12, Mremap.MAYMOVE | (random.nextBoolean() ? Mremap.FIXED : 0),
                        BASE + (random.nextBoolean() ? 0 : 0x1f_8000L) + ((long) random.nextInt(PAGES) << 12));
                case 14 -> new Mremap(mm, address, length, length, Mremap.MAYMOVE | Mremap.DONTUNMAP, 0);
                case 15 -> new Madvise(mm, address, length, Advice.values()[random.nextInt(Advice.values().length)]);
                case 16 -> new Mlock(mm, address, length, random.nextBoolean() ? Vma.LOCKED : 0);
                case 17 -> new Msync(mm, address, length, Msync.SYNC);
                case 18 -> new ClearRefs(mm, 1 + random.nextInt(4));
                case 19 -> Poke.fill(mm, address, address + length, random.nextInt(256));
                default -> new Read(mm, address, address + 100);
            };
        }

        /** A call that changes mappings, and accesses nothing. */
        Step layout(int mm) {
            long address = BASE + 0x1f_8000L + ((long) random.nextInt(PAGES) << 12);
            long length = (1 + random.nextInt(8)) << 12;
            Advice[] flags = {Advice.DONTFORK, Advice.DOFORK, Advice.RANDOM, Advice.NORMAL, Advice.DONTDUMP, Advice.DODUMP};
            return switch (random.nextInt(8)) {
                case 0, 1 -> new Mmap(mm, address, length, protection(), Mmap.PRIVATE | Mmap.FIXED, 0, 0);
                case 2 -> new Mmap(mm, address, length, protection(), Mmap.FIXED | Mmap.SHARED, disk, (long) random.nextInt(4) << 12);
                case 3 -> new Munmap(mm, address, length);
                case 4, 5 -> new Madvise(mm, address, length, flags[random.nextInt(flags.length)]);
                default -> new Mprotect(mm, address, length, protection());
            };
        }

        private long protection() {
            return new long[] {0, Vma.READ, Vma.READ | Vma.WRITE, Vma.READ | Vma.WRITE, Vma.READ | Vma.EXEC}[random.nextInt(5)];
        }
    }

    @ParameterizedTest
    @EnumSource(KernelVersion.class)
    void countsAgreeWithTablesAfterAnyCalls(KernelVersion version) {
        for (long seed = 0; seed < 15; seed++) {
            Walk walk = new Walk(version, seed);
            Bench bench = walk.bench;
            for (int i = 0; i < 120; i++) {
                int who = walk.random.nextInt(3);
                bench.run(walk.threads[who], walk.call(walk.spaces[who == 2 ? 1 : 0]));
                if (i % 40 == 20) {
                    bench.run(walk.threads[0], new Fork(walk.spaces[0], walk.spaces[2]));
                    bench.run(walk.threads[3], walk.call(walk.spaces[2]), walk.call(walk.spaces[2]));
                } else if (i % 40 == 39) {
                    bench.run(walk.threads[3], new Exit(walk.spaces[2]));
                }
                bench.settle();
                bench.check(walk.spaces);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(KernelVersion.class)
    void nothingIsLeftAfterTheLastExit(KernelVersion version) {
        for (long seed = 0; seed < 10; seed++) {
            Walk walk = new Walk(version, 100 + seed);
            for (int i = 0; i < 60; i++) {
                int who = walk.random.nextInt(3);
                walk.bench.run(walk.threads[who], walk.call(walk.spaces[who == 2 ? 1 : 0]));
            }
            walk.bench.run(walk.threads[0], new Fork(walk.spaces[0], walk.spaces[2]));
            walk.bench.run(walk.threads[3], walk.call(walk.spaces[2]), walk.call(walk.spaces[2]), new Exit(walk.spaces[2]));
            walk.bench.run(walk.threads[0], new Exit(walk.spaces[0]));
            walk.bench.run(walk.threads[2], new Exit(walk.spaces[1]));
            walk.bench.settle();
            for (long frame = walk.bench.frames.nextInUse(0); frame != 0; frame = walk.bench.frames.nextInUse(frame)) {
                assertThat(walk.bench.frames.use(frame)).isIn(Use.KERNEL, Use.FILE, Use.SHARED);
                assertThat(walk.bench.frames.owner(frame)).isIn(0, walk.disk, walk.tmpfs);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(KernelVersion.class)
    void undoComesBackToTheSameState(KernelVersion version) {
        for (long seed = 0; seed < 10; seed++) {
            Walk walk = new Walk(version, 200 + seed);
            Bench bench = walk.bench;
            bench.tables.stop();
            bench.world.journal(true);
            List<Integer> marks = new ArrayList<>();
            List<Long> prints = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                marks.add(bench.world.mark());
                prints.add(bench.world.fingerprint());
                int who = walk.random.nextInt(3);
                bench.run(walk.threads[who], walk.call(walk.spaces[who == 2 ? 1 : 0]));
            }
            bench.run(walk.threads[0], new Exit(walk.spaces[0]));
            bench.settle();
            for (int i = marks.size() - 1; i >= 0; i--) {
                bench.world.rewind(marks.get(i));
                assertThat(bench.world.fingerprint()).isEqualTo(prints.get(i)).isEqualTo(bench.world.recounted());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(KernelVersion.class)
    void threadsMayRace(KernelVersion version) {
        for (long seed = 0; seed < 60; seed++) {
            Walk walk = new Walk(version, 300 + seed);
            Bench bench = walk.bench;
            for (int i = 0; i < 10; i++) {
                bench.run(walk.threads[0], walk.call(walk.spaces[0]));
            }
            for (int who = 0; who < 2; who++) {
                for (int i = 0; i < 6; i++) {
                    bench.engine.assign(walk.threads[who], List.of(walk.call(walk.spaces[0])));
                }
            }
            Schedule schedule = new Schedule.Seeded(seed);
            for (Choice choice = schedule.next(bench.engine); choice != null; choice = schedule.next(bench.engine)) {
                bench.engine.step(choice);
            }
            assertThat(bench.engine.deadlocked()).isFalse();
            bench.check(walk.spaces);
            staleNowhere(bench, walk.spaces[0]);
        }
    }

    /** Where nothing is ever accessed, mappings that could be one are one: no anon_vma sets them apart. */
    @ParameterizedTest
    @EnumSource(KernelVersion.class)
    void whatCanBeOneMappingIsOne(KernelVersion version) {
        for (long seed = 0; seed < 20; seed++) {
            Walk walk = new Walk(version, 400 + seed);
            for (int i = 0; i < 150; i++) {
                walk.bench.run(walk.threads[0], walk.layout(walk.spaces[0]));
                merged(walk.bench, walk.spaces[0]);
            }
            walk.bench.check(walk.spaces);
        }
    }

    /** No mapping could go on in the next one. */
    static void merged(Bench bench, int mm) {
        Vma before = null;
        for (Vma vma : bench.kernel.vmas().all(mm)) {
            boolean one = before != null && before.end() == vma.start() && ((before.flags() ^ vma.flags()) & ~Vma.STICKY) == 0
                    && before.file() == vma.file() && before.index(vma.start()) == vma.pgoff() && before.anon() == vma.anon();
            assertThat(one).as("%s and %s", before, vma).isFalse();
            before = vma;
        }
    }

    /** No CPU remembers a translation that the page table does not have, or a permission that it lacks. */
    private static void staleNowhere(Bench bench, int mm) {
        for (int cpu = 0; cpu < bench.cpus.count(); cpu++) {
            for (int i = 0; i < bench.cpus.tlb(cpu).entries(); i++) {
                long tag = bench.cpus.tlb(cpu).tagAt(i);
                if (tag != 0 && bench.cpus.tlb(cpu).spaceAt(i) == mm) {
                    long entry = bench.kernel.pte(mm, Tlb.page(tag) << 12);
                    long translation = bench.cpus.tlb(cpu).translationAt(i);
                    assertThat(Entry.frame(entry)).isEqualTo(Translation.frame(translation));
                    int allowed = Tables.permissions(entry);
                    assertThat(Translation.permissions(translation) & ~allowed).isZero();
                }
            }
        }
    }
}
