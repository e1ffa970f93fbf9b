package dev.shootdown.lang;

import dev.shootdown.driver.Driver;
import dev.shootdown.driver.DriverMutant;
import dev.shootdown.explore.Bounds;
import dev.shootdown.sim.Manner;
import dev.shootdown.sim.Mutant;
import dev.shootdown.sim.Site;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Moment;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Span;
import dev.shootdown.vocabulary.Suggestion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** {@code mutate}: what happens to a script's scenarios where a step that is there for safety is missing or out of place. */
final class Mutating {
    private final Play play;
    private final String source;
    private final Experiment request;
    private final Consumer<Play> stage;
    private final List<Trial> trials = new ArrayList<>();

    /** A mutant with the scenarios that it can matter to, the smallest first. */
    private record Candidate(Alteration alteration, List<Trial> trials) {}

    /** The scenario that noticed one, and how. */
    private record Noticed(Trial trial, Trial.Finding finding) {}

    /** @param stage is told whose names are those of what is shown next */
    Mutating(Play play, String source, Experiment request, Consumer<Play> stage) {
        this.play = play;
        this.stage = stage;
        this.source = source;
        this.request = request;
    }

    Status run(List<String> scenarios) {
        abreast(scenarios.stream().<Abreast.Task<Trial>>map(scenario -> shown -> new Trial(play, shown, scenario, bounds())).toList()).forEach(trials::add);
        if (play.front().interrupted()) {
            return Status.INTERRUPTED;
        }
        trials.sort(Comparator.comparingLong(Trial::states));
        Map<String, Candidate> candidates = candidates();
        List<String> unknown = request.only().stream().filter(name -> !candidates.containsKey(name)).toList();
        unknown.forEach(name -> play.front().diagnostic(Diagnostic.error("unknown-mutant", Span.whole(source),
                "no scenario here has the mutant " + Quoting.quote(name)).didYouMean(Suggestion.nearest(name, List.copyOf(candidates.keySet())))));
        return unknown.isEmpty() ? each(candidates) : Status.REFUSED;
    }

    private Bounds bounds() {
        Bounds bounds = Bounds.none();
        bounds = request.states() == null ? bounds : bounds.states(request.states());
        return request.seconds() == null ? bounds : bounds.seconds(request.seconds());
    }

    private Map<String, Candidate> candidates() {
        Map<String, Candidate> found = new TreeMap<>(Mutating::byStep);
        for (Trial trial : trials) {
            for (Driver driver : trial.drivers()) {
                DriverMutant.of(driver, trial.putsOff()).forEach(mutant -> add(found, mutant.text(), new Alteration.OfDriver(mutant), trial));
            }
            trial.changes().forEach(change -> add(found, change.text(), new Alteration.OfFunction(change), trial));
            for (Site site : trial.sites()) {
                for (Manner manner : site.safety().manners()) {
                    add(found, manner.word() + " " + site.text(), new Alteration.OfStep(new Mutant(site, manner)), trial);
                }
            }
        }
        return found;
    }

    /** What is done to one step stands together. */
    private static int byStep(String a, String b) {
        int bySteps = a.substring(a.indexOf(' ') + 1).compareTo(b.substring(b.indexOf(' ') + 1));
        return bySteps == 0 ? a.compareTo(b) : bySteps;
    }

    private static void add(Map<String, Candidate> found, String name, Alteration alteration, Trial trial) {
        found.computeIfAbsent(name, first -> new Candidate(alteration, new ArrayList<>())).trials().add(trial);
    }

    private <T> List<T> abreast(List<Abreast.Task<T>> tasks) {
        int threads = request.threads() != null ? request.threads() : Runtime.getRuntime().availableProcessors();
        return Abreast.run(play.front(), stage, threads, tasks);
    }

    private Status each(Map<String, Candidate> candidates) {
        List<Abreast.Task<Boolean>> tasks = new ArrayList<>();
        candidates.forEach((name, candidate) -> {
            if (request.only().isEmpty() || request.only().contains(name)) {
                tasks.add(shown -> tried(shown, name, candidate));
            }
        });
        List<Boolean> noticed = abreast(tasks);
        if (play.front().interrupted()) {
            return Status.INTERRUPTED;
        }
        play.front().progress("");
        long all = noticed.stream().filter(one -> one).count();
        play.front().listing(new Listing("", List.of(), List.of(List.of(all + " of " + tasks.size() + " noticed by " + source))));
        return Status.HELD;
    }

    /** Tries a mutant on one scenario after the other, until a condition of one notices, or at least the model where none does. */
    private boolean tried(Backlog shown, String name, Candidate candidate) {
        Noticed broken = null;
        long bounded = 0;
        for (Trial trial : candidate.trials()) {
            Trial.Finding finding = trial.explore(shown, candidate.alteration());
            shown.progress("");
            if (finding.noticed() && !finding.brokenDown()) {
                return show(shown, name, candidate, new Noticed(trial, finding));
            }
            if (finding.brokenDown()) {
                broken = broken == null ? new Noticed(trial, finding) : broken;
            } else {
                bounded = finding.reach().complete() ? bounded : Math.max(bounded, finding.reach().at());
            }
        }
        if (broken != null) {
            return show(shown, name, candidate, broken);
        }
        tell(shown, new Event.Mutant(name, false, null, null, null, bounded == 0, bounded == 0 ? null : bounded, null));
        return false;
    }

    private boolean show(Backlog shown, String name, Candidate candidate, Noticed noticed) {
        Trial trial = noticed.trial();
        Trial.Finding finding = noticed.finding();
        boolean told = finding.witness() != null;
        if (told && !request.only().isEmpty()) {
            trial.replay(shown, name, candidate.alteration(), finding.witness());
        }
        tell(shown, new Event.Mutant(name, true, trial.scenario(), finding.condition(), told ? (long) finding.witness().choices().size() : null,
                null, null, finding.token()));
        return true;
    }

    /** No step's event. */
    private static void tell(Backlog shown, Event.Mutant mutant) {
        if ((shown.kinds() & mutant.kind().bit()) != 0) {
            shown.event(new Moment(0, "", mutant));
        }
    }
}
