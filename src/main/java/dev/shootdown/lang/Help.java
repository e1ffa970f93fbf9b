package dev.shootdown.lang;

import dev.shootdown.lang.tree.Statement;
import dev.shootdown.lang.word.Words;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Parameter;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Suggestion;
import dev.shootdown.vocabulary.Word;
import java.util.ArrayList;
import java.util.List;

/** {@code help}: the words of the language, by what they are for, and each word's own page, all read off their declarations. */
final class Help {
    /** Of the words behind a purpose, in characters: both fit into 100. */
    private static final int WIDTH = 72;

    private Help() {}

    /** Refuses a word that there is not. */
    static void check(Statement.Help help) {
        if (!help.word().isEmpty() && page(help.word()).isEmpty()) {
            throw new Refusal(Diagnostic.error("unknown-word", help.at(), "there is no word " + Quoting.quote(help.word()))
                    .hint("'help' alone lists all words; info NAME shows what is declared")
                    .didYouMean(Suggestion.nearest(help.word(), Words.names(Words.all()))));
        }
    }

    static Listing of(String written) {
        return written.isEmpty() ? overview() : Listing.lines("", page(written));
    }

    /** What there is to say of a word, of an actor whose verbs are asked for, and of a built-in driver. */
    private static List<String> page(String written) {
        List<String> lines = page(meant(written));
        if (lines.isEmpty()) {
            Words.verbs(written).forEach(verb -> lines.addAll(List.of(written + ": " + Usage.of(verb.word()), "  " + verb.word().help())));
        }
        List<String> driver = DriverPage.of(written);
        if (!lines.isEmpty() && !driver.isEmpty()) {
            lines.add("");
        }
        lines.addAll(driver);
        return lines;
    }

    /** The words written so, and those of two words that begin so: {@code dma} is an event, and a device's two verbs. */
    private static List<Word> meant(String written) {
        return Words.all().stream().filter(word -> word.answersTo(written) || word.name().startsWith(written + " ")).toList();
    }

    private static Listing overview() {
        List<List<String>> rows = new ArrayList<>();
        row(rows, "declare what there is", Words.declarations());
        row(rows, "a thread: does", verbs("thread"));
        row(rows, "a device: does", verbs("device"));
        row(rows, "an IOMMU: does", iommu(""));
        for (String vendor : DriverPage.VENDORS) {
            row(rows, "one of " + vendor, iommu(vendor));
        }
        row(rows, "kernel: does", verbs("kernel"));
        row(rows, "claim, or ask", Words.conditions());
        row(rows, "what checkers find", Words.checks());
        row(rows, "what things have", Words.properties());
        row(rows, "ask besides", Words.functions());
        row(rows, "write a driver: calls", Words.callbacks());
        row(rows, "write a driver: does", Words.actions());
        names(rows, "have a driver", BuiltInDrivers.NAMES);
        row(rows, "order and look", Words.commands());
        row(rows, "events", Words.events());
        rows.add(List.of("one of them", "help WORD"));
        return new Listing("", List.of("to", "words"), rows);
    }

    /** What IOMMUs of a vendor understand; without one, what all do. */
    private static List<Word> iommu(String vendor) {
        return Words.verbs("iommu").stream().filter(verb -> Words.vendorOf(verb).equals(vendor)).map(verb -> verb.word()).toList();
    }

    private static List<Word> verbs(String subject) {
        return Words.verbs(subject).stream().map(verb -> verb.word()).toList();
    }

    /** A purpose with its words, over as many lines as they need. */
    private static void row(List<List<String>> rows, String purpose, List<Word> words) {
        names(rows, purpose, Words.names(words));
    }

    private static void names(List<List<String>> rows, String purpose, List<String> names) {
        StringBuilder line = new StringBuilder();
        String head = purpose;
        for (String name : names) {
            if (line.length() + name.length() > WIDTH) {
                rows.add(List.of(head, line.toString()));
                head = "";
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : ", ").append(name);
        }
        rows.add(List.of(head, line.toString()));
    }

    private static List<String> page(List<Word> words) {
        List<String> lines = new ArrayList<>();
        for (Word word : words) {
            if (!lines.isEmpty()) {
                lines.add("");
            }
            lines.add((word.subject().isEmpty() ? "" : word.subject() + ": ") + Usage.of(word));
            lines.add("  " + word.help());
            if (!word.aliases().isEmpty()) {
                lines.add("  also written " + String.join(", ", word.aliases()));
            }
            int width = word.parameters().stream().mapToInt(parameter -> parameter.name().length()).reduce(12, Math::max);
            word.parameters().forEach(parameter -> lines.add("  " + describe(parameter, width)));
            if (!word.example().isEmpty()) {
                lines.add("  example:");
                word.example().lines().forEach(line -> lines.add("    " + line));
            }
        }
        return lines;
    }

    private static String describe(Parameter parameter, int width) {
        String values = parameter.values().isEmpty() ? "" : " (" + String.join(", ", parameter.values()) + ")";
        String preset = parameter.preset().isEmpty() ? "" : " [" + parameter.preset() + "]";
        return ("%-" + width + "s %s%s%s").formatted(parameter.name(), parameter.help(), values, preset).stripTrailing();
    }
}
