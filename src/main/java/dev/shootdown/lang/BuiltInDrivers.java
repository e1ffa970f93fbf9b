package dev.shootdown.lang;

import dev.shootdown.driver.Driver;
import dev.shootdown.lang.tree.Declaration;
import dev.shootdown.lang.tree.Script;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The drivers that come with Shootdown: scripts, where a user can read them. A file for a version and a vendor wins over one
 * for a version, and that over one for all.
 */
public final class BuiltInDrivers {
    /** What {@code driver=} may name without a declaration. */
    public static final List<String> NAMES = List.of("start", "ends", "empty_table", "range", "sva", "mirror", "lazy", "observer", "none");

    private static final String FOLDER = "/dev/shootdown/drivers/";

    private BuiltInDrivers() {}

    /** The driver that a kernel version has of its own. */
    public static String ownOf(String kernel) {
        return switch (kernel) {
            case "3.16" -> "empty_table";
            case "3.19", "4.15", "6.1" -> "range";
            default -> "sva";
        };
    }

    /** The text of a built-in driver for a version; empty where there is none. */
    public static Optional<String> script(String name, String kernel) {
        return read(name + "-" + kernel).or(() -> read(name));
    }

    /** The same for devices behind a vendor's IOMMU. */
    public static Optional<String> script(String name, String kernel, String vendor) {
        return read(name + "-" + kernel + "-" + vendor).or(() -> script(name, kernel));
    }

    /** A built-in driver for a version and a vendor, as data; empty where there is none. */
    static Optional<Driver> driver(String name, String kernel, String vendor) {
        return script(name, kernel, vendor).map(text -> compile(name, text));
    }

    private static Driver compile(String name, String text) {
        Script script = Parser.parse(name + ".mmu", text);
        Declaration.Driver declared = (Declaration.Driver) script.statements().getFirst();
        return DriverCompiler.compile(declared);
    }

    private static Optional<String> read(String file) {
        try (InputStream in = BuiltInDrivers.class.getResourceAsStream(FOLDER + file + ".mmu")) {
            return in == null ? Optional.empty() : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
