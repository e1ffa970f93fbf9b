package dev.shootdown.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.TestClassPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/shootdown} in a checkout of its own, with JDKs and a Maven that only write down how they were called. */
class LauncherTest {
    private static final String JAVA = "#!/bin/sh\nfor word; do\n  case $word in\n    -XX:AOTCacheOutput=*) echo made > \"${word#*=}\"; exit ;;\n"
            + "  esac\n  last=$word\ndone\nprintf '%s|' VERSION \"$@\"\n[ \"$last\" = seven ] && exit 7\nexit 0\n";
    private static final String MVN = "#!/bin/sh\necho built >> \"$MVN_LOG\"\nsleep 1\nmkdir -p CHECKOUT/target/lib\necho jar > CHECKOUT/target/shootdown-1.jar\n";

    @TempDir
    private Path folder;

    private Path checkout;
    private Path tools;

    @BeforeEach
    void makeCheckout() throws IOException {
        checkout = Files.createDirectories(folder.resolve("check out"));
        Files.createDirectories(checkout.resolve("scripts"));
        Files.copy(Path.of("scripts/shootdown"), checkout.resolve("scripts/shootdown"));
        executable(checkout.resolve("scripts/shootdown"));
        Files.createDirectories(checkout.resolve("src/main"));
        Files.createDirectories(checkout.resolve("grammar"));
        Files.writeString(checkout.resolve("pom.xml"), "<project/>");
        tools = Files.createDirectories(folder.resolve("tools"));
        for (String tool : List.of("sh", "readlink", "find", "head", "stat", "cksum", "mkdir", "rm", "rmdir", "mv", "ls", "tail", "nice", "sleep",
                "touch", "cat", "printf")) {
            Path real = Stream.of("/bin", "/usr/bin").map(bin -> Path.of(bin, tool)).filter(Files::exists).findFirst().orElse(null);
            if (real != null) {
                script(tools.resolve(tool), "#!/bin/sh\nexec " + real + " \"$@\"\n");
            }
        }
    }

    private static void executable(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Path script(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        executable(file);
        return file;
    }

    private Path jdk(String version) throws IOException {
        Path home = folder.resolve("jdk-" + version);
        script(home.resolve("bin/java"), JAVA.replace("VERSION", version));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    private void built() throws IOException {
        Files.createDirectories(checkout.resolve("target/lib"));
        Files.writeString(checkout.resolve("target/shootdown-1.jar"), "jar");
        Files.writeString(checkout.resolve("target/lib/a.jar"), "jar");
    }

    private void maven() throws IOException {
        script(tools.resolve("mvn"), MVN.replace("CHECKOUT", "'" + checkout + "'"));
    }

    private Process start(Map<String, String> environment, Path launcher, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", tools.toString(), "SHOOTDOWN_AOT", "off", "MVN_LOG", folder.resolve("mvn.log").toString()));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static Ran finish(Process process) throws IOException, InterruptedException {
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), out, err);
    }

    private Ran run(Map<String, String> environment, String... words) throws IOException, InterruptedException {
        return finish(start(environment, checkout.resolve("scripts/shootdown"), words));
    }

    @Test
    void itPassesWordsAndStatusThrough() throws Exception {
        built();
        Ran ran = run(Map.of("JAVA_HOME", jdk("25.0.3").toString()), "-e", "print \"a  b\"", "", "seven");
        assertThat(ran.out()).endsWith("|dev.shootdown.cli.Main|-e|print \"a  b\"||seven|");
        assertThat(ran.err()).isEmpty();
        assertThat(ran.status()).isEqualTo(7);
    }

    @Test
    void itWorksThroughSymbolicLinksFromAnywhere() throws Exception {
        built();
        Path deep = Files.createDirectories(folder.resolve("deep"));
        Files.createSymbolicLink(deep.resolve("first"), Path.of("../check out/scripts/shootdown"));
        Files.createSymbolicLink(tools.resolve("shootdown"), deep.resolve("first"));
        Map<String, String> environment = Map.of("JAVA_HOME", jdk("25").toString());
        assertThat(finish(start(environment, tools.resolve("shootdown"))).out())
                .contains("|" + checkout.toRealPath().resolve("target/shootdown-1.jar") + ":");
        assertThat(finish(start(environment, Path.of("sh"), "-c", "shootdown x")).out()).endsWith("|x|");
    }

    @Test
    void itTakesTheFirstJdkThatIsNewEnough() throws Exception {
        built();
        String old = jdk("17.0.15").toString();
        String good = jdk("25.0.3").toString();
        String newer = jdk("26-ea").toString();
        assertThat(run(Map.of("JAVA_HOME", good, "SHOOTDOWN_JAVA_HOME", newer)).out()).startsWith("26-ea|");
        assertThat(run(Map.of("JAVA_HOME", good)).out()).startsWith("25.0.3|");
        Files.createSymbolicLink(tools.resolve("java"), Path.of(newer, "bin/java"));
        assertThat(run(Map.of("JAVA_HOME", old)).out()).startsWith("26-ea|");
        assertThat(run(Map.of("JAVA_HOME", jdk("1.8.0_392").toString())).out()).startsWith("26-ea|");
    }

    @Test
    void anOldJdkIsOneSentenceAndStatus69() throws Exception {
        built();
        Ran ran = run(Map.of("SHOOTDOWN_JAVA_HOME", jdk("17.0.15").toString()));
        assertThat(ran.status()).isEqualTo(69);
        assertThat(ran.err()).hasLineCount(1).startsWith("shootdown: SHOOTDOWN_JAVA_HOME is ").endsWith("which holds no JDK 25 or later.\n");
    }

