package dev.shootdown.lang.word;

import dev.shootdown.device.Channel;
import dev.shootdown.device.Device;
import dev.shootdown.device.DmaAccess;
import dev.shootdown.device.Reset;
import dev.shootdown.device.StopPasid;
import dev.shootdown.driver.Binding;
import dev.shootdown.iommu.DmaDomain;
import dev.shootdown.iommu.Iommu;
import dev.shootdown.lang.value.Value;
import dev.shootdown.memory.Translation;
import dev.shootdown.mm.Advice;
import dev.shootdown.mm.Brk;
import dev.shootdown.mm.Madvise;
import dev.shootdown.mm.Mmap;
import dev.shootdown.mm.Mprotect;
import dev.shootdown.mm.Mremap;
import dev.shootdown.mm.Munmap;
import dev.shootdown.mm.Read;
import dev.shootdown.mm.Touch;
import dev.shootdown.mm.Vma;
import dev.shootdown.mm.Write;
import dev.shootdown.sim.Step;
import java.util.List;
import java.util.Locale;

/** What the verbs do: each call as the model's own step for it. */
final class Deeds {
    private Deeds() {}

    // ---------------------------------------------------------------- threads

    static List<Step> mmap(Arguments arguments, Scene scene) {
        int file = arguments.has("file") ? scene.machine().file(arguments.word("file")) : 0;
        long flags = (arguments.has("shared") ? Mmap.SHARED : Mmap.PRIVATE) | (file == 0 ? Mmap.ANONYMOUS : 0)
                | (arguments.has("fixed") ? Mmap.FIXED : 0) | (arguments.has("noreplace") ? Mmap.FIXED_NOREPLACE : 0)
                | (arguments.has("populate") ? Mmap.POPULATE : 0) | (arguments.has("huge") ? Mmap.HUGETLB : 0)
                | (arguments.has("locked") ? Mmap.LOCKED : 0) | (arguments.has("noreserve") ? Mmap.NORESERVE : 0)
                | (arguments.has("growsdown") ? Mmap.GROWSDOWN : 0) | (file != 0 && arguments.has("readonly") ? Mmap.OPENED_READ_ONLY : 0);
        return List.of(new Mmap(scene.mm(), arguments.number("ADDR", 0), arguments.number("SIZE"), protection(arguments), flags, file,
                arguments.number("offset", 0)));
    }

    private static long protection(Arguments arguments) {
        int permissions = arguments.permissions("PROT");
        return ((permissions & Translation.READ) != 0 ? Vma.READ : 0) | ((permissions & Translation.WRITE) != 0 ? Vma.WRITE : 0)
                | ((permissions & Translation.EXECUTE) != 0 ? Vma.EXEC : 0);
    }

    static List<Step> munmap(Arguments arguments, Scene scene) {
        Value.Range range = arguments.range("R");
        return List.of(new Munmap(scene.mm(), range.start(), range.length()));
    }

    static List<Step> mprotect(Arguments arguments, Scene scene) {
        Value.Range range = arguments.range("R");
        return List.of(new Mprotect(scene.mm(), range.start(), range.length(), protection(arguments)));
    }

    static List<Step> mremap(Arguments arguments, Scene scene) {
        Value.Range range = arguments.range("R");
        long flags = (arguments.has("maymove") ? Mremap.MAYMOVE : 0) | (arguments.has("fixed") ? Mremap.FIXED : 0)
                | (arguments.has("dontunmap") ? Mremap.DONTUNMAP : 0);
        return List.of(new Mremap(scene.mm(), range.start(), range.length(), arguments.number("SIZE"), flags, arguments.number("fixed", 0)));
    }

    static List<Step> madvise(Arguments arguments, Scene scene) {
        Value.Range range = arguments.range("R");
        Advice advice = Advice.valueOf(arguments.word("ADVICE").toUpperCase(Locale.ROOT));
        return List.of(new Madvise(scene.mm(), range.start(), range.length(), advice));
    }

    static List<Step> brk(Arguments arguments, Scene scene) {
        return List.of(new Brk(scene.mm(), scene.machine().kernel().heap(scene.mm()) + arguments.number("SIZE")));
    }

