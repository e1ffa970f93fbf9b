package dev.shootdown.iommu;

import java.util.List;

/** A command of 128 bits, as three of the vendors have them. */
public interface CommandPair extends Command {
    /** Bits 63:0. */
    long low();

    /** Bits 127:64. */
    default long high() {
        return 0;
    }

    @Override
    default long word(int index) {
        return index == 0 ? low() : high();
    }

    @Override
    default List<Long> words() {
        return List.of(low(), high());
    }
}
