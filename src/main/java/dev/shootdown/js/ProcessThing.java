package dev.shootdown.js;

import dev.shootdown.lang.tree.Argument;
import dev.shootdown.lang.tree.Declaration;
import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.word.Words;
import java.util.ArrayList;
import java.util.List;

/** A process: its threads by their names, what may be asked of it, and the verbs of its first thread. */
final class ProcessThing extends Thing {
    private final String name;
    private final List<String> threads;

    ProcessThing(Api api, String name, List<String> threads) {
        super(api);
        this.name = name;
        this.threads = List.copyOf(threads);
    }

    /** One that a script of the language declares. */
    ProcessThing(Api api, Declaration.Process declared) {
        this(api, declared.name().text(), threads(declared));
    }

    private static List<String> threads(Declaration.Process declared) {
        for (Argument argument : declared.options()) {
            if (argument instanceof Argument.Option option && option.key().text().equals("threads")) {
                return option.value() instanceof Expression.ListOf list
                        ? list.elements().stream().map(ProcessThing::word).toList()
                        : List.of(word(option.value()));
            }
        }
        return List.of("main");
    }

    private static String word(Expression written) {
        return written instanceof Expression.Name name ? name.text() : "";
    }

    /** The thread that stands for the process where none is named. */
    ActorThing first() {
        return thread(threads.getFirst());
    }

    private ActorThing thread(String thread) {
        return new ActorThing(api, api.live(), "thread", name + "." + thread);
    }

    @Override
    Object member(String member) {
        if (threads.contains(member)) {
            return thread(member);
        }
        if (member.equals("name")) {
            return name;
        }
        boolean property = Words.properties("process").stream().anyMatch(word -> Spelling.member(word.name()).equals(member));
        return property ? api.live().ask(name + "." + Spelling.word(member)) : first().member(member);
    }

    @Override
    List<String> members() {
        List<String> members = new ArrayList<>(threads);
        Words.properties("process").forEach(word -> members.add(Spelling.member(word.name())));
        members.addAll(first().members());
        return members.stream().distinct().toList();
    }

    @Override
    String phrase() {
        return "process " + name;
    }

    @Override
    public String spoken() {
        return name;
    }
}
