package dev.shootdown.conform;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A program that does operations on the kernel that it runs on, and writes down what was to be seen after each: a
 * recording. Each line of its input is a list of a recording's header and operations, which it does in an empty arena; it
 * answers with a line for each operation. It is a process of its own, because what is tried may be the end of it.
 */
final class LiveProgram {
    private static final JsonMapper JSON = JsonMapper.shared();

    private LiveProgram() {}

    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        LiveArena arena;
        try {
            arena = new LiveArena();
            out.println(LiveKernel.READY + LiveArena.lockable());
        } catch (IllegalStateException | IOException forbidden) {
            out.println(forbidden.getMessage());
            out.flush();
            return;
        }
        out.flush();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            JsonNode all = JSON.readTree(line);
            arena.clear(Header.of(new Row("standard input", 1, all.get(0))));
            for (int i = 1; i < all.size(); i++) {
                ObjectNode row = (ObjectNode) all.get(i);
                arena.perform(new Row("standard input", i, row), row);
                out.println(row);
            }
            out.flush();
        }
    }
}
