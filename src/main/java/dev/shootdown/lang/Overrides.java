package dev.shootdown.lang;

import java.util.ArrayList;
import java.util.List;

/** What the command line says instead of the script; null where it says nothing. */
record Overrides(String kernel, String driver, String vendor) {
    static final Overrides NONE = new Overrides(null, null, null);

    /** The combinations that a request asks for, the kernels going slowest. */
    static List<Overrides> of(Exploration request) {
        List<Overrides> all = new ArrayList<>();
        for (String kernel : orNull(request.kernels())) {
            for (String driver : orNull(request.drivers())) {
                for (String vendor : orNull(request.vendors())) {
                    all.add(new Overrides(kernel, driver, vendor));
                }
            }
        }
        return all;
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
