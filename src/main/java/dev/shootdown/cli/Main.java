package dev.shootdown.cli;

import dev.shootdown.js.JavaScript;
import dev.shootdown.js.Scripts;
import dev.shootdown.lang.Front;
import dev.shootdown.lang.Interpreter;
import dev.shootdown.lang.Session;
import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** Where the process begins. */
public final class Main {
    /** Scripts nest deep; a thread's stack is only reserved, and costs nothing until it is used. */
    private static final long STACK = 256L << 20;

    private Main() {}

    /** Runs the command line, and ends the process with its status. */
    public static void main(String[] words) throws InterruptedException {
        Pipe pipe = new Pipe(new FileOutputStream(FileDescriptor.out));
        PrintWriter out = new PrintWriter(new BufferedWriter(new OutputStreamWriter(pipe, StandardCharsets.UTF_8)));
        PrintWriter err = new PrintWriter(new OutputStreamWriter(new FileOutputStream(FileDescriptor.err), StandardCharsets.UTF_8));
        Interrupt interrupt = new Interrupt(out);
        Surroundings surroundings = new Surroundings(System.in, out, err, Surroundings.Terminals.found(), System.getenv(),
                () -> interrupt.came() || pipe.broken());
        int[] status = new int[1];
        Thread main = new Thread(null, () -> status[0] = new CommandCall(surroundings, Main::open).run(words), "shootdown", STACK);
        main.start();
        main.join();
        System.exit(status[0]);
    }

    static Interpreter open(Script language, Front front) {
        return switch (language) {
            case SHOOTDOWN -> new Scripts(front, Session::new);
            case JAVASCRIPT -> new JavaScript(front, Session::new);
        };
    }
}
