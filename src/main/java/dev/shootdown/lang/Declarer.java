package dev.shootdown.lang;

import dev.shootdown.device.DeviceOptions;
import dev.shootdown.device.Device;
import dev.shootdown.driver.Action;
import dev.shootdown.driver.Bind;
import dev.shootdown.driver.Driver;
import dev.shootdown.driver.Drivers;
import dev.shootdown.driver.Unbind;
import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.iommu.Unmapping;
import dev.shootdown.lang.tree.Argument;
import dev.shootdown.lang.tree.Declaration;
import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.tree.Statement;
import dev.shootdown.lang.value.Value;
import dev.shootdown.lang.word.Arguments;
import dev.shootdown.lang.word.Words;
import dev.shootdown.machine.Call;
import dev.shootdown.machine.Configuration;
import dev.shootdown.machine.Machine;
import dev.shootdown.machine.Vendor;
import dev.shootdown.memory.Frames;
import dev.shootdown.mm.Files;
import dev.shootdown.mm.MemoryLimits;
import dev.shootdown.sim.Step;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Carries out declarations, which were checked before, on a machine. */
final class Declarer {
    private final Play play;
    private final Caller caller;

    Declarer(Play play, Caller caller) {
        this.play = play;
        this.caller = caller;
    }

    void declare(Declaration declaration) {
        switch (declaration) {
            case Declaration.Machine machine -> machine(options("machine", machine.at(), machine.options()));
            case Declaration.Iommu iommu -> iommu(iommu.name().text(), options("iommu", iommu.at(), iommu.options()));
            case Declaration.Device device -> device(device);
            case Declaration.Process process -> process(process.name().text(), options("process", process.at(), process.options()));
            case Declaration.File file -> file(file.name().text(), options("file", file.at(), file.arguments()));
            case Declaration.Driver driver -> driver(driver);
            case Declaration.Bind bind -> bind(bind);
            case Declaration.Unbind unbind -> unbind(unbind);
            case Declaration.Scenario scenario ->
                play.scenarios().put(scenario.name().text(), new Play.Scripted(scenario, play.history().size()));
        }
    }

    private Arguments options(String declaration, Span at, List<Argument> written) {
        Binding binding = Binder.bind(Words.declaration(declaration), at, written, play.names());
        Map<String, Value> values = new HashMap<>();
        binding.values().forEach((name, value) -> values.put(name, value(value)));
        return new Arguments(values);
    }

    /** An option's value; a bare word is itself, whatever else is called so. Before there is a machine only constants are worked out. */
    private Value value(Expression written) {
        return switch (written) {
            case Expression.Name name -> new Value.Name(name.text());
            case Expression.ListOf list -> new Value.Several(list.elements().stream().map(this::value).toList());
            default -> play.hasMachine() ? play.evaluator().of(written) : new Evaluator(null, play.values(), Choices.always()).of(written);
        };
    }

    // ---------------------------------------------------------------- things

    private void machine(Arguments options) {
        Configuration standard = Configuration.standard();
        play.configure(new Configuration(
                options.word("kernel", standard.kernel()),
                (int) options.number("cpus", standard.cpus()),
                options.number("memory", standard.memory()),
                (int) options.number("levels", standard.levels()),
                options.word("thp", standard.thp()),
                options.number("swap", standard.swap()),
                (int) options.number("nodes", standard.nodes()),
                (int) options.number("hugepages", standard.hugepages()),
                options.word("lru", standard.lru())));
        MemoryLimits limits = play.machine().kernel().limits();
        if (options.has("max_map_count")) {
            limits.mapCount(options.number("max_map_count", 0));
        }
        if (options.word("overcommit", "always").equals("heuristic")) {
            limits.heuristic();
        }
        if (options.has("commit_limit")) {
            limits.commit(options.number("commit_limit", 0) >>> Frames.PAGE_SHIFT);
        }
    }

    private void iommu(String name, Arguments options) {
        IommuOptions standard = IommuOptions.DEFAULT;
        String overridden = play.overrides().vendor();
        Vendor vendor = Vendor.of(overridden == null ? options.word("vendor", Vendor.AMD.word()) : overridden);
        play.machine().iommu(name, vendor, standard
                .commands((int) options.number("queue", standard.commands()))
                .requests((int) options.number("requests", standard.requests()))
                .iotlb((int) options.number("iotlb", standard.iotlb()))
                .ranges(options.word("ril", "yes").equals("yes"))
                .deniesPri(options.word("pri", "served").equals("denied"))
                .nested(options.has("nested"))
                .unmapping(unmapping(options)));
    }

    private static Unmapping unmapping(Arguments options) {
        boolean single = options.has("single");
        int standard = single ? Unmapping.SINGLE_ENTRIES : Unmapping.DEFAULT_ENTRIES;
        boolean lazy = options.word("mode", "strict").equals("lazy") && !options.has("no_flush_queue");
        return new Unmapping(lazy, (int) options.number("flush_queue", standard), single);
    }

    private void device(Declaration.Device device) {
        Arguments options = options("device", device.at(), device.options());
        Iommu behind = play.machine().iommu(device.behind().text());
        play.machine().device(device.name().text(), behind, options(options), options.names("channels", List.of()));
    }

    private static DeviceOptions options(Arguments options) {
        DeviceOptions standard = DeviceOptions.DEFAULT;
        return standard
                .ats(options.has("ats"))
                .pri(options.has("pri"))
                .atc((int) options.number("atc", standard.atc()))
                .credits((int) options.number("credits", standard.credits()))
                .retries((int) options.number("retries", standard.retries()))
                .stall(options.has("stall"))
                .unlimited(options.has("unlimited"))
                .untrusted(options.has("untrusted"))
                .group((int) options.number("prg", standard.group()))
                .prefetch((int) options.number("prefetch", standard.prefetch()))
                .tags((int) options.number("itags", standard.tags()))
                .silent(options.has("silent"));
    }

