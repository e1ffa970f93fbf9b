package dev.shootdown.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;

/**
 * A small process that forks: a Java process is too large to measure a fork of 1,000 pages with. It is a program of
 * about 300 bytes that touches its pages and then, for each byte that it reads, forks as often as {@link #FORKS} says, waits
 * for each child, which exits at once, and writes a byte. x86-64 only.
 */
final class LiveFork implements AutoCloseable {
    static final int PAGES = 1000;
    static final int FORKS = 100;

    private static final int ELF_HEADER = 64;
    private static final int PROGRAM_HEADER = 56;
    private static final long LOADED_AT = 0x400000;
    /** The program's text, call by call. */
    private static final String TEXT =
            // mmap(0, PAGES * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
            "b80900000031ffbe00803e00ba0300000041ba2200000049c7c0ffffffff4531c90f05"
            // madvise(there, PAGES * 4096, MADV_NOHUGEPAGE)
            + "4889c34889c7be00803e00ba0f000000b81c0000000f05"
            // a byte into each page
            + "b9e8030000c603014881c300100000ffc975f2"
            // read(0, stack, 1), and at the end of the input to the exit
            + "31c031ff488d7424f8ba010000000f0583f8017541"
            // FORKS times fork(), the child to the exit, the parent to wait4(-1, 0, 0, 0)
            + "bb64000000b8390000000f0585c07431b83d00000048c7c7ffffffff31f631d24531d20f05ffcb75dc"
            // write(1, stack, 1), and back to the read
            + "b801000000bf01000000488d7424f8ba010000000f05ebaa"
            // exit(0)
            + "b83c00000031ff0f05";

    private final Path file;
    private final Process process;

    LiveFork() {
        try {
            file = Files.createTempFile("forks", "", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.write(file, program());
            process = new ProcessBuilder(file.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text as an executable file: one segment, which is all of the file. */
    private static byte[] program() {
        byte[] text = HexFormat.of().parseHex(TEXT);
        int headers = ELF_HEADER + PROGRAM_HEADER;
        ByteBuffer elf = ByteBuffer.allocate(headers + text.length).order(ByteOrder.LITTLE_ENDIAN);
        elf.putInt(0x464c457f).putInt(0x00010102).putLong(0);
        // ET_EXEC, EM_X86_64, version, entry, program headers, no sections
        elf.putShort((short) 2).putShort((short) 62).putInt(1).putLong(LOADED_AT + headers).putLong(ELF_HEADER).putLong(0);
        elf.putInt(0).putShort((short) ELF_HEADER).putShort((short) PROGRAM_HEADER).putShort((short) 1).putShort((short) 64).putInt(0);
        // PT_LOAD, read and execute, from the file's start
        elf.putInt(1).putInt(5).putLong(0).putLong(LOADED_AT).putLong(LOADED_AT);
        elf.putLong(elf.capacity()).putLong(elf.capacity()).putLong(4096);
        return elf.put(text).array();
    }

    /** Lets it fork {@link #FORKS} times, and waits. */
    void forks() {
        try {
            process.getOutputStream().write(1);
            process.getOutputStream().flush();
            if (process.getInputStream().read() != 1) {
                throw new IllegalStateException("the process that forks is gone");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            process.waitFor();
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
