package dev.shootdown.lang;

import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.tree.Identifier;
import dev.shootdown.lang.tree.VerbCall;
import dev.shootdown.lang.word.Verb;
import dev.shootdown.lang.word.Words;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import java.util.List;

/** What must hold of a call beyond the kinds of its arguments, and what it declares. */
final class CallRules {
    private final Names names;

    CallRules(Names names) {
        this.names = names;
    }

    void check(Who who, Verb verb, VerbCall call, Binding binding) {
        switch (verb.name()) {
            case "fork", "vfork" -> fork((Expression.Name) binding.get("NAME"));
            case "mmap" -> mmap(call, binding);
            case "touch" -> oneOf(verb, call, binding, "read", "write", "exec");
            case "translate" -> {
                translate(who, call);
                bound(who, call, binding);
            }
            case "dma read", "dma write" -> bound(who, call, binding);
            case "dma_map" -> names.reach(((Expression.Name) binding.get("device")).text());
            default -> vendor(who, verb, call);
        }
    }

    private void vendor(Who who, Verb verb, VerbCall call) {
        if (names.get(who.owner()) instanceof Thing.Iommu iommu) {
            refuseOther(iommu.vendor(), verb, who, call);
        }
    }

    /** A vendor's commands are for its own IOMMUs: to others their words mean something else, or nothing. */
    static void refuseOther(String vendor, Verb verb, Who who, VerbCall call) {
        String other = Words.vendorOf(verb);
        if (!other.isEmpty() && !other.equals(vendor)) {
            throw new Refusal(Diagnostic.error("wrong-vendor", call.verb().at(),
                    verb.name() + " is a command of " + other + ", and " + who.owner() + " is of " + vendor)
                    .hint("flush iotlb, flush atc and sync are understood by every vendor's"));
        }
    }

    private void fork(Expression.Name child) {
        if (!(names.get(child.text()) instanceof Thing.Process known && known.forked())) {
            names.declare(new Identifier(child.text(), child.at()), new Thing.Process(List.of("main"), true));
        }
    }

    private static void mmap(VerbCall call, Binding binding) {
        if (binding.has("fixed") && binding.has("noreplace")) {
            throw new Refusal(Diagnostic.error("contradiction", call.verb().at(),
                    "fixed replaces what is there, noreplace does not: say one"));
        }
        for (String flag : List.of("fixed", "noreplace")) {
            if (binding.has(flag) && !binding.has("ADDR")) {
                throw new Refusal(Diagnostic.error("missing-argument", binding.get(flag).at(),
                        Quoting.quote(flag) + " needs an address")
                        .hint("mmap ADDR SIZE PROT " + flag));
            }
        }
        if (binding.has("anon") && binding.has("file")) {
            throw new Refusal(Diagnostic.error("contradiction", binding.get("anon").at(),
                    "a mapping of a file is not anonymous"));
        }
        if (binding.has("offset") && !binding.has("file")) {
            throw new Refusal(Diagnostic.error("missing-argument", binding.get("offset").at(),
                    "an offset needs a file="));
        }
        if (binding.has("readonly") && !binding.has("file")) {
            throw new Refusal(Diagnostic.error("missing-argument", binding.get("readonly").at(), "readonly needs a file="));
        }
    }

    private static void oneOf(Verb verb, VerbCall call, Binding binding, String... flags) {
        List<String> written = java.util.Arrays.stream(flags).filter(binding::has).toList();
        if (written.size() > 1) {
            throw new Refusal(Diagnostic.error("contradiction", binding.get(written.get(1)).at(),
                    Quoting.quote(verb.name()) + " is done in one way: " + String.join(" or ", written)));
        }
    }

    private void translate(Who who, VerbCall call) {
        if (names.get(who.owner()) instanceof Thing.Device device && !device.ats()) {
            throw new Refusal(Diagnostic.error("no-ats", call.verb().at(),
                    who.owner() + " has no ATS, so it cannot ask for translations")
                    .hint("device " + who.owner() + " behind " + device.iommu() + " { ats }"));
        }
    }

    private void bound(Who who, VerbCall call, Binding binding) {
        if (!binding.has("pasid") && !names.reaches(who.owner())) {
            throw new Refusal(Bound.notBound(who.owner(), call));
        }
    }
}
