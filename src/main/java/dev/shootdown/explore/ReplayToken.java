package dev.shootdown.explore;

import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Role;
import dev.shootdown.sim.Store;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;

/**
 * A list of choices as a short text that may stand in a URL, with a fingerprint of the position that they lead
 * to, so that who replays it knows whether it still means the same.
 *
 * @param choices  from the beginning of the race
 * @param position the {@link #position} of the machine behind the last of them
 */
public record ReplayToken(List<Choice> choices, long position) {
    private static final String VERSION = "sd1.";
    private static final int LONGEST = 1 << 22;

    public ReplayToken {
        choices = List.copyOf(choices);
    }

    /** The token of choices that have just been replayed on this engine. */
    public static ReplayToken of(List<Choice> choices, Engine engine) {
        return new ReplayToken(choices, position(engine));
    }

    /**
     * A hash of the machine's state, the same in every run and in every machine of one description, whether
     * somebody watches it or not: the cells of checkers and of explorers do not count.
     */
    public static long position(Engine engine) {
        return engine.world().fingerprint(ReplayToken::ofTheMachine);
    }

    private static boolean ofTheMachine(Store store) {
        Role role = store.role();
        return (role == Role.STATE || role == Role.SUMMARY) && !store.name().startsWith("check.") && !store.name().startsWith("explore.");
    }

    // ---------------------------------------------------------------- as text

    /** The text: letters, digits, dots, dashes and underscores. */
    public String text() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        number(out, choices.size());
        for (int i = 0; i < choices.size(); ) {
            int run = run(i);
            write(out, choices.get(i), run);
            i += run;
        }
        out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(position).array());
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(check(out.toByteArray())).array());
        return written(out.toByteArray());
    }

    private static String written(byte[] bytes) {
        return VERSION + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private int run(int from) {
        int to = from;
        while (to < choices.size() && choices.get(to).equals(choices.get(from))) {
            to++;
        }
        return to - from;
    }

    /** The actor with two bits: whether an alternative follows, whether a length of repetition follows. */
    private static void write(ByteArrayOutputStream out, Choice choice, int run) {
        number(out, (long) choice.actor() << 2 | (choice.alternative() > 0 ? 2 : 0) | (run > 1 ? 1 : 0));
        if (choice.alternative() > 0) {
            number(out, choice.alternative());
        }
        if (run > 1) {
            number(out, run);
        }
    }

    /** Seven bits a byte, the low ones first; the top bit says that more follow. */
    private static void number(ByteArrayOutputStream out, long value) {
        long rest = value;
        while (rest > 127) {
            out.write((int) rest & 127 | 128);
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static int check(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    // ---------------------------------------------------------------- from text

    /**
     * Reads a token.
     *
     * @throws Refusal {@code bad-token} where it is none, or was damaged
     */
    public static ReplayToken parse(String text) {
        if (!text.startsWith(VERSION)) {
            throw refusal(text, "this is no replay token", "a replay token begins with " + VERSION);
        }
        ByteBuffer bytes = checked(text);
        try {
            List<Choice> choices = choices(text, bytes);
            long position = bytes.getLong();
            if (bytes.remaining() != Integer.BYTES) {
                throw damaged(text);
            }
            return new ReplayToken(choices, position);
        } catch (java.nio.BufferUnderflowException e) {
            throw damaged(text);
        }
    }

    private static ByteBuffer checked(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text.substring(VERSION.length()));
        } catch (IllegalArgumentException e) {
            throw damaged(text);
        }
        int end = bytes.length - Integer.BYTES;
        boolean asWritten = text.equals(written(bytes));
        if (!asWritten || end < 0 || ByteBuffer.wrap(bytes).getInt(end) != check(Arrays.copyOf(bytes, end))) {
            throw damaged(text);
        }
        return ByteBuffer.wrap(bytes);
    }

    private static List<Choice> choices(String text, ByteBuffer bytes) {
        int count = small(text, bytes);
        List<Choice> choices = new ArrayList<>();
        while (choices.size() < count) {
            int head = small(text, bytes);
            int alternative = (head & 2) != 0 ? small(text, bytes) : 0;
            int run = (head & 1) != 0 ? small(text, bytes) : 1;
            if (run < 1 || run > count - choices.size()) {
                throw damaged(text);
            }
            for (int i = 0; i < run; i++) {
                choices.add(new Choice(head >>> 2, alternative));
            }
        }
        return choices;
    }

    private static int small(String text, ByteBuffer bytes) {
        int value = 0;
        for (int shift = 0; shift < 28; shift += 7) {
            int next = bytes.get();
            value |= (next & 127) << shift;
            if (next >= 0) {
                if (value > LONGEST) {
                    throw damaged(text);
                }
                return value;
            }
        }
        throw damaged(text);
    }

    // ---------------------------------------------------------------- replaying

    /**
     * Replays it on a fresh machine, which is then at the position.
     *
     * @throws Refusal {@code token-does-not-fit} where the machine cannot take these steps, or comes to another
     *     position: the token is of another scenario, or of one that has changed
     */
    public Engine replay(Start start) {
        Engine engine = start.begin();
        for (int i = 0; i < choices.size(); i++) {
            take(engine, choices.get(i), i);
        }
        if (position(engine) != position) {
            throw doesNotFit("behind its last step the machine is not where it was when the token was made");
        }
        return engine;
    }

    private void take(Engine engine, Choice choice, int at) {
        if (choice.actor() >= engine.actors().size()) {
            throw doesNotFit("its step " + (at + 1) + " is by an actor that the machine does not have");
        }
        Actor actor = engine.actors().get(choice.actor());
        if (!engine.ready(actor) || choice.alternative() >= engine.choices(actor)) {
            throw doesNotFit("at its step " + (at + 1) + ", " + actor.name() + " cannot move so");
        }
        engine.step(choice);
    }

    private Refusal doesNotFit(String cause) {
        return new Refusal(Diagnostic.error("token-does-not-fit", Span.whole(text()), "the replay token does not fit: " + cause)
                .hint("replay it with the script and the version that it was made with"));
    }

    private static Refusal damaged(String text) {
        return refusal(text, "the replay token is damaged", "copy it whole, with all its letters as they are");
    }

    private static Refusal refusal(String text, String cause, String hint) {
        return new Refusal(Diagnostic.error("bad-token", Span.whole(text), cause).hint(hint));
    }
}

