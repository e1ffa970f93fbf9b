package dev.shootdown.cli;

import dev.shootdown.lang.Exploration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code shootdown explore}. */
@Command(name = "explore", description = "Explores the scenarios of a file, or the one named: every interleaving.", sortOptions = false)
final class ExploreCommand implements Callable<Integer> {
    @ParentCommand
    private Shootdown shootdown;

    @Parameters(index = "0", paramLabel = "FILE", description = "A script; - is standard input.")
    private String file;

    @Parameters(index = "1", arity = "0..1", paramLabel = "SCENARIO", description = "The one to explore; all where it is left out.")
    private String scenario;

    @Option(names = "--states", paramLabel = "N", converter = Quantity.Count.class, description = "Stops at so many states.")
    private Long states;

    @Option(names = "--time", paramLabel = "TIME", converter = Quantity.Seconds.class, description = "Stops after so long: 30s, 5m.")
    private Double seconds;

    @Option(names = "--memory", paramLabel = "SIZE", converter = Quantity.Bytes.class, description = "Stops when the states fill so much: 4G.")
    private Long memory;

    @Option(names = "--depth", paramLabel = "N", converter = Quantity.Count.class, description = "Looks no further than so many steps.")
    private Long depth;

    @Option(names = "--preempt", paramLabel = "N", description = "Interrupts actors that could go on no more often than this.")
    private Integer preempt;

    @Option(names = "--seed", paramLabel = "N", description = "Of the order of the search.")
    private Long seed;

    @Option(names = "--threads", paramLabel = "N", converter = Quantity.Count.class,
            description = "Several searches (scenarios, --kernel, --driver, --vendor) go on at once, so many, as many as there are processors if "
                    + "nothing is said. Where there are fewer, a plain search (--plain) uses several threads; the reduced one uses one, and one "
                    + "more that looks at random as long as it goes on.")
    private Long threads;

    @Option(names = "--kernel", paramLabel = "A,B", split = ",", hideParamSyntax = true, description = "On these kernel versions.")
    private List<String> kernels = new ArrayList<>();

    @Option(names = "--driver", paramLabel = "A,B", split = ",", hideParamSyntax = true, description = "With these drivers.")
    private List<String> drivers = new ArrayList<>();

    @Option(names = "--vendor", paramLabel = "A,B", split = ",", hideParamSyntax = true, description = "Behind IOMMUs of these vendors.")
    private List<String> vendors = new ArrayList<>();

    @Option(names = "--plain", description = "Without reduction.")
    private boolean plain;

    @Option(names = "--singly", description = "State by state: without taking the steps of devices that hardly meet from many states at once.")
    private boolean singly;

    @Option(names = "--why", description = "Lists behind the verdicts which step met which actor on what, and how often: why the reduction is no stronger.")
    private boolean why;

    @Option(names = "--full", description = "Leaves nothing out of witnesses.")
    private boolean full;

    @Option(names = "--replay", paramLabel = "TOKEN", description = "Runs a witness again instead of searching.")
    private String replay;

    @Override
    public Integer call() {
        if (preempt != null && preempt < 0) {
            throw Shootdown.usage("'" + preempt + "' is no number of preemptions", "0 is the least");
        }
        refuseWhyOfAll();
        Exploration request = new Exploration(scenario, states, seconds, memory, Quantity.small(depth), preempt, seed,
                Quantity.small(threads), kernels, drivers, vendors, plain, singly, why, replay);
        return shootdown.each(List.of(file), (interpreter, source, text) -> interpreter.explore(source, text, request), full);
    }

    /** What is not reduced has nothing to tell of its reduction. */
    private void refuseWhyOfAll() {
        String other = plain ? "--plain" : preempt != null ? "--preempt" : depth != null ? "--depth" : replay != null ? "--replay" : null;
        if (why && other != null) {
            throw Shootdown.usage("--why is about the reduction, and with " + other + " there is none", "give one or the other");
        }
    }
}
