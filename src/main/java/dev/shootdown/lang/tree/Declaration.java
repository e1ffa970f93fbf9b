package dev.shootdown.lang.tree;

import dev.shootdown.vocabulary.Span;
import java.util.List;
import java.util.Optional;

/** What there is: machines, devices, processes, scenarios. Options are as written; the words say which there are. */
public sealed interface Declaration extends Statement {
    record Machine(List<Argument> options, Span at) implements Declaration {
        public Machine {
            options = List.copyOf(options);
        }
    }

    record Iommu(Identifier name, List<Argument> options, Span at) implements Declaration {
        public Iommu {
            options = List.copyOf(options);
        }
    }

    record Device(Identifier name, Identifier behind, List<Argument> options, Span at) implements Declaration {
        public Device {
            options = List.copyOf(options);
        }
    }

    record Process(Identifier name, List<Argument> options, Span at) implements Declaration {
        public Process {
            options = List.copyOf(options);
        }
    }

    /** {@code file NAME SIZE ...}: the size is the first argument. */
    record File(Identifier name, List<Argument> arguments, Span at) implements Declaration {
        public File {
            arguments = List.copyOf(arguments);
        }
    }

    /** Callbacks in the language, or a fence; never both. */
    record Driver(Identifier name, List<Statement.Probe> callbacks, Optional<Statement.Fence> fence, Span at)
            implements Declaration {
        public Driver {
            callbacks = List.copyOf(callbacks);
        }
    }

    record Bind(Identifier device, Identifier process, List<Argument> options, String written, Span at) implements Declaration {
        public Bind {
            options = List.copyOf(options);
        }
    }

    record Unbind(Identifier device, Identifier process, String written, Span at) implements Declaration {}

    record Scenario(Identifier name, List<Statement> body, Span at) implements Declaration {
        public Scenario {
            body = List.copyOf(body);
        }
    }
}
