package dev.shootdown.bench;

import dev.shootdown.check.Check;
import dev.shootdown.check.Checkers;
import dev.shootdown.device.DmaAccess;
import dev.shootdown.explore.Condition;
import dev.shootdown.explore.Counts;
import dev.shootdown.explore.Explorer;
import dev.shootdown.explore.Quantifier;
import dev.shootdown.machine.Call;
import dev.shootdown.mm.Munmap;
import dev.shootdown.sim.Engine;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The whole space of a munmap of four pages against DMA writes on 3.19: states a second, and bytes a stored state. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-XX:+UseSerialGC")
@Warmup(iterations = 5)
@Measurement(iterations = ExploreBenchmark.ROUNDS)
public class ExploreBenchmark {
    /** JMH adds counters up over the iterations, so each puts in its share of the mean. */
    static final int ROUNDS = 5;

    private static final int PAGES = 4;

    /** How many DMA writes race with the munmap: each makes the space some three times as large. */
    @Param({"2", "12"})
    public int accesses;

    /** What JMH prints beside the time. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Found {
        public double states;
        public double transitions;
        public double statesPerSecond;
        public double bytesPerState;
    }

    @Benchmark
    public long explore(Found found) {
        Condition condition = Condition.lasting("forbid use_after_free", Quantifier.FORBID,
                world -> world.part(Checkers.class).happened(Check.USE_AFTER_FREE));
        Counts counts = new Explorer(this::begin, List.of(condition)).explore().counts();
        found.states = (double) counts.states() / ROUNDS;
        found.transitions = (double) counts.transitions() / ROUNDS;
        found.statesPerSecond = (double) counts.statesPerSecond() / ROUNDS;
        found.bytesPerState = (double) counts.bytesPerState() / ROUNDS;
        return counts.ends();
    }

    private Engine begin() {
        Rig rig = new Rig(true);
        Checkers.of(rig.machine).watch(List.of(Check.USE_AFTER_FREE), false);
        rig.map(PAGES);
        rig.touch(PAGES);
        Engine engine = rig.machine.engine();
        engine.assign(rig.main, Call.around("app", "munmap", "", List.of(new Munmap(rig.mm, Rig.ARENA, PAGES * 4096L)), Call.Result.NONE));
        for (int i = 0; i < accesses; i++) {
            DmaAccess write = DmaAccess.write(rig.gpu.number(), Rig.PASID, Rig.ARENA, Rig.ARENA + 4096, 0xab);
            engine.assign(rig.gpu.actor(), Call.around(null, "dma write", "", List.of(write), Call.Result.NUMBER));
        }
        return engine;
    }
}
