package dev.shootdown.mm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Step;
import dev.shootdown.vocabulary.Signal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The lock of each mapping: which faults go on beside a writer who holds the mmap lock, and which wait. */
class VmaLockTest {
    private static final long A = 0x1000_0000_0000L;
    private static final long PAGE = 4096;
    /** A mapping that nobody changes. */
    private static final long KEEP = A + 64 * PAGE;
    private static final long RW = Vma.READ | Vma.WRITE;

    private Bench bench;
    private int mm;
    private Actor main;
    private Actor worker;

    private void begin(String version) {
        bench = new Bench(KernelVersion.of(version));
        mm = bench.process("app");
        main = bench.thread("app.main");
        worker = bench.thread("app.worker", mm, 1);
        map(A, 4, Mmap.PRIVATE, 0);
        map(KEEP, 4, Mmap.PRIVATE, 0);
        bench.run(main, new Touch(mm, A, A + 1, Translation.WRITE), new Touch(mm, KEEP, KEEP + 1, Translation.WRITE));
    }

    private void map(long at, long pages, long flags, int file) {
        assertThat(bench.run(main, new Mmap(mm, at, pages * PAGE, RW, flags | Mmap.FIXED, file, 0))).isEqualTo(at);
    }

    private Step operation(String name) {
        return switch (name) {
            case "munmap" -> new Munmap(mm, A, 2 * PAGE);
            case "mprotect" -> new Mprotect(mm, A, 2 * PAGE, Vma.READ);
            case "mremap" -> new Mremap(mm, A, 4 * PAGE, 4 * PAGE, Mremap.MAYMOVE | Mremap.FIXED, A + 32 * PAGE);
            case "grow" -> new Mremap(mm, A, 4 * PAGE, 8 * PAGE, 0, 0);
            case "fork" -> new Fork(mm, bench.kernel.reserve("child"));
            case "mlock" -> new Mlock(mm, A, PAGE, Vma.LOCKED);
            case "dontfork" -> new Madvise(mm, A, PAGE, Advice.DONTFORK);
            case "mbind" -> new Mbind(mm, A, 4 * PAGE, 0);
            case "beside" -> new Mmap(mm, A + 4 * PAGE, PAGE, RW, Mmap.PRIVATE | Mmap.FIXED, 0, 0);
            case "replace" -> new Mmap(mm, A, PAGE, Vma.READ, Mmap.PRIVATE | Mmap.FIXED, 0, 0);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private boolean marked(long address) {
        Vma vma = bench.kernel.vmas().at(mm, address);
        return vma != null && bench.kernel.vmaLocks().readers(vma) < 0;
    }

    /** Steps until a mapping is marked, or in older kernels the mmap lock is held. */
    private void untilWriting() {
        boolean locks = bench.kernel.version().hasVmaLocks();
        while (bench.kernel.lock(mm) >= 0 || locks && !marked(A) && !bench.engine.idle(main)) {
            bench.engine.step(main, 0);
        }
        assertThat(bench.engine.idle(main)).isFalse();
    }

    /** Whether the worker gets to the end of an access while nobody else takes a step. */
    private boolean alone(long address, int access) {
        bench.engine.assign(worker, List.of(new Touch(mm, address, address + 1, access)));
        while (!bench.engine.idle(worker) && bench.engine.ready(worker)) {
            bench.engine.step(worker, 0);
        }
        return bench.engine.idle(worker);
    }

    private void check() {
        int child = bench.kernel.mm("child");
        if (child == 0) {
            bench.check(mm);
        } else {
            bench.check(mm, child);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "6.1, munmap, false", "6.6, munmap, true", "6.18, munmap, true", "6.6, mprotect, true", "6.18, mprotect, true", "6.6, mremap, true",
        "6.18, mremap, true", "6.6, grow, true", "6.18, grow, true", "6.1, fork, false", "6.6, fork, true", "6.18, fork, true", "6.6, mlock, true",
        "6.18, mlock, true", "6.18, dontfork, true", "6.6, mbind, true", "6.18, beside, true", "6.6, replace, true", "6.18, replace, true"})
    void faultsOfOtherMappingsGoOn(String version, String operation, boolean goesOn) {
        begin(version);
        bench.engine.assign(main, List.of(operation(operation)));
        untilWriting();
        assertThat(alone(KEEP + PAGE, Translation.WRITE)).isEqualTo(goesOn);
        bench.settle();
        assertThat(bench.kernel.lock(mm)).isZero();
        assertThat(bench.kernel.vmas().all(mm)).allMatch(vma -> bench.kernel.vmaLocks().readers(vma) == 0);
        check();
    }

    @ParameterizedTest
    @ValueSource(strings = {"munmap", "mprotect", "mremap", "grow", "fork", "mlock", "dontfork", "mbind", "beside", "replace"})
    void faultsOfTheMappingWait(String operation) {
        begin("6.18");
        bench.engine.assign(main, List.of(operation(operation)));
        untilWriting();
        assertThat(alone(A + PAGE, Translation.WRITE)).isFalse();
        bench.settle();
        assertThat(bench.engine.idle(worker)).isTrue();
        check();
    }

    @ParameterizedTest
    @EnumSource(value = KernelVersion.class, names = {"V6_6", "V6_18"})
    void aWriterWaitsForTheFaultsOfTheMapping(KernelVersion version) {
        begin(version.text());
        bench.engine.assign(worker, List.of(new Touch(mm, A + PAGE, A + PAGE + 1, Translation.WRITE)));
        while (bench.kernel.vmaLocks().readers(bench.kernel.vmas().at(mm, A)) == 0) {
            bench.engine.step(worker, 0);
        }
        bench.engine.assign(main, List.of(new Munmap(mm, A, PAGE)));
        while (bench.engine.ready(main)) {
            bench.engine.step(main, 0);
        }
        assertThat(bench.engine.idle(main)).isFalse();
        assertThat(bench.kernel.lock(mm)).isEqualTo(-1);
        bench.settle();
        assertThat(bench.engine.idle(main)).isTrue();
        check();
    }

    /** What 6.6 serves with the mmap lock only: no anon_vma yet, and files' pages that are not in the page cache, or written to. */
    @ParameterizedTest
    @CsvSource({
        "6.6, fresh, 2, false", "6.18, fresh, 2, false", "6.18, fresh, 1, true", "6.6, fresh, 1, false", "6.6, shared, 1, false",
        "6.6, cached, 1, true", "6.6, cached, 2, false", "6.18, shared, 1, true", "6.18, shared, 2, true", "6.18, private, 2, false",
        "6.18, private, 1, true"})
    void whatTheLockOfTheMappingIsEnoughFor(String version, String kind, int access, boolean enough) {
        begin(version);
        long at = A + 128 * PAGE;
        boolean cached = kind.equals("cached") || kind.equals("private");
        int file = cached ? bench.kernel.files().create("f", 4 * PAGE, true) : 0;
        map(at, 4, kind.equals("fresh") || kind.equals("private") ? Mmap.PRIVATE : Mmap.SHARED, file);
        bench.engine.assign(main, List.of(operation("munmap")));
        untilWriting();
        assertThat(alone(at + PAGE, access)).isEqualTo(enough);
        bench.settle();
        assertThat(bench.engine.idle(worker)).isTrue();
        assertThat(Outcome.failed(worker.result())).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"6.6, false", "6.18, true"})
    void whatMayNotBeAccessed(String version, boolean atOnce) {
        begin(version);
        bench.run(main, new Mprotect(mm, KEEP, PAGE, Vma.READ));
        bench.engine.assign(main, List.of(operation("munmap")));
        untilWriting();
        assertThat(alone(KEEP, Translation.WRITE)).isEqualTo(atOnce);
        bench.settle();
        assertThat(Outcome.signal(worker.result())).isEqualTo(Signal.SEGV_ACCERR);
    }

    @ParameterizedTest
    @CsvSource({"DONTNEED, true", "FREE, true", "COLD, false"})
    void adviceOfOneMappingHoldsItsLockOnly(Advice advice, boolean goesOn) {
        begin("6.18");
        bench.engine.assign(main, List.of(operation("munmap")));
        untilWriting();
        bench.engine.assign(worker, List.of(new Madvise(mm, KEEP + 2 * PAGE, PAGE, advice)));
        while (!bench.engine.idle(worker) && bench.engine.ready(worker)) {
            bench.engine.step(worker, 0);
        }
        assertThat(bench.engine.idle(worker)).isEqualTo(goesOn);
        bench.settle();
        check();
    }

    @Test
    void aDeviceTakesTheMmapLock() {
        begin("6.18");
        bench.engine.assign(main, List.of(operation("munmap")));
        untilWriting();
        bench.engine.assign(worker, List.of(new MmapLock.Read(mm), new HandleMmFault(mm, KEEP + PAGE, Translation.WRITE, true), new MmapLock.ReadUnlock(mm)));
        assertThat(bench.engine.ready(worker)).isFalse();
    }
}
