package dev.shootdown.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Standard output, which may go to somebody who stops reading: then what is written is dropped. */
final class Pipe extends FilterOutputStream {
    private volatile boolean broken;

    Pipe(OutputStream out) {
        super(out);
    }

    /** Whether nobody reads any more. */
    boolean broken() {
        return broken;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        if (broken) {
            return;
        }
        try {
            out.write(bytes, from, length);
        } catch (IOException gone) {
            broken = true;
        }
    }
}
