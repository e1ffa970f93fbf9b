package dev.shootdown.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.device.Device;
import dev.shootdown.device.DeviceOptions;
import dev.shootdown.device.DmaAccess;
import dev.shootdown.driver.Action;
import dev.shootdown.driver.Bind;
import dev.shootdown.driver.Driver;
import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Tables;
import dev.shootdown.memory.Tlb;
import dev.shootdown.memory.Translation;
import dev.shootdown.memory.Use;
import dev.shootdown.mm.Advice;
import dev.shootdown.mm.Exit;
import dev.shootdown.mm.KernelVersion;
import dev.shootdown.mm.Madvise;
import dev.shootdown.mm.Mmap;
import dev.shootdown.mm.Mprotect;
import dev.shootdown.mm.Mremap;
import dev.shootdown.mm.Munmap;
import dev.shootdown.mm.Reclaim;
import dev.shootdown.mm.Touch;
import dev.shootdown.mm.Vma;
import dev.shootdown.notifier.CallbackName;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Schedule;
import dev.shootdown.sim.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds of a device's TLBs after any calls and accesses, at the same time and in any order, on any version. */
class DevicePropertyTest {
    private static final long BASE = 0x1000_0000_0000L;
    private static final long PAGE = Frames.PAGE_SIZE;
    private static final int PAGES = 16;
    private static final int SEEDS = 4;
    private static final int ROUNDS = 12;
    private static final long READ_WRITE = Vma.READ | Vma.WRITE;

    /** A process, a device that is bound to it, and random calls of the one beside accesses of the other. */
    private static final class Walk {
        final SplittableRandom random;
        final Machine machine;
        final Iommu iommu;
        final Device gpu;
        final Actor thread;
        final int mm;

        Walk(KernelVersion version, Vendor vendor, Driver driver, long seed) {
            random = new SplittableRandom(seed);
            machine = new Machine(Configuration.standard().kernel(version.text()));
            iommu = machine.iommu("iommu0", vendor, IommuOptions.DEFAULT);
            gpu = machine.device("gpu", iommu, DeviceOptions.DEFAULT.ats(true).pri(vendor != Vendor.ARM));
            thread = machine.process("app", List.of("main"), 0).threads().getFirst().actor();
            mm = machine.process("app").mm(machine.kernel());
            run(machine.kernelActor(), new Bind(gpu.number(), iommu.number(), 1, mm, driver));
            run(thread, new Mmap(mm, BASE, PAGES * PAGE, READ_WRITE, Mmap.PRIVATE | Mmap.ANONYMOUS | Mmap.FIXED, 0, 0));
            run(thread, new Touch(mm, BASE, BASE + PAGES * PAGE, Translation.WRITE));
        }

        private void assign(Actor actor, Step step) {
            machine.engine().assign(actor, Call.around("app", "any", "", List.of(step), Call.Result.NONE));
        }

        private void run(Actor actor, Step step) {
            assign(actor, step);
            settle(new Schedule.InOrder(List.of(actor)));
        }

        void settle(Schedule schedule) {
            for (Choice choice = schedule.next(machine.engine()); choice != null; choice = schedule.next(machine.engine())) {
                machine.engine().step(choice);
            }
        }

        Step call() {
            long at = BASE + random.nextLong(PAGES) * PAGE;
            long length = (1 + random.nextLong(4)) * PAGE;
            return switch (random.nextInt(10)) {
                case 0, 1 -> new Mmap(mm, at, length, READ_WRITE, Mmap.PRIVATE | Mmap.ANONYMOUS | Mmap.FIXED, 0, 0);
                case 2 -> new Munmap(mm, at, length);
                case 3 -> new Mprotect(mm, at, length, random.nextBoolean() ? Vma.READ : READ_WRITE);
                case 4 -> new Madvise(mm, at, length, Advice.DONTNEED);
                case 5 -> new Mremap(mm, at, length, length, Mremap.MAYMOVE | Mremap.FIXED, BASE + (PAGES + random.nextLong(4)) * PAGE);
                case 6 -> Reclaim.range(mm, at, at + length, false);
                default -> new Touch(mm, at, at + length, random.nextBoolean() ? Translation.WRITE : Translation.READ);
            };
        }

        Step access() {
            long at = BASE + random.nextLong(PAGES) * PAGE;
            return random.nextBoolean() ? DmaAccess.read(gpu.number(), 1, at, at + 8) : DmaAccess.write(gpu.number(), 1, at, at + 8, 0xab);
        }

