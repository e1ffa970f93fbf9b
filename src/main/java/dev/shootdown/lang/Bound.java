package dev.shootdown.lang;

import dev.shootdown.device.Device;
import dev.shootdown.lang.tree.VerbCall;
import dev.shootdown.lang.word.Arguments;
import dev.shootdown.lang.word.Verb;
import dev.shootdown.machine.Machine;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;

/** What must hold on the machine, as it is now, for a call to make sense at all; what it does is the machine's business. */
final class Bound {
    private Bound() {}

    static void check(Machine machine, Verb verb, Arguments arguments, Who who, VerbCall call) {
        switch (who) {
            case Who.Device device -> device(machine, machine.device(device.device()), verb, arguments, call);
            case Who.Iommu iommu -> {
                CallRules.refuseOther(machine.vendor(iommu.actor()).word(), verb, who, call);
                if (verb.name().startsWith("ioas_") && machine.iommu(iommu.actor()).secondStage() == null) {
                    throw new Refusal(Diagnostic.error("no-second-stage", call.verb().at(), iommu.actor() + " has no second stage")
                            .hint("iommu " + iommu.actor() + " { nested }"));
                }
                if (arguments.has("device") && !arguments.has("pasid")) {
                    device(machine, machine.device(arguments.word("device")), verb, arguments, call);
                }
            }
            case Who.Thread thread -> fork(machine, verb, arguments, call);
            case Who.Kernel kernel -> { }
        }
    }

    private static void device(Machine machine, Device device, Verb verb, Arguments arguments, VerbCall call) {
        boolean addresses = verb.parameter("pasid") != null;
        if (!addresses || arguments.has("pasid")) {
            return;
        }
        int binds = machine.drivers().of(device.number()).size();
        if (binds == 0 && !device.iommu().domain().made()) {
            throw new Refusal(notBound(device.name(), call));
        }
        boolean mapped = arguments.has("R") && arguments.range("R").process().equals(device.iommu().name());
        if (binds > 1 && !mapped) {
            throw new Refusal(Diagnostic.error("which-pasid", call.verb().at(),
                    device.name() + " is bound more than once")
                    .hint("say which address space: pasid="));
        }
    }

    private static void fork(Machine machine, Verb verb, Arguments arguments, VerbCall call) {
        boolean taken = verb.name().equals("fork") && machine.process(arguments.word("NAME")) != null
                && Facts.alive(machine, machine.process(arguments.word("NAME")));
        if (taken) {
            throw new Refusal(Diagnostic.error("declared-twice", call.at(),
                    arguments.word("NAME") + " is a process already, which has not exited"));
        }
    }

    static Diagnostic notBound(String device, VerbCall call) {
        return Diagnostic.error("not-bound", call.verb().at(),
                device + " is bound to no process, so it has no addresses to use")
                .hint("bind " + device + " to PROCESS");
    }
}
