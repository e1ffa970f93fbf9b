package dev.shootdown.lang.word;

import dev.shootdown.vocabulary.Word;
import java.util.List;

/** Statements that are no calls: those that order others, and those that look. */
final class CommandWords {
    private CommandWords() {}

    static List<Word> all() {
        return List.of(
                command("let", "Names what a call returns, or a range. In a race the rows of the same actor behind it know the name, and nobody else; a "
                        + "call whose name was given nothing, since the call that was to give it failed, is left out.",
                        Examples.thread("let head = buf[0 +4K]", "app.main: touch head")),
                command("use", "Sets the actor that statements without one are for.", Examples.thread("use app.worker", "touch buf read")),
                command("wait", "Finishes what was left in flight.", Examples.thread("app.worker: touch buf write &", "wait app.worker")),
                command("repeat", "Does a block over and over, up to 1,000,000 times.", Examples.thread("repeat 3 { app.main: touch buf write }")),
                command("if", "Does a block if something holds.", Examples.thread("if buf.resident == 0 { print \"untouched\" }")),
                command("either", "Free choice of one of its blocks.",
                        Examples.thread("either { app.main: touch buf read } or { app.main: touch buf write }")),
                command("any", "Free choice of one of its values, or of the pieces of a range: the first, in a race any by seed; explore tries each, in the "
                        + "setup of a scenario too, where ends count by what was chosen.", Examples.thread("app.main: touch any(buf, 4K)")),
                command("print", "Prints a value.", Examples.thread("print \"buf is ${buf}\"")),
                command("include", "Carries out another file.", ""),
                command("race", "What is done at once: rows of one actor keep their order, all else may come in any.",
                        Examples.device("scenario s {", "  race {", "    app.main: munmap buf", "    gpu: dma write buf[0 +4K] value=1", "  }",
                                "  forbid use_after_free", "}", "explore s")),
                command("run", "Runs a scenario: in order, or by seed=N.",
                        Examples.thread("scenario s { race { app.main: touch buf write; app.worker: touch buf read } }", "run s seed=7")),
                command("explore", "Runs a scenario in every interleaving.",
                        Examples.thread("scenario s { race { app.main: touch buf write; app.worker: touch buf read } forbid use_after_free }",
                                "explore s")),
                command("on", "Does a block whenever an event comes: on EVENT at POINT when COND { }; POINT is a range, or an address and its page.",
                        Examples.thread("on vma at buf[4K] { print \"changed\" }", "app.main: munmap buf")),
                command("at", "Does a block in the middle of a call, right after an event. In a race, too: whoever came to the event stays there until the "
                        + "others have done the block, or nobody else can move.",
                        Examples.thread("app.main: munmap buf at vma { app.worker: nop }")),
                command("help", "Tells what there is, or what a word does, with an example that runs.", Examples.thread("help munmap")),
                command("info", "Lists things: vmas, ptes, actors, or a thing's properties.", Examples.thread("info vmas")),
                command("why", "Walks back to the event that made a condition so; why not CONDITION tells what ruled it out, up to here or, where an explore "
                        + "found nothing to show, in a run in which something did.",
                        Examples.device("app.main: munmap buf", "why not use_after_free", "why not buf.resident == 4", "why buf.resident == 0")),
                command("break", "Stops at an event, before what it leads to: break EVENT at POINT when COND, where POINT is a range, or an address and its "
                        + "page; alone, takes all breaks and watches away.",
                        Examples.thread("break vma at buf[4K +8K]", "app.main: munmap buf", "app.worker: nop", "continue")),
                command("watch", "Stops when a place changes.",
                        Examples.thread("watch buf.resident", "app.main: touch buf write", "continue", "break")),
                command("step", "Takes a step, or several: step ACTOR N.", Examples.stopped("step", "step app.main 2")),
                command("next", "Goes on to the actor's next event, past callbacks.", Examples.stopped("next")),
                command("finish", "Goes on to the end of the call.", Examples.stopped("finish")),
                command("continue", "Goes on to the next break, or to the end.", Examples.stopped("continue")),
                command("back", "Takes steps back.", Examples.stopped("back 3", "step 3")),
                command("goto", "Goes to a moment of the run: a step #N, a mark, or w1, an exploration's first witness.",
                        Examples.stopped("mark here", "finish", "goto here")),
                command("mark", "Names the present moment.", Examples.stopped("mark here", "step 2", "goto here")));
    }

    private static Word command(String name, String help, String example) {
        return Word.of(Word.Sort.COMMAND, name, help).example(example);
    }
}