    static List<Step> touch(Arguments arguments, Scene scene) {
        Value.Range range = arguments.range("R");
        int access = arguments.has("write") ? Translation.WRITE : arguments.has("exec") ? Translation.EXECUTE : Translation.READ;
        return List.of(new Touch(scene.mm(), range.start(), range.end(), access));
    }

    static List<Step> read(Arguments arguments, Scene scene) {
        Value.Range range = arguments.range("R");
        return List.of(new Read(scene.mm(), range.start(), range.end()));
    }

    static List<Step> write(Arguments arguments, Scene scene) {
        Value.Range range = arguments.range("R");
        return List.of(switch (arguments.value("VALUE")) {
            case Value.Number number -> Write.fill(scene.mm(), range.start(), range.end(), (int) number.value());
            case Value text -> Write.text(scene.mm(), range.start(), range.end(), text.text());
        });
    }

    // ---------------------------------------------------------------- devices

    static List<Step> dmaRead(Arguments arguments, Scene scene) {
        Value.Range range = arguments.range("R");
        Device device = scene.machine().device(scene.owner());
        return List.of(DmaAccess.read(channel(scene), pasid(arguments, scene, device), range.start(), range.end())
                .asking(arguments.has("execute"), arguments.has("privileged")));
    }

    static List<Step> dmaWrite(Arguments arguments, Scene scene) {
        Value.Range range = arguments.range("R");
        Device device = scene.machine().device(scene.owner());
        int value = (int) arguments.number("value", 0);
        return List.of(DmaAccess.write(channel(scene), pasid(arguments, scene, device), range.start(), range.end(), value)
                .asking(false, arguments.has("privileged")));
    }

    static List<Step> translate(Arguments arguments, Scene scene) {
        Value.Range range = arguments.range("R");
        Device device = scene.machine().device(scene.owner());
        int pasid = pasid(arguments, scene, device);
        return List.of(DmaAccess.translate(channel(scene), pasid, range.start(), range.end(), arguments.has("write"))
                .asking(arguments.has("execute"), arguments.has("privileged")));
    }

    static List<Step> stop(Arguments arguments, Scene scene) {
        return List.of(new StopPasid(channel(scene), pasid(arguments, scene, scene.machine().device(scene.owner()))));
    }

    /** The number of the channel that is asked. */
    private static int channel(Scene scene) {
        List<Channel> channels = scene.machine().device(scene.owner()).channels();
        return channels.stream().filter(channel -> channel.actor() == scene.actor()).findFirst().orElse(channels.getFirst()).number();
    }

    static List<Step> reset(Arguments arguments, Scene scene) {
        return List.of(new Reset(scene.machine().device(scene.owner()).number()));
    }

    /**
     * The address space that is meant: as written, that of the DMA API where the range is one of its mappings, or that of the
     * device's only bind; 0, traffic without one, where it has none (any more).
     */
    private static int pasid(Arguments arguments, Scene scene, Device device) {
        if (arguments.has("pasid")) {
            return (int) arguments.number("pasid");
        }
        if (arguments.has("R") && arguments.range("R").process().equals(device.iommu().name())) {
            return DmaDomain.PASID;
        }
        List<Binding> binds = scene.machine().drivers().of(device.number());
        return binds.isEmpty() ? 0 : binds.getFirst().pasid();
    }

    // ---------------------------------------------------------------- IOMMUs

    static List<Step> flushIotlb(Arguments arguments, Scene scene) {
        Value.Range range = arguments.range("R");
        return iommu(scene).flushIotlb((int) arguments.number("pasid"), range.start(), range.end());
    }

    static List<Step> flushAtc(Arguments arguments, Scene scene) {
        Value.Range range = arguments.range("R");
        Device device = scene.machine().device(arguments.word("device"));
        return iommu(scene).flushAtc(device.number(), pasid(arguments, scene, device), range.start(), range.end());
    }

    static List<Step> sync(Arguments arguments, Scene scene) {
        return iommu(scene).sync();
    }

    private static Iommu iommu(Scene scene) {
        return scene.machine().iommu(scene.owner());
    }
}
