package dev.shootdown.mm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.memory.Translation;
import dev.shootdown.memory.Use;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Schedule;
import dev.shootdown.sim.Step;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds after any operations on huge pages and parts of them, in any order, on any version. */
class ThpPropertyTest {
    private static final long BASE = 0x1000_0000_0000L;
    private static final int PLACES = 4;

    /** A process with two threads, a child now and then, swap, and random calls in eight megabytes. */
    private static final class Walk {
        final SplittableRandom random;
        final Bench bench;
        final int[] spaces = new int[2];
        final Actor[] threads = new Actor[3];

        Walk(KernelVersion version, long seed) {
            random = new SplittableRandom(seed);
            bench = new Bench(version, 4, 1 << 14);
            bench.kernel.thp().policy(Thp.Policy.values()[1 + random.nextInt(2)]);
            bench.kernel.swapOn(1500);
            spaces[0] = bench.process("app");
            bench.notifier.subscribe(spaces[0], new Observer("observer"));
            spaces[1] = bench.kernel.reserve("child");
            threads[0] = bench.thread("app.main");
            threads[1] = bench.thread("app.worker", spaces[0], 1);
            threads[2] = bench.thread("child.main", spaces[1], 1);
            for (int i = 0; i < 2; i++) {
                bench.run(threads[0], new Mmap(spaces[0], BASE + i * Thp.SIZE * 2, Thp.SIZE * 2, Vma.READ | Vma.WRITE, Mmap.PRIVATE | Mmap.FIXED, 0, 0));
                bench.run(threads[0], new Madvise(spaces[0], BASE + i * Thp.SIZE * 2, Thp.SIZE * 2, Advice.HUGEPAGE));
            }
        }

        Step call(int mm) {
            boolean edge = random.nextInt(3) != 0;
            long address = BASE + random.nextInt(PLACES) * Thp.SIZE + (edge ? 0 : (long) random.nextInt(512) << 12);
            long length = random.nextBoolean() ? Thp.SIZE : (1 + random.nextInt(600)) << 12;
            return switch (random.nextInt(20)) {
                case 0 -> new Mmap(mm, address, length, Vma.READ | Vma.WRITE, Mmap.PRIVATE | Mmap.FIXED, 0, 0);
                case 1, 2, 3, 4 -> new Touch(mm, address, address + 1, random.nextInt(3) == 0 ? Translation.READ : Translation.WRITE);
                case 5 -> new Touch(mm, address, address + (20 << 12), Translation.WRITE);
                case 6 -> new Munmap(mm, address, length);
                case 7 -> new Mprotect(mm, address, length, random.nextInt(3) == 0 ? 0 : random.nextBoolean() ? Vma.READ : Vma.READ | Vma.WRITE);
                case 8 -> new Madvise(mm, address, length, Advice.HUGEPAGE);
                case 9 -> new Mremap(mm, address, length, length, Mremap.MAYMOVE | Mremap.FIXED,
                        BASE + random.nextInt(PLACES) * Thp.SIZE + (random.nextInt(3) == 0 ? 4096 : 0));
                case 10 -> new Mlock(mm, address, length, random.nextBoolean() ? Vma.LOCKED : 0);
                case 11 -> new ClearRefs(mm, random.nextBoolean() ? 1 : 4);
                case 12 -> new Khugepaged(mm, BASE, BASE + PLACES * Thp.SIZE);
                case 13 -> new SplitHugePages(mm, address, address + length);
                case 14 -> Write.fill(mm, address + 8, address + 4096, random.nextInt(256));
                case 15 -> Reclaim.range(mm, address, address + length, false);
                case 16 -> new Madvise(mm, address, length, Advice.DONTNEED);
                case 17 -> Poke.fill(mm, address, address + 100, random.nextInt(256));
                default -> new Madvise(mm, address, length, Advice.values()[random.nextInt(Advice.values().length)]);
            };
        }

        void fork() {
            bench.run(threads[0], new Fork(spaces[0], spaces[1]));
        }
    }

    @ParameterizedTest
    @EnumSource(KernelVersion.class)
    void countsAgreeWithTablesAfterAnyCalls(KernelVersion version) {
        for (long seed = 0; seed < 12; seed++) {
            Walk walk = new Walk(version, seed);
            for (int i = 0; i < 60; i++) {
                walk.bench.run(walk.threads[0], walk.call(walk.spaces[0]));
                if (i % 20 == 10) {
                    walk.fork();
                } else if (i % 20 > 10) {
                    walk.bench.run(walk.threads[2], walk.call(walk.spaces[1]));
                }
                if (i % 20 == 19) {
                    walk.bench.run(walk.threads[2], new Exit(walk.spaces[1]));
                }
                walk.bench.settle();
                walk.bench.check(walk.spaces);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(KernelVersion.class)
    void nothingIsLeftAfterTheLastExit(KernelVersion version) {
        for (long seed = 0; seed < 10; seed++) {
            Walk walk = new Walk(version, 100 + seed);
            for (int i = 0; i < 40; i++) {
                walk.bench.run(walk.threads[0], walk.call(walk.spaces[0]));
            }
            walk.fork();
            walk.bench.run(walk.threads[2], walk.call(walk.spaces[1]), new Exit(walk.spaces[1]));
            walk.bench.run(walk.threads[0], new Exit(walk.spaces[0]));
            walk.bench.settle();
            for (long frame = walk.bench.frames.nextInUse(0); frame != 0; frame = walk.bench.frames.nextInUse(frame)) {
                assertThat(walk.bench.frames.use(frame)).as("seed %d frame %d", seed, frame).isIn(Use.KERNEL, Use.SHARED);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(KernelVersion.class)
    void threadsMayRace(KernelVersion version) {
        for (long seed = 0; seed < 40; seed++) {
            Walk walk = new Walk(version, 300 + seed);
            Bench bench = walk.bench;
            for (int i = 0; i < 8; i++) {
                bench.run(walk.threads[0], walk.call(walk.spaces[0]));
            }
            for (int who = 0; who < 2; who++) {
                for (int i = 0; i < 4; i++) {
                    bench.engine.assign(walk.threads[who], List.of(walk.call(walk.spaces[0])));
                }
            }
            Schedule schedule = new Schedule.Seeded(seed);
            for (Choice choice = schedule.next(bench.engine); choice != null; choice = schedule.next(bench.engine)) {
                bench.engine.step(choice);
            }
            assertThat(bench.engine.deadlocked()).as("seed %d", seed).isFalse();
            bench.check(walk.spaces);
        }
    }
}
