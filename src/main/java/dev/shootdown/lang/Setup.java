package dev.shootdown.lang;

import dev.shootdown.explore.ReplayToken;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which way the free choices in a scenario's setup are taken, in the order in which they come. In a replay token they stand
 * behind the choices of the race: {@code sd1.KhQZ.0.2}; where there are none, nothing does.
 *
 * @param taken the number of each alternative, from 0
 */
record Setup(List<Integer> taken) {
    static final Setup FIRST = new Setup(List.of());
    private static final String NUMBER = "0|[1-9][0-9]{0,8}";

    Setup {
        taken = List.copyOf(taken);
    }

    /** Fresh choices that go this way. */
    Choices choices() {
        return Choices.along(taken);
    }

    /** A token that leads there. */
    String with(String token) {
        return token + taken.stream().map(number -> "." + number).collect(Collectors.joining());
    }

    /** The setup that a token names. */
    static Setup of(String token) {
        List<String> numbers = Arrays.stream(token.split("\\.", -1)).skip(2).toList();
        if (!numbers.stream().allMatch(number -> number.matches(NUMBER))) {
            throw new Refusal(Diagnostic.error("bad-token", Span.whole(token), "the replay token is damaged")
                    .hint("copy it whole, with all its letters as they are"));
        }
        return new Setup(numbers.stream().map(Integer::parseInt).toList());
    }

    /** The choices of the race that a token names. */
    static ReplayToken race(String token) {
        String[] parts = token.split("\\.", -1);
        return ReplayToken.parse(parts.length > 2 ? parts[0] + "." + parts[1] : token);
    }
}
