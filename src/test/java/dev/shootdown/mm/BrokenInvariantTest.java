package dev.shootdown.mm;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The invariants that the property tests ask for can fail: each is broken by hand. */
class BrokenInvariantTest {
    private static final long AT = 0x1000_0000_0000L;

    private final Bench bench = new Bench(KernelVersion.V6_1);
    private int mm;
    private long table;
    private long frame;

    @BeforeEach
    void fill() {
        mm = bench.process("app");
        bench.run("app.main", new Mmap(mm, AT, 4 << 12, Vma.READ | Vma.WRITE, Mmap.PRIVATE | Mmap.ANONYMOUS | Mmap.FIXED, 0, 0));
        bench.run("app.main", new Touch(mm, AT, AT + (2 << 12), Translation.WRITE));
        table = bench.kernel.pteTable(mm, AT);
        frame = Entry.frame(bench.kernel.pte(mm, AT));
        assertThatCode(() -> bench.check(mm)).doesNotThrowAnyException();
    }

    /** A way to break one. */
    private enum Breakage {
        REFERENCE("references") {
            @Override
            void happen(BrokenInvariantTest test) {
                test.bench.frames.get(test.frame);
            }
        },
        MAPPING("mappings") {
            @Override
            void happen(BrokenInvariantTest test) {
                test.bench.frames.mapped(test.frame, 1);
            }
        },
        COUNTER("FILE of") {
            @Override
            void happen(BrokenInvariantTest test) {
                test.bench.kernel.count(test.mm, Rss.FILE, 1);
                test.bench.kernel.count(test.mm, Rss.ANON, -1);
            }
        },
        SWAPPED("SWAP of") {
            @Override
            void happen(BrokenInvariantTest test) {
                test.bench.kernel.count(test.mm, Rss.SWAP, 1);
            }
        },
        MAPPED_TWICE("mappings|references|ANON") {
            @Override
            void happen(BrokenInvariantTest test) {
                test.bench.kernel.tables().entry(test.table, AT + (3 << 12), 1, test.bench.kernel.pte(test.mm, AT));
            }
        },
        TABLE_IN_TWO_PLACES("in two places") {
            @Override
            void happen(BrokenInvariantTest test) {
                long middle = test.bench.frames.word(test.bench.kernel.root(test.mm), (int) (AT >>> 39 & 511));
                test.bench.frames.word(test.bench.kernel.root(test.mm), 300, middle);
            }
        },
        TABLE_AS_DATA("is mapped, and is TABLE|FILE of") {
            @Override
            void happen(BrokenInvariantTest test) {
                test.bench.kernel.tables().entry(test.table, AT + (3 << 12), 1, Entry.of(test.table, Entry.PRESENT));
            }
        },
        OVERLAP("overlap") {
            @Override
            void happen(BrokenInvariantTest test) {
                Vma vma = test.bench.kernel.vmas().at(test.mm, AT);
                test.bench.kernel.vmas().insert(new Vma(test.mm, AT + 4096, AT + 8192, vma.flags(), vma.pgoff() + 1, 0, 0, false));
            }
        },
        OUTSIDE("no place") {
            @Override
            void happen(BrokenInvariantTest test) {
                test.bench.kernel.vmas().insert(new Vma(test.mm, 4096, 8192, Vma.READ, 1, 0, 0, false));
            }
        },
        FREED_TWICE("freed twice") {
            @Override
            void happen(BrokenInvariantTest test) {
                test.bench.run("app.main", new Freed(test.table), new Freed(test.table));
            }
        },
        FREED_AND_USED("is in use, and was freed") {
            @Override
            void happen(BrokenInvariantTest test) {
                test.bench.run("app.main", new Freed(test.table));
            }
        };

        private final String told;

        Breakage(String told) {
            this.told = told;
        }

        abstract void happen(BrokenInvariantTest test);
    }

    /** Tells that a page table was freed. */
    private record Freed(long frame) implements Step {
        @Override
        public void run(Turn turn) {
            turn.emit(Kind.TABLE_FREE, () -> new Event.TableFree("app", frame, 1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void isNoticed(Breakage breakage) {
        assertThatThrownBy(() -> {
            breakage.happen(this);
            bench.check(mm);
        }).isInstanceOf(AssertionError.class).hasMessageMatching("(?s).*(" + breakage.told + ").*");
    }

    /** Mappings that the kernel would have made one. */
    @Test
    void whatIsNotMergedIsNoticed() {
        int other = bench.process("other");
        Vma vma = new Vma(other, AT, AT + 4096, Vma.READ, AT >>> 12, 0, 0, false);
        bench.kernel.vmas().insert(vma);
        bench.kernel.vmas().insert(new Vma(other, AT + 4096, AT + 8192, Vma.READ, (AT >>> 12) + 1, 0, 0, false));
        assertThatThrownBy(() -> PropertyTest.merged(bench, other)).isInstanceOf(AssertionError.class);
    }
}
