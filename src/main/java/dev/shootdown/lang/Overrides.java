package dev.shootdown.lang;

import dev.shootdown.machine.Vendor;
import dev.shootdown.mm.KernelVersion;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Span;
import dev.shootdown.vocabulary.Suggestion;
import java.util.ArrayList;
import java.util.List;

/**
 * What the command line says instead of the script; null where it says nothing.
 *
 * @param alteration what an experiment changes of the machines
 */
record Overrides(String kernel, String driver, String vendor, Alteration alteration) {
    static final Overrides NONE = new Overrides(null, null, null, null);

    /** The same on machines with something altered. */
    Overrides altered(Alteration other) {
        return new Overrides(kernel, driver, vendor, other);
    }

    /** The combinations that a request asks for, the kernels going slowest. */
    static List<Overrides> of(Exploration request) {
        List<Overrides> all = new ArrayList<>();
        for (String kernel : orNull(request.kernels())) {
            for (String driver : orNull(request.drivers())) {
                for (String vendor : orNull(request.vendors())) {
                    all.add(new Overrides(kernel, driver, vendor, null));
                }
            }
        }
        return all;
    }

    /** What is wrong with a request, for the command line as a whole; empty if nothing. */
    static List<Diagnostic> wrong(Exploration request, List<String> drivers) {
        List<Diagnostic> wrong = new ArrayList<>();
        refuse("kernel", request.kernels(), KernelVersion.texts(), wrong);
        List<String> known = new ArrayList<>(drivers);
        known.addAll(BuiltInDrivers.NAMES);
        refuse("driver", request.drivers(), known, wrong);
        refuse("vendor", request.vendors(), Vendor.words(), wrong);
        return wrong;
    }

    private static void refuse(String option, List<String> written, List<String> known, List<Diagnostic> wrong) {
        for (String word : written) {
            if (!known.contains(word)) {
                wrong.add(Diagnostic.error("unknown-" + option, Span.whole("--" + option), "there is no " + option + " " + Quoting.quote(word))
                        .hint("it is one of " + String.join(", ", known))
                        .didYouMean(Suggestion.nearest(word, known)));
            }
        }
    }

    private static List<String> orNull(List<String> written) {
        List<String> list = new ArrayList<>(written);
        if (list.isEmpty()) {
            list.add(null);
        }
        return list;
    }

    /** Behind the name of a scenario; empty where nothing is overridden. */
    String suffix() {
        return part("kernel", kernel) + part("driver", driver) + part("vendor", vendor);
    }

    private static String part(String name, String value) {
        return value == null ? "" : " " + name + "=" + value;
    }
}
