package dev.shootdown.lang;

import dev.shootdown.device.Device;
import dev.shootdown.iommu.Iommu;
import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.tree.Statement;
import dev.shootdown.lang.value.Value;
import dev.shootdown.lang.word.Words;
import dev.shootdown.machine.Machine;
import dev.shootdown.machine.Process;
import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Tlb;
import dev.shootdown.memory.Translation;
import dev.shootdown.mm.Kernel;
import dev.shootdown.mm.Vma;
import dev.shootdown.sim.Actor;
import dev.shootdown.vocabulary.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** {@code info}: what there is on the machine now, in tables. */
final class Info {
    private static final int MOST_ENTRIES = 512;

    private final Play play;
    private final Machine machine;

    Info(Play play) {
        this.play = play;
        this.machine = play.machine();
    }

    void tell(Statement.Command command) {
        Expression subject = command.arguments().getFirst().value();
        play.front().listing(subject instanceof Expression.Name name ? named(name.text(), subject)
                : thread(subject).orElseGet(() -> value(command.written(), subject)));
    }

    /** A thread's properties; empty for what is none. */
    private Optional<Listing> thread(Expression subject) {
        boolean thread = subject instanceof Expression.Member member && member.of() instanceof Expression.Name process
                && play.names().get(process.text()) instanceof Thing.Process known && known.threads().contains(member.name().text());
        if (!thread) {
            return Optional.empty();
        }
        Expression.Member member = (Expression.Member) subject;
        String name = ((Expression.Name) member.of()).text() + "." + member.name().text();
        return Optional.of(new Listing(name, List.of("property", "value"), List.of(List.of(name + ".done", Facts.ofThread(machine, name).text()))));
    }

    private Listing named(String name, Expression subject) {
        return switch (name) {
            case "vmas" -> vmas();
            case "ptes" -> ptes();
            case "iotlb" -> caches("iotlb");
            case "atc" -> caches("atc");
            case "queue" -> rings("queue");
            case "faults" -> rings("faults");
            case "frames" -> frames();
            case "locks" -> locks();
            case "actors" -> actors();
            default -> thing(name, subject);
        };
    }

    private Listing value(String written, Expression subject) {
        return Listing.lines(written, List.of(play.evaluator().of(subject).text()));
    }

    // ---------------------------------------------------------------- things

    private Listing thing(String name, Expression subject) {
        Thing thing = play.names().get(name);
        return switch (thing) {
            case Thing.Process process -> properties(name, "process");
            case Thing.Device device -> properties(name, "device");
            case Thing.Iommu iommu -> properties(name, "iommu");
            case Thing.Let let when let.type() == Type.RANGE -> range(name, (Value.Range) play.values().get(name));
            case Thing.Let let -> value(name, subject);
            case Thing.File file -> Listing.lines(name, List.of("a file of "
                    + machine.kernel().files().size(machine.file(name)) + " bytes"));
            case Thing.Driver driver -> Listing.lines(name, List.of("a driver"));
            case Thing.Scenario scenario -> Listing.lines(name, List.of("a scenario: run " + name + ", or explore " + name));
        };
    }

    private Listing properties(String name, String subject) {
        List<List<String>> rows = new ArrayList<>();
        for (Word word : Words.properties(subject)) {
            if (!word.name().equals("entries")) {
                rows.add(List.of(name + "." + word.name(), Facts.of(machine, name, word.name()).text()));
            }
        }
        return new Listing(name, List.of("property", "value"), rows);
    }

    private Listing range(String name, Value.Range range) {
        List<List<String>> rows = new ArrayList<>();
        for (Word word : Words.properties("mapping")) {
            if (!word.name().equals("pte")) {
                rows.add(List.of(name + "." + word.name(), Facts.of(machine, range, word.name()).text()));
            }
        }
        return new Listing(name, List.of("property", "value"), rows);
    }

    // ---------------------------------------------------------------- memory

    private Listing vmas() {
        List<List<String>> rows = new ArrayList<>();
        for (Process process : machine.processes()) {
            for (Vma vma : machine.kernel().vmas().all(process.mm(machine.kernel()))) {
                rows.add(List.of(process.name(), hex(vma.start()), hex(vma.end()), permissions(vma),
                        vma.file() == 0 ? "" : machine.kernel().owners().name(vma.file())));
            }
        }
        return new Listing("vmas", List.of("process", "start", "end", "prot", "file"), rows);
    }

    private static String permissions(Vma vma) {
        return (vma.has(Vma.READ) ? "r" : "-") + (vma.has(Vma.WRITE) ? "w" : "-") + (vma.has(Vma.EXEC) ? "x" : "-") + (vma.has(Vma.SHARED) ? "s" : "p");
    }