        /** Calls and accesses at the same time, until all have ended. */
        void round(long seed) {
            for (int i = 0; i < 3; i++) {
                assign(thread, call());
                assign(gpu.actor(), access());
            }
            settle(new Schedule.Seeded(seed));
        }

        /** What a TLB holds although the page table does not, or allows although it does not. */
        List<String> stale() {
            List<String> stale = new ArrayList<>();
            for (Tlb tlb : List.of(iommu.iotlb(), gpu.atc())) {
                for (int i = 0; i < tlb.entries(); i++) {
                    if (tlb.tagAt(i) != 0 && !agrees(Tlb.page(tlb.tagAt(i)) << Frames.PAGE_SHIFT, tlb.translationAt(i))) {
                        stale.add((tlb == gpu.atc() ? "atc" : "iotlb") + " 0x" + Long.toHexString(Tlb.page(tlb.tagAt(i)) << Frames.PAGE_SHIFT));
                    }
                }
            }
            return stale;
        }

        private boolean agrees(long address, long translation) {
            long entry = machine.kernel().pte(mm, address);
            int allowed = Tables.permissions(entry) | Translation.DIRTY;
            return Entry.present(entry) && Entry.frame(entry) == Translation.frame(translation) && (Translation.permissions(translation) & ~allowed) == 0;
        }
    }

    /** A driver that does what its version's contract asks for. */
    private static Driver correct(KernelVersion version) {
        Action.Where range = new Action.Where.Callback();
        List<Action> flush = List.of(new Action.FlushIotlb(range), new Action.Sync(), new Action.FlushAtc(range), new Action.Sync());
        Driver.Handler release = new Driver.Handler(CallbackName.RELEASE, List.of(new Action.Detach(), new Action.Drain()));
        if (version.hasInvalidateRange()) {
            return Driver.of("range", List.of(new Driver.Handler(CallbackName.RANGE, flush), release));
        }
        return Driver.of("empty", List.of(
                new Driver.Handler(CallbackName.START, List.of(new Action.TableEmpty(), new Action.FlushPasid())),
                new Driver.Handler(CallbackName.END, List.of(new Action.TableProcess(), new Action.FlushPasid())),
                new Driver.Handler(CallbackName.PAGE, flush), new Driver.Handler(CallbackName.CHANGE_PTE, flush),
                new Driver.Handler(CallbackName.CLEAR_FLUSH_YOUNG, flush), release));
    }

    @ParameterizedTest
    @EnumSource
    void atRestNoTlbHoldsWhatThePageTableDoesNot(KernelVersion version) {
        int cached = 0;
        for (Vendor vendor : Vendor.values()) {
            for (long seed = 0; seed < SEEDS; seed++) {
                Walk walk = new Walk(version, vendor, correct(version), seed);
                for (int i = 0; i < ROUNDS; i++) {
                    walk.round(seed * ROUNDS + i);
                    assertThat(walk.stale()).as("%s, seed %d, round %d", vendor, seed, i).isEmpty();
                    cached += walk.iommu.iotlb().size(-1) + walk.gpu.atc().size(-1);
                }
            }
        }
        assertThat(cached).isPositive();
    }

    /** Of a driver that never flushes this does not hold, or the property above would mean nothing. */
    @Test
    void withoutFlushesSomeTlbDoes() {
        int stale = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            Walk walk = new Walk(KernelVersion.V6_1, Vendor.AMD, Driver.of("none", List.of()), seed);
            for (int i = 0; i < ROUNDS; i++) {
                walk.round(seed * ROUNDS + i);
                stale += walk.stale().size();
            }
        }
        assertThat(stale).isPositive();
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsLeftOfAProcessThatADeviceWasBoundTo(KernelVersion version) {
        for (Vendor vendor : Vendor.values()) {
            Walk walk = new Walk(version, vendor, correct(version), 77);
            for (int i = 0; i < ROUNDS; i++) {
                walk.round(i);
            }
            walk.run(walk.thread, new Exit(walk.mm));
            walk.settle(new Schedule.InOrder(List.of()));
            Frames frames = walk.machine.frames();
            for (long frame = frames.nextInUse(0); frame != 0; frame = frames.nextInUse(frame)) {
                assertThat(frames.use(frame)).as("%s, frame %d", vendor, frame).isEqualTo(Use.KERNEL);
            }
            assertThat(walk.stale()).as(vendor.toString()).isEmpty();
        }
    }
}
