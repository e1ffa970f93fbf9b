package dev.shootdown.lang.word;

import static dev.shootdown.lang.word.VendorVerbs.CODE;
import static dev.shootdown.lang.word.VendorVerbs.DEVICE;
import static dev.shootdown.lang.word.VendorVerbs.GROUP;
import static dev.shootdown.lang.word.VendorVerbs.PASID;
import static dev.shootdown.lang.word.VendorVerbs.RANGE;
import static dev.shootdown.lang.word.VendorVerbs.pasid;
import static dev.shootdown.lang.word.VendorVerbs.requester;
import static dev.shootdown.lang.word.VendorVerbs.send;
import static dev.shootdown.vocabulary.Parameter.flag;
import static dev.shootdown.vocabulary.Parameter.option;

import dev.shootdown.iommu.PageSpan;
import dev.shootdown.iommu.riscv.RiscvCommand;
import dev.shootdown.iommu.riscv.RiscvIommu;
import dev.shootdown.lang.value.Value;
import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Step;
import dev.shootdown.vocabulary.Parameter.Kind;
import dev.shootdown.vocabulary.Parameter;
import java.util.ArrayList;
import java.util.List;

/** The RISC-V IOMMU's commands: specification 3.1. */
final class RiscvVerbs {
    private static final Parameter SOME = RANGE.optional();
    private static final Parameter SPACE = option("pasid", Kind.NUMBER, "", "PSCV and PSCID: of this address space alone.");
    private static final Parameter MACHINE = option("gscid", Kind.NUMBER, "", "GV and GSCID: of this virtual machine.");
    private static final Parameter LEAF = flag("leaf", "Without NL: pointers to tables are kept.");
    private static final Parameter ONE = option("device", Kind.NAME, "", "DV and DID: of this device alone.");
    private static final Parameter REQUEST = option("pasid", Kind.NUMBER, "", "PV and PID: with this PASID.");

    private RiscvVerbs() {}

    static List<Verb> all() {
        return List.of(
                command("IOTINVAL.VMA", "drops first-stage translations: a command for each page of R; without R, and from 2M on, one for everything",
                        SOME, SPACE, MACHINE, LEAF)
                        .does((arguments, scene) -> pages(arguments, scene, RiscvVerbs::vma))
                        .example(behind("riscv0: IOTINVAL_VMA buf pasid=1", "riscv0: sync")),
                command("IOTINVAL.GVMA", "drops second-stage translations: R is of guest-physical addresses; without R, and from 2M on, one for everything",
                        SOME, MACHINE)
                        .does((arguments, scene) -> pages(arguments, scene, RiscvVerbs::gvma))
                        .example(behind("riscv0: IOTINVAL_GVMA", "riscv0: sync")),
                command("IOFENCE.C", "completes when all before it have; nobody waits for it here", flag("wsi", "WSI: raises its wire."),
                        flag("pr", "PR: orders reads of devices."), flag("pw", "PW: orders writes of devices."))
                        .does((arguments, scene) -> send(scene, new RiscvCommand.IofenceC(false, arguments.has("wsi"), arguments.has("pr"),
                                arguments.has("pw"), 0, 0)))
                        .example(behind("riscv0: IOTINVAL_VMA buf pasid=1", "riscv0: IOFENCE_C pr pw", "riscv0: ATS_INVAL buf device=gpu pasid=1",
                                "riscv0: sync")),
                command("IODIR.INVAL_DDT", "forgets device contexts, with the process contexts behind them", ONE)
                        .does((arguments, scene) -> send(scene, new RiscvCommand.IodirInvalDdt(arguments.has("device"),
                                arguments.has("device") ? requester(arguments, scene) : 0)))
                        .example(behind("riscv0: IODIR_INVAL_DDT device=gpu")),
                command("IODIR.INVAL_PDT", "forgets one process context", DEVICE, PASID)
                        .does((arguments, scene) -> send(scene, new RiscvCommand.IodirInvalPdt(pasid(arguments), requester(arguments, scene))))
                        .example(behind("riscv0: IODIR_INVAL_PDT device=gpu pasid=1")),
                command("ATS.INVAL", "has a device drop translations from its ATC", RANGE, DEVICE, REQUEST, flag("global", "G: of every PASID."))
                        .does((arguments, scene) -> send(scene, new RiscvCommand.AtsInval(pasid(arguments), arguments.has("pasid"), false,
                                requester(arguments, scene), 0, arguments.has("global"), span(arguments))))
                        .example(behind("riscv0: ATS_INVAL buf device=gpu pasid=1", "riscv0: sync")),
                command("ATS.PRGR", "answers a page request group", DEVICE, PASID, GROUP, CODE)
                        .does((arguments, scene) -> send(scene, new RiscvCommand.AtsPrgr(pasid(arguments), true, false,
                                requester(arguments, scene), 0, (int) arguments.number("group", 0), (int) arguments.number("code", 0))))
                        .example(behind("riscv0: ATS_PRGR device=gpu pasid=1 group=3 code=1")));
    }

    private static Verb command(String name, String what, Parameter... parameters) {
        return VendorVerbs.verb("riscv", name, what, parameters);
    }

    private static String behind(String... lines) {
        return Examples.behind("riscv", lines);
    }

    /** A command names one page, where the hardware knows no ranges; a range is as many commands. */
    private static List<Step> pages(Arguments arguments, Scene scene, Invalidation of) {
        Value.Range range = arguments.has("R") ? arguments.range("R") : null;
        if (range == null || range.end() - range.start() >= RiscvIommu.LIMIT) {
            return send(scene, of.command(arguments, false, new PageSpan(0, false)));
        }
        List<Step> steps = new ArrayList<>();
        for (long page = range.start() & -Frames.PAGE_SIZE; page < range.end(); page += Frames.PAGE_SIZE) {
            steps.addAll(send(scene, of.command(arguments, true, new PageSpan(page, false))));
        }
        return steps;
    }

    /** An invalidation, of a page where AV is set. */
    private interface Invalidation {
        RiscvCommand command(Arguments arguments, boolean av, PageSpan page);
    }

    private static RiscvCommand gvma(Arguments arguments, boolean av, PageSpan page) {
        return new RiscvCommand.IotinvalGvma(av, 0, arguments.has("gscid"), false, (int) arguments.number("gscid", 0), page);
    }

    private static RiscvCommand vma(Arguments arguments, boolean av, PageSpan page) {
        return new RiscvCommand.IotinvalVma(av, pasid(arguments), arguments.has("pasid"), arguments.has("gscid"),
                av && !arguments.has("leaf"), (int) arguments.number("gscid", 0), page);
    }

    private static PageSpan span(Arguments arguments) {
        Value.Range range = arguments.range("R");
        return PageSpan.of(range.start(), range.end());
    }
}