    private Listing ptes() {
        List<List<String>> rows = new ArrayList<>();
        for (Process process : machine.processes()) {
            int mm = process.mm(machine.kernel());
            for (Vma vma : machine.kernel().vmas().all(mm)) {
                for (long address = vma.start(); address < vma.end() && rows.size() < MOST_ENTRIES; address = Facts.next(machine, mm, address)) {
                    long entry = machine.kernel().pte(mm, address);
                    if (entry != 0) {
                        rows.add(List.of(process.name(), hex(address), hex(entry), Entry.present(entry) ? hex(Entry.frame(entry)) : ""));
                    }
                }
            }
        }
        return new Listing("ptes", List.of("process", "addr", "entry", "frame"), rows);
    }

    private Listing frames() {
        Frames frames = machine.frames();
        Map<String, Long> counts = new TreeMap<>();
        for (long frame = frames.nextInUse(0); frame != 0; frame = frames.nextInUse(frame)) {
            String use = frames.use(frame).name().toLowerCase(Locale.ROOT).replace('_', ' ');
            counts.merge(machine.owners().name(frames.owner(frame)) + "\0" + use, 1L, Long::sum);
        }
        List<List<String>> rows = new ArrayList<>();
        counts.forEach((what, count) -> rows.add(List.of(what.split("\0")[0], what.split("\0")[1], Long.toString(count))));
        rows.add(List.of("", "free", Long.toString(frames.count() - 1 - frames.inUse())));
        return new Listing("frames", List.of("owner", "use", "frames"), rows);
    }

    // ---------------------------------------------------------------- hardware

    private Listing caches(String which) {
        List<List<String>> rows = new ArrayList<>();
        if (which.equals("iotlb")) {
            machine.allIommus().forEach(iommu -> entries(rows, iommu.name(), iommu.iotlb()));
        } else {
            machine.allDevices().stream().filter(Device::ats).forEach(device -> entries(rows, device.name(), device.atc()));
        }
        return new Listing(which, List.of(which.equals("iotlb") ? "iommu" : "device", "pasid", "addr", "frame", "access"), rows);
    }

    private static void entries(List<List<String>> rows, String name, Tlb tlb) {
        for (int place = 0; place < tlb.entries() && rows.size() < MOST_ENTRIES; place++) {
            long translation = tlb.translationAt(place);
            if (tlb.tagAt(place) != 0) {
                rows.add(List.of(name, Integer.toString(Iommu.pasid(tlb.spaceAt(place))), hex(Tlb.page(tlb.tagAt(place)) << Frames.PAGE_SHIFT),
                        hex(Translation.frame(translation)), Translation.allows(translation, Translation.WRITE) ? "write" : "read"));
            }
        }
    }

    private Listing rings(String which) {
        List<List<String>> rows = new ArrayList<>();
        for (Iommu iommu : machine.allIommus()) {
            var ring = which.equals("queue") ? iommu.commands() : iommu.requests();
            rows.add(List.of(iommu.name(), Long.toString(ring.size())));
        }
        return new Listing(which, List.of("iommu", which.equals("queue") ? "commands waiting" : "page requests waiting"), rows);
    }

    // ---------------------------------------------------------------- who

    private Listing locks() {
        List<List<String>> rows = new ArrayList<>();
        for (Process process : machine.processes()) {
            long lock = machine.kernel().lock(process.mm(machine.kernel()));
            String state = lock == 0 ? "free" : lock < 0 ? "held for writing" : "held for reading by " + lock;
            rows.add(List.of(process.name(), "mmap_lock", state));
            vmaLocks(process, rows);
        }
        return new Listing("locks", List.of("process", "lock", "state"), rows);
    }

    /** Those that are not free. */
    private void vmaLocks(Process process, List<List<String>> rows) {
        Kernel kernel = machine.kernel();
        for (Vma vma : kernel.vmas().all(process.mm(kernel))) {
            int readers = kernel.vmaLocks().readers(vma);
            if (readers != 0) {
                rows.add(List.of(process.name(), "vma " + hex(vma.start()), readers < 0 ? "held for writing" : "held for reading by " + readers));
            }
        }
    }

    private Listing actors() {
        List<List<String>> rows = new ArrayList<>();
        for (Actor actor : machine.engine().actors()) {
            boolean idle = machine.engine().idle(actor);
            String state = idle ? "idle" : machine.engine().ready(actor) ? "ready" : "waiting";
            rows.add(List.of(actor.name(), state, idle ? "" : actor.agenda().head().name()));
        }
        return new Listing("actors", List.of("actor", "state", "next step"), rows);
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
