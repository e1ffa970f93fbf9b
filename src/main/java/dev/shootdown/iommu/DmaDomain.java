package dev.shootdown.iommu;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Tables;
import dev.shootdown.memory.Use;
import dev.shootdown.sim.Cell;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Table;
import dev.shootdown.sim.World;
import java.util.ArrayList;
import java.util.List;

/**
 * The address space of the DMA API: what devices reach without a PASID, through page tables that are the IOMMU driver's own
 * (in the format of a CPU's, as AMD's v2 tables and Intel's first-level tables are). All devices behind one IOMMU share it, as
 * those of one group do. It is made when something is mapped for the first time; its page-table pages stay.
 */
public final class DmaDomain {
    /** PASID 0: requests without a PASID. */
    public static final int PASID = 0;

    /** IOVAs are handed out below this, the highest first: what a device with 32 address bits reaches. */
    private static final long LIMIT = 1L << 32;
    /** Linux sets accessed and dirty beforehand, so that nobody has to write them. */
    private static final long LEAF = Entry.PRESENT | Entry.USER | Entry.ACCESSED | Entry.DIRTY;
    private static final long POINTER = Entry.PRESENT | Entry.USER | Entry.WRITE | Entry.ACCESSED;

    /**
     * A range that is handed out.
     *
     * @param device for which
     */
    public record Mapping(Iova iova, int device) {}

    private final Iommu iommu;
    private final Frames frames;
    private final Tables tables;
    private final int levels;
    private final Cell root;
    /** Which devices it has been given to. */
    private final Cells attached;
    /** What is handed out; an unmapped range stays until it may be handed out again. */
    private final Table<Iova, Mapping> iovas;

    DmaDomain(World world, Iommu iommu, Frames frames, int levels) {
        this.iommu = iommu;
        this.frames = frames;
        this.tables = new Tables(frames);
        this.levels = levels;
        this.root = world.cell(iommu.name() + ".domain");
        this.attached = world.cells(iommu.name() + ".domain.attached");
        this.iovas = world.table(iommu.name() + ".iova");
    }

    /** Whether anything has ever been mapped. */
    public boolean made() {
        return root.get() != 0;
    }

    /** The steps that make it and give it to the device's requests without a PASID, where that has not been done. */
    List<Step> attach(int device) {
        if (root.get() == 0) {
            root.set(frames.allocate(Use.KERNEL, 0));
        }
        if (attached.get(device) != 0) {
            return List.of();
        }
        attached.set(device, 1);
        return iommu.setTable(device, PASID, root.get());
    }

    // ---------------------------------------------------------------- IOVAs

    /** Takes the highest free range of so many pages; a power of two of them, aligned to that, as alloc_iova_fast() does. */
    Iova allocate(long pages, int device) {
        long size = Math.max(Long.highestOneBit(pages), Long.highestOneBit(pages - 1) << 1) << Frames.PAGE_SHIFT;
        for (long start = LIMIT - size; start > 0; start -= size) {
            long from = start;
            if (!iovas.anyKey(taken -> taken.overlaps(from, from + size))) {
                Iova found = new Iova(start, start + size);
                iovas.put(found, new Mapping(found, device));
                return found;
            }
        }
        return null;
    }

    /** The range that an address is of, or null. */
    public Mapping find(long address) {
        for (Mapping mapping : iovas.values()) {
            if (mapping.iova.overlaps(address, address + 1)) {
                return mapping;
            }
        }
        return null;
    }

    /** A range may be handed out again. */
    void free(Iova iova) {
        iovas.put(iova, null);
    }

    // ---------------------------------------------------------------- page tables

    /** Maps a page; page tables on the way are allocated. False if there is no frame for one. */
    boolean map(long address, long frame, boolean write) {
        long table = root.get();
        for (int level = levels; level > 1; level--) {
            long entry = tables.entry(table, address, level);
            if (!Entry.present(entry)) {
                long next = frames.allocate(Use.KERNEL, 0);
                if (next == 0) {
                    return false;
                }
                entry = Entry.of(next, POINTER);
                tables.entry(table, address, level, entry);
            }
            table = Entry.frame(entry);
        }
        tables.entry(table, address, 1, Entry.of(frame, LEAF | (write ? Entry.WRITE : 0)));
        return true;
    }

    /** Takes the entries of [start, end) away; returns how many there were. */
    long unmap(long start, long end) {
        long pages = 0;
        for (long address = start; address < end; address += Frames.PAGE_SIZE) {
            if (Entry.present(entry(address))) {
                tables.entry(tables.table(root.get(), levels, address, 1), address, 1, 0);
                pages++;
            }
        }
        return pages;
    }

    /** The frames that [start, end) is mapped to. */
    public List<Long> frames(long start, long end) {
        List<Long> mapped = new ArrayList<>();
        for (long address = start; address < end; address += Frames.PAGE_SIZE) {
            long entry = entry(address);
            if (Entry.present(entry)) {
                mapped.add(Entry.frame(entry));
            }
        }
        return mapped;
    }

    /** The entry of an address; 0 where there is none. */
    public long entry(long address) {
        long table = made() ? tables.table(root.get(), levels, address, 1) : 0;
        return table == 0 ? 0 : tables.entry(table, address, 1);
    }

    // ---------------------------------------------------------------- invalidation

    /** Invalidates [start, end) in the IOMMU, then in the devices that remember translations, and waits for both. */
    List<Step> invalidate(int space, long start, long end) {
        List<Step> steps = new ArrayList<>(iommu.flushIotlb(space, start, end));
        steps.addAll(iommu.sync());
        List<Step> devices = new ArrayList<>();
        for (Endpoint endpoint : iommu.endpoints()) {
            devices.addAll(iommu.flushAtc(endpoint.number(), space, start, end));
        }
        if (!devices.isEmpty()) {
            steps.addAll(devices);
            steps.addAll(iommu.sync());
        }
        return steps;
    }
}
