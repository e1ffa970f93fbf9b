package dev.shootdown.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.lang.Place;
import java.util.List;
import org.junit.jupiter.api.Test;

class NamesTest {
    private static final Names NAMES = new Names(process -> List.of(new Place("all", 0x1000, 0x9000), new Place("buf", 0x2000, 0x6000)));

    @Test
    void rangesAreNamedByTheSmallestThingAroundThem() {
        assertThat(NAMES.range("app", 0x2000, 0x6000)).isEqualTo("buf");
        assertThat(NAMES.range("app", 0x2000, 0x3000)).isEqualTo("buf[0 +4K]");
        assertThat(NAMES.range("app", 0x4000, 0x7000)).isEqualTo("all[12K +12K]");
        assertThat(NAMES.range("app", 0x8000, 0xa000)).isEqualTo("0x8000 +8K");
        assertThat(NAMES.range("app", 0x7f8000000000L, 0x7ffffffff000L)).isEqualTo("0x7f8000000000..0x7ffffffff000");
        assertThat(NAMES.range("app", 0, ~0L)).isEqualTo("everything");
    }

    @Test
    void anAddressBehindTheLastByteIsNotInside() {
        assertThat(NAMES.address("app", 0x5fff)).isEqualTo("buf[16383]");
        assertThat(NAMES.address("app", 0x6000)).isEqualTo("all[20K]");
        assertThat(NAMES.address("app", 0x9000)).isEqualTo("0x9000");
    }

    @Test
    void sizesAreWrittenAsTheLanguageReadsThem() {
        assertThat(List.of(Names.size(0), Names.size(4096), Names.size(3 << 20), Names.size(1L << 40), Names.size(100)))
                .containsExactly("0", "4K", "3M", "1T", "100");
    }
}
