package dev.shootdown.lang;

import dev.shootdown.lang.tree.Identifier;
import dev.shootdown.lang.word.Constants;
import dev.shootdown.lang.word.Verb;
import dev.shootdown.lang.word.Words;
import dev.shootdown.vocabulary.Parameter;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import dev.shootdown.vocabulary.Word;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Which words could stand at the cursor: read off the words of the language and the names that hold. */
final class Completion {
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_.]*$");
    private static final Pattern CALL = Pattern.compile(
            "(?:^|[;{}\\n]|=)\\s*([A-Za-z_][A-Za-z0-9_.]*)\\s*:\\s*(?:\\{[^}]*;\\s*|\\{\\s*)?(.*)$", Pattern.DOTALL);

    private final Names names;
    private final List<String> places;
    private final List<Candidate> found = new ArrayList<>();

    /** @param places what {@code goto} knows by name */
    Completion(Names names, List<String> places) {
        this.names = names;
        this.places = places;
    }

    List<Candidate> complete(String text, int cursor) {
        String before = text.substring(0, Math.min(cursor, text.length()));
        Matcher word = WORD.matcher(before);
        String begun = word.find() ? word.group() : "";
        String ahead = before.substring(0, before.length() - begun.length());
        gather(ahead.substring(statement(ahead)));
        return found.stream()
                .filter(candidate -> candidate.text().startsWith(begun) && !candidate.text().equals(begun))
                .collect(Collectors.toMap(Candidate::text, candidate -> candidate, (first, second) -> first, TreeMap::new))
                .values()
                .stream()
                .toList();
    }

    /** Where the statement begins that a text ends in. */
    private static int statement(String text) {
        return Math.max(text.lastIndexOf('\n'), text.lastIndexOf(';')) + 1;
    }

    private void gather(String statement) {
        Matcher call = CALL.matcher(statement);
        String[] words = statement.strip().split("\\s+");
        if (call.find()) {
            call(new Identifier(call.group(1), Span.whole("")), call.group(2));
        } else if (statement.isBlank()) {
            beginnings();
        } else {
            behind(words[0], words.length);
            if (names.actor() != null) {
                call(names.actor(), statement.replaceFirst("^\\s*let\\s+\\w+\\s*=", ""));
            }
        }
    }

    private void call(Identifier actor, String rest) {
        Who who;
        try {
            who = names.who(actor);
        } catch (Refusal unknown) {
            return;
        }
        String[] written = rest.isBlank() ? new String[0] : rest.strip().split("\\s+");
        if (written.length == 0) {
            Words.verbs(who.subject()).forEach(verb -> add(verb.name().split(" ")[0], "verb", verb.word().help()));
            return;
        }
        for (Verb verb : Words.verbs(who.subject())) {
            String[] parts = verb.name().split(" ");
            if (parts[0].equals(written[0]) && parts.length == 2 && written.length == 1) {
                add(parts[1], "verb", verb.word().help());
            } else if (verb.word().answersTo(String.join(" ", Arrays.copyOf(written, Math.min(parts.length, written.length))))) {
                parameters(verb.word());
            }
        }
    }

    private void parameters(Word word) {
        for (Parameter parameter : word.parameters()) {
            switch (parameter.shape()) {
                case OPTION -> add(parameter.name() + "=", "option", parameter.help());
                case FLAG -> add(parameter.name(), "flag", parameter.help());
                case PLACE -> parameter.values().forEach(value -> add(value, "word", parameter.help()));
            }
        }
        values();
        things();
        Constants.all().forEach(constant -> add(constant, "constant", ""));
    }

    private void beginnings() {
        Words.declarations().forEach(word -> add(word.name(), "declaration", word.help()));
        Words.commands().forEach(word -> add(word.name(), "command", word.help()));
        Words.conditions().forEach(word -> add(word.name(), "condition", word.help()));
        names.actors().forEach(actor -> add(actor, "actor", ""));
        if (names.actor() != null) {
            Words.verbs(names.who(names.actor()).subject()).forEach(verb -> add(verb.name().split(" ")[0], "verb", verb.word().help()));
        }
    }

    private void behind(String first, int count) {
        switch (first) {
            case "run", "explore" -> names.of(Thing.Scenario.class).forEach(name -> add(name, "scenario", ""));
            case "use", "wait" -> names.actors().forEach(actor -> add(actor, "actor", ""));
            case "on", "break" -> Words.events().forEach(event -> add(event.name(), "event", event.help()));
            case "step" -> names.actors().forEach(actor -> add(actor, "actor", ""));
            case "goto" -> places.forEach(place -> add(place, "mark", ""));
            case "watch", "why" -> claims("print");
            case "info" -> {
                CommandCheck.LISTS.forEach(list -> add(list, "listing", ""));
                things();
                values();
            }
            case "bind", "unbind" -> bind(count);
            default -> claims(first);
        }
    }

    private void bind(int count) {
        names.of(Thing.Device.class).forEach(name -> add(name, "device", ""));
        names.of(Thing.Process.class).forEach(name -> add(name, "process", ""));
        add("to", "word", "");
        if (count >= 4) {
            parameters(Words.declaration("bind"));
            BuiltInDrivers.NAMES.forEach(name -> add(name, "driver", ""));
            names.of(Thing.Driver.class).forEach(name -> add(name, "driver", ""));
        }
    }

    private void claims(String first) {
        if (Words.find(Words.conditions(), first).isPresent() || first.equals("print") || first.equals("if") || first.equals("let")) {
            Words.checks().forEach(check -> add(check.name(), "check", check.help()));
            Words.functions().forEach(function -> add(function.name(), "function", function.help()));
            Codes.all().forEach(code -> add(code, "errno", ""));
            things();
            values();
        } else {
            Words.find(Words.declarations(), first).ifPresent(this::parameters);
        }
    }

    private void values() {
        names.of(Thing.Let.class).forEach(name -> {
            add(name, "value", "");
            if (((Thing.Let) names.get(name)).type() == Type.RANGE) {
                Words.properties("mapping").forEach(word -> add(name + "." + word.name(), "property", word.help()));
            }
        });
    }

    private void things() {
        names.of(Thing.Process.class).forEach(name -> properties(name, "process"));
        names.of(Thing.Device.class).forEach(name -> properties(name, "device"));
        names.of(Thing.Iommu.class).forEach(name -> properties(name, "iommu"));
        names.of(Thing.File.class).forEach(name -> add(name, "file", ""));
    }

    private void properties(String name, String subject) {
        add(name, subject, "");
        Words.properties(subject).forEach(word -> add(name + "." + word.name(), "property", word.help()));
    }

    private void add(String text, String group, String help) {
        found.add(new Candidate(text, group, help));
    }
}
