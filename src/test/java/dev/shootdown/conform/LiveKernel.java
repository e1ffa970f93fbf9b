package dev.shootdown.conform;

import dev.shootdown.TestClassPath;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/** The kernel that this runs on, reached through a process of its own ({@link LiveProgram}) that can be lost. */
final class LiveKernel implements AutoCloseable {
    static final String READY = "ready ";

    private final Process program;
    private final BufferedWriter to;
    private final BufferedReader from;
    private final String answer;

    LiveKernel() throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        this.program = new ProcessBuilder(java.toString(), "--enable-native-access=ALL-UNNAMED", "-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                "-cp", TestClassPath.entries().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)), LiveProgram.class.getName()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        this.to = program.outputWriter(StandardCharsets.UTF_8);
        this.from = program.inputReader(StandardCharsets.UTF_8);
        this.answer = from.readLine();
        if (answer == null) {
            throw new IllegalStateException("the program does not start");
        }
    }

    /** Why nothing can be done here; null if something can. */
    String obstacle() {
        return answer.startsWith(READY) ? null : answer;
    }

    /** How many pages may be locked; -1 for any number. */
    long lockable() {
        return Long.parseLong(answer.substring(READY.length()));
    }

    /** Does operations in an empty arena. Each comes back with what was to be seen after it. */
    List<Row> perform(ObjectNode header, List<ObjectNode> operations) throws IOException {
        StringBuilder line = new StringBuilder("[").append(header);
        operations.forEach(operation -> line.append(',').append(operation));
        to.write(line.append("]\n").toString());
        to.flush();
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < operations.size(); i++) {
            String answered = from.readLine();
            if (answered == null) {
                throw new IllegalStateException("the program was lost at " + operations.get(i));
            }
            rows.add(Row.read("live", i + 1, answered));
        }
        return rows;
    }

    @Override
    public void close() throws IOException {
        to.close();
        program.destroy();
    }
}
