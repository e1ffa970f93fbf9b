package dev.shootdown;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** How the source is written: lengths, and words that must not stand in it. */
class StyleTest {
    private static final int LONGEST_FILE = 800;
    private static final int LONGEST_METHOD = 60;
    private static final int LONGEST_LINE = 160;
    private static final double SHORT_METHODS = 0.9;
    private static final int SHORT_METHOD = 25;

    /** Left open, or of one machine; put together here so that this file holds none of them. */
    private static final Pattern FORBIDDEN = Pattern.compile("TO" + "DO|FIX" + "ME|XX" + "X|\\.\\./sha" + "red|/wo" + "rk/|/ro" + "ot/|Unsupported"
            + "OperationException");

    /** A method's name and the lines of its body, both braces included. */
    private record Method(String name, int lines) {}

    private static List<Path> sources(String... folders) throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String folder : folders) {
            if (Files.isDirectory(Path.of(folder))) {
                try (Stream<Path> files = Files.walk(Path.of(folder))) {
                    files.filter(Files::isRegularFile).forEach(sources::add);
                }
            }
        }
        return sources;
    }

    private static List<Path> java() throws IOException {
        return sources("src/main/java", "src/test/java").stream().filter(file -> file.toString().endsWith(".java")).toList();
    }

    @Test
    void filesAreShort() throws IOException {
        for (Path file : java()) {
            assertThat(Files.readAllLines(file)).as(file.toString()).hasSizeLessThanOrEqualTo(LONGEST_FILE);
        }
    }

    @Test
    void methodsAreShort() throws IOException {
        List<JavaFileObject> files = new ArrayList<>();
        for (Path file : java()) {
            files.add(source(file.toString(), Files.readString(file)));
        }
        List<Method> methods = methods(files);
        assertThat(methods).hasSizeGreaterThan(100).allMatch(method -> method.lines() <= LONGEST_METHOD);
        long shortOnes = methods.stream().filter(method -> method.lines() <= SHORT_METHOD).count();
        assertThat((double) shortOnes / methods.size()).isGreaterThanOrEqualTo(SHORT_METHODS);
    }

    @Test
    void linesAreShort() throws IOException {
        for (Path file : java()) {
            if (!file.toString().contains("/test/")) {
                assertThat(Files.readAllLines(file).stream().filter(line -> line.length() > LONGEST_LINE)).as(file.toString()).isEmpty();
            }
        }
    }

    @Test
    void nothingIsLeftOpenOrOfOneMachine() throws IOException {
        for (Path file : sources("src/main", "src/test/java", "grammar", "scripts", ".ci")) {
            assertThat(Files.readString(file).lines().filter(line -> FORBIDDEN.matcher(line).find())).as(file.toString()).isEmpty();
        }
    }

    @Test
    void everyRoomSaysWhatItIs() throws IOException {
        for (Path file : sources("src/main/java")) {
            assertThat(file.resolveSibling("package-info.java")).exists();
        }
    }

    /** The measures bite. */
    @Test
    void aLongMethodAndAForbiddenWordAreSeen() throws IOException {
        String text = "class A {\n    int f(int a,\n            int b) {\n" + "        a++;\n".repeat(70) + "    }\n\n    void g() {\n    }\n}\n";
        assertThat(methods(List.of(source("A.java", text)))).containsExactly(new Method("A.java: f", 72), new Method("A.java: g", 2));
        assertThat(FORBIDDEN.matcher("// TO" + "DO: later").find()).isTrue();
    }

    private static JavaFileObject source(String name, String text) {
        return new SimpleJavaFileObject(URI.create("string:///" + name), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreErrors) {
                return text;
            }
        };
    }

    /** Methods and constructors with a body, as the compiler reads them. */
    private static List<Method> methods(List<JavaFileObject> files) throws IOException {
        JavacTask task = (JavacTask) ToolProvider.getSystemJavaCompiler().getTask(null, null, null, List.of("-proc:none"), null, files);
        SourcePositions positions = Trees.instance(task).getSourcePositions();
        List<Method> methods = new ArrayList<>();
        for (CompilationUnitTree unit : task.parse()) {
            unit.accept(new TreeScanner<Void, Void>() {
                @Override
                public Void visitMethod(MethodTree method, Void nothing) {
                    if (method.getBody() != null) {
                        long first = unit.getLineMap().getLineNumber(positions.getStartPosition(unit, method.getBody()));
                        long last = unit.getLineMap().getLineNumber(positions.getEndPosition(unit, method.getBody()));
                        String name = Path.of(unit.getSourceFile().getName()).getFileName() + ": " + method.getName();
                        methods.add(new Method(name, (int) (last - first + 1)));
                    }
                    return super.visitMethod(method, nothing);
                }
            }, null);
        }
        return methods;
    }
}
