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
import dev.shootdown.mm.Vma;
import dev.shootdown.sim.Actor;
import dev.shootdown.vocabulary.Word;
import java.util.ArrayList;
import java.util.List;

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
        play.front().listing(subject instanceof Expression.Name name ? named(name.text(), subject) : value(command.written(), subject));
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
                for (long address = vma.start(); address < vma.end() && rows.size() < MOST_ENTRIES; address += Pages.SIZE) {
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
        return Listing.lines("frames", List.of(machine.frames().count() + " frames of 4096 bytes"));
    }

    // ---------------------------------------------------------------- hardware

    private Listing caches(String which) {
        List<List<String>> rows = new ArrayList<>();
        for (Device device : machine.allDevices()) {
            for (var bind : machine.drivers().of(device.number())) {
                boolean iotlb = which.equals("iotlb");
                int entries = iotlb ? device.iommu().iotlb().size(bind.pasid()) : device.atc() == null ? 0 : device.atc().size(bind.pasid());
                rows.add(List.of(iotlb ? device.iommu().name() : device.name(), Integer.toString(bind.pasid()), Integer.toString(entries)));
            }
        }
        return new Listing(which, List.of(which.equals("iotlb") ? "iommu" : "device", "pasid", "entries"), rows);
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
        }
        return new Listing("locks", List.of("process", "lock", "state"), rows);
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
