package dev.shootdown.lang;

import dev.shootdown.lang.tree.Declaration;
import dev.shootdown.lang.tree.Identifier;
import dev.shootdown.lang.tree.Statement;
import java.util.List;

/** What a statement would have declared, had nothing been wrong with it: so that its users are not complained of. */
final class Declared {
    private Declared() {}

    static void despite(Statement statement, Names names) {
        switch (statement) {
            case Declaration.Iommu iommu -> put(names, iommu.name(), new Thing.Iommu("amd"));
            case Declaration.Device device -> put(names, device.name(), new Thing.Device(device.behind().text(), true, true, List.of()));
            case Declaration.Process process -> put(names, process.name(), new Thing.Process(List.of("main"), false));
            case Declaration.File file -> put(names, file.name(), new Thing.File());
            case Declaration.Driver driver -> put(names, driver.name(), new Thing.Driver());
            case Declaration.Scenario scenario -> put(names, scenario.name(), new Thing.Scenario());
            case Statement.Let let -> put(names, let.name(), new Thing.Let(Type.ANY, -1));
            case Statement.LetCall let -> put(names, let.name(), new Thing.Let(Type.ANY, -1));
            case Statement.Perform perform -> perform.calls().stream()
                    .filter(call -> call.verb().text().equals("fork") || call.verb().text().equals("vfork"))
                    .forEach(call -> put(names, new Identifier(call.written().trim(), call.at()), new Thing.Process(List.of("main"), true)));
            default -> { }
        }
    }

    private static void put(Names names, Identifier name, Thing thing) {
        if (names.get(name.text()) == null) {
            names.put(name.text(), thing);
        }
    }
}