    @Test
    void nothingBuiltAndNoMavenIsOneSentence() throws Exception {
        Ran ran = run(Map.of("JAVA_HOME", jdk("25").toString()));
        assertThat(ran).isEqualTo(new Ran(69, "", "shootdown: it is not built yet, and there is no Maven (mvn) here to build it.\n"));
    }

    @Test
    void twoAtOnceBuildOnce() throws Exception {
        maven();
        Map<String, String> environment = Map.of("JAVA_HOME", jdk("25").toString());
        Process first = start(environment, checkout.resolve("scripts/shootdown"), "one");
        Process second = start(environment, checkout.resolve("scripts/shootdown"), "two");
        Ran one = finish(first);
        Ran two = finish(second);
        assertThat(one.out()).endsWith("|one|");
        assertThat(two.out()).endsWith("|two|");
        assertThat(Files.readAllLines(folder.resolve("mvn.log"))).hasSize(1);
        assertThat(List.of(one.err(), two.err())).containsExactlyInAnyOrder("shootdown: building (once) ...\n",
                "shootdown: waiting for a build that runs already ...\n");
        assertThat(checkout.resolve("target/.building")).doesNotExist();
    }

    @Test
    void aLockThatWasLeftBehindIsNoneForLong() throws Exception {
        maven();
        Files.createDirectories(checkout.resolve("target/.building"));
        Process gone = new ProcessBuilder("sh", "-c", "exit").start();
        gone.waitFor();
        Files.writeString(checkout.resolve("target/.building/pid"), gone.pid() + "\n");
        assertThat(run(Map.of("JAVA_HOME", jdk("25").toString()), "x").out()).endsWith("|x|");
    }

    @Test
    void newerSourcesAreBuiltAndOlderOnesAreNot() throws Exception {
        built();
        maven();
        Map<String, String> environment = Map.of("JAVA_HOME", jdk("25").toString());
        assertThat(run(environment).err()).isEmpty();
        Path source = Files.writeString(checkout.resolve("src/main/A.java"), "class A {}");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(2)));
        assertThat(run(environment).err()).isEqualTo("shootdown: building (once) ...\n");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().minusSeconds(60)));
        assertThat(run(environment).err()).isEmpty();
    }

    @Test
    void theCacheIsMadeOnceUsedNextAndMadeAnewForAnotherJar() throws Exception {
        built();
        Path cache = folder.resolve("my cache");
        Map<String, String> environment = Map.of("JAVA_HOME", jdk("25").toString(), "SHOOTDOWN_AOT", "on", "XDG_CACHE_HOME", cache.toString());
        assertThat(run(environment).out()).doesNotContain("AOTCache");
        awaitCaches(cache, 1);
        assertThat(run(environment).out()).contains("|-XX:AOTCache=" + cache.resolve("shootdown"));
        Files.writeString(checkout.resolve("target/lib/a.jar"), "other");
        assertThat(run(environment).out()).doesNotContain("AOTCache");
        awaitCaches(cache, 2);
    }

    private static void awaitCaches(Path cache, int count) throws Exception {
        Instant end = Instant.now().plusSeconds(30);
        while (caches(cache).size() < count && Instant.now().isBefore(end)) {
            Thread.sleep(20);
        }
        assertThat(caches(cache)).hasSize(count);
    }

    private static List<Path> caches(Path cache) throws IOException {
        try (Stream<Path> files = Files.list(cache.resolve("shootdown"))) {
            return files.filter(file -> file.toString().endsWith(".aot")).toList();
        }
    }

    @Test
    void aCacheThatCannotBeMadeDoesNoHarm() throws Exception {
        built();
        Path file = Files.writeString(folder.resolve("file"), "");
        Ran ran = run(Map.of("JAVA_HOME", jdk("25").toString(), "SHOOTDOWN_AOT", "on", "XDG_CACHE_HOME", file.toString()), "x");
        assertThat(ran.out()).endsWith("|x|");
        assertThat(ran.err()).isEmpty();
    }

    /** The real JVM, on the real classes, with a cache that is none: not a byte of its complaint reaches standard output. */
    @Test
    void aBrokenCacheLeavesStandardOutputAsItIs() throws Exception {
        realClasses();
        Path cache = folder.resolve("cache");
        Map<String, String> environment = Map.of("JAVA_HOME", System.getProperty("java.home"), "SHOOTDOWN_AOT", "on", "XDG_CACHE_HOME", cache.toString());
        Ran first = run(environment, "-e", "print 40 + 2");
        assertThat(first).isEqualTo(new Ran(0, "42\n", ""));
        awaitCaches(cache, 1);
        assertThat(run(environment, "-e", "print 40 + 2")).isEqualTo(first);
        Files.writeString(caches(cache).getFirst(), "broken");
        assertThat(run(environment, "-e", "print 40 + 2")).isEqualTo(first);
    }

    /** A jar of the classes under test, and their libraries. */
    private void realClasses() throws IOException {
        Path lib = Files.createDirectories(checkout.resolve("target/lib"));
        for (Path jar : TestClassPath.entries()) {
            if (jar.toString().endsWith(".jar")) {
                Files.copy(jar, lib.resolve(jar.getFileName()));
            }
        }
        Path classes = Path.of(CommandCall.class.getProtectionDomain().getCodeSource().getLocation().getPath());
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(checkout.resolve("target/shootdown-1.jar")));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                jar.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, jar);
            }
        }
    }
}
