package dev.shootdown.iommu;

import dev.shootdown.sim.Table;
import dev.shootdown.sim.World;
import java.util.Comparator;

/**
 * The ranges whose new translations wait, because a driver said so: what a driver with page tables of its own does
 * between invalidate_range_start and invalidate_range_end. A range may be blocked more than once.
 */
final class Blocks {
    /** A range of a PASID, in bytes. */
    private record Block(int pasid, long start, long end) implements Comparable<Block> {
        private static final Comparator<Block> ORDER =
                Comparator.comparingInt(Block::pasid).thenComparingLong(Block::start).thenComparingLong(Block::end);

        @Override
        public int compareTo(Block other) {
            return ORDER.compare(this, other);
        }

        boolean covers(int who, long address) {
            return pasid == who && Long.compareUnsigned(start, address) <= 0 && Long.compareUnsigned(address, end) < 0;
        }
    }

    private final Table<Block, Integer> blocks;

    Blocks(World world, String name) {
        this.blocks = world.table(name + ".blocks");
    }

    /** One block more of a range. */
    void add(int pasid, long start, long end) {
        Block block = new Block(pasid, start, end);
        Integer held = blocks.get(block);
        blocks.put(block, held == null ? 1 : held + 1);
    }

    /** One block fewer; nothing if there is none. */
    void remove(int pasid, long start, long end) {
        Block block = new Block(pasid, start, end);
        Integer held = blocks.get(block);
        if (held != null) {
            blocks.put(block, held == 1 ? null : Integer.valueOf(held - 1));
        }
    }

    boolean covers(int pasid, long address) {
        return blocks.size() > 0 && blocks.anyKey(block -> block.covers(pasid, address));
    }
}