    private void process(String name, Arguments options) {
        Machine machine = play.machine();
        int mm = machine.process(name, options.names("threads", List.of("main")), options.number("heap", 0)).mm(machine.kernel());
        if (options.has("rlimit_as")) {
            machine.kernel().limits().addressSpace(mm, options.number("rlimit_as", 0) >>> Frames.PAGE_SHIFT);
        }
        if (options.has("rlimit_data")) {
            machine.kernel().limits().data(mm, options.number("rlimit_data", 0));
        }
        if (options.has("rlimit_memlock")) {
            machine.kernel().lockable(mm, options.number("rlimit_memlock", 0) >>> Frames.PAGE_SHIFT);
        }
    }

    private void file(String name, Arguments options) {
        byte[] content = options.word("content", "").getBytes(StandardCharsets.ISO_8859_1);
        int file = play.machine().file(name, options.number("SIZE"), content, options.word("fs", "ext4").equals("tmpfs"));
        Files files = play.machine().kernel().files();
        if (options.has("noexec")) {
            files.mountNoexec(file);
        }
        if (options.has("seal")) {
            files.seal(file, options.word("seal", "").equals("future_write"));
        }
    }

    private void driver(Declaration.Driver declared) {
        Driver driver = declared.fence().isEmpty() ? DriverCompiler.compile(declared) : fenced(declared.name().text(), declared.fence().get());
        play.drivers().put(declared.name().text(), driver);
    }

    /** A driver in JavaScript: each callback asks a function that the machine is told of. */
    private Driver fenced(String name, Statement.Fence fence) {
        List<Driver.Handler> handlers = new ArrayList<>();
        play.javascript().driver(fence.at().source(), fence.code(), fence.line()).forEach((callback, function) -> {
            String known = name + "." + callback.word();
            play.machine().drivers().function(known, altered(new Alteration.Asking(name, callback), function));
            handlers.add(new Driver.Handler(callback, List.of(new Action.Ask(known))));
        });
        return Driver.of(name, handlers);
    }

    private Drivers.Function altered(Alteration.Asking asking, Drivers.Function function) {
        return play.overrides().alteration() == null ? function : play.overrides().alteration().function(asking, function);
    }

    // ---------------------------------------------------------------- binds

    private void bind(Declaration.Bind bind) {
        Arguments options = options("bind", bind.at(), bind.options());
        Machine machine = play.machine();
        var device = machine.device(bind.device().text());
        int iommu = device.iommu().number();
        int pasid = options.has("pasid") ? (int) options.number("pasid") : machine.drivers().freePasid(iommu);
        int mm = machine.process(bind.process().text()).mm(machine.kernel());
        refuseTaken(machine, iommu, pasid, mm, bind);
        Driver driver = chosen(bind, options, machine.vendor(device.iommu().name()));
        warn(driver, bind);
        Step step = new Bind(device.number(), iommu, pasid, mm, driver);
        caller.kernel(bind.process().text(), "bind", bind.written(), List.of(step), bind.at());
    }

    /** Behind one IOMMU a PASID names one address space: drivers/iommu/iommu-sva.c gives each its own. */
    private static void refuseTaken(Machine machine, int iommu, int pasid, int mm, Declaration.Bind bind) {
        boolean taken = machine.drivers().all().stream()
                .anyMatch(other -> other.iommu() == iommu && other.pasid() == pasid && other.mm() != mm);
        if (taken) {
            throw new Refusal(Diagnostic.error("pasid-in-use", bind.at(),
                    "PASID " + pasid + " belongs to another process behind this IOMMU"));
        }
    }

    private Driver chosen(Declaration.Bind bind, Arguments options, Vendor vendor) {
        String kernel = play.machine().configuration().kernel();
        String name = options.word("driver", BuiltInDrivers.ownOf(kernel));
        String wanted = play.overrides().driver() == null ? name : play.overrides().driver();
        Driver own = play.drivers().get(wanted);
        Driver driver = Optional.ofNullable(own).or(() -> BuiltInDrivers.driver(wanted, kernel, vendor.word())).orElseThrow(() -> new Refusal(
                Diagnostic.error("unknown-driver", bind.at(), "there is no driver " + Quoting.quote(wanted))));
        return play.overrides().alteration() == null ? driver : play.overrides().alteration().driver(driver);
    }

    private void warn(Driver driver, Declaration.Bind bind) {
        var contract = play.machine().version().contract();
        for (Driver.Handler handler : driver.handlers()) {
            if (!contract.has(handler.callback())) {
                play.front().diagnostic(Diagnostic.warning("callback-never-called", bind.at(), "kernel "
                        + play.machine().configuration().kernel() + " never calls '" + handler.callback().word() + "' of driver " + driver.name()));
            }
        }
    }

    private void unbind(Declaration.Unbind unbind) {
        Machine machine = play.machine();
        int mm = machine.process(unbind.process().text()).mm(machine.kernel());
        Device device = machine.device(unbind.device().text());
        if (device.channels().stream().anyMatch(channel -> !machine.engine().idle(channel.actor()))) {
            throw new Refusal(Diagnostic.error("device-busy", unbind.device().at(),
                    device.name() + " has an access in flight, which unbinding does not stop").hint("wait " + device.name()));
        }
        Step step = new Unbind(device.number(), mm);
        caller.kernel(unbind.process().text(), "unbind", unbind.written(), List.of(step), unbind.at());
    }
}
