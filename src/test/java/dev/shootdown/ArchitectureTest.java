package dev.shootdown;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The plan of the house, held against the classes: who may know whom, and where state may live. */
class ArchitectureTest {
    private static final String ROOT = "dev.shootdown.";

    /** Each room with the rooms that it may know, besides itself. */
    private static final Map<String, Set<String>> KNOWS = rooms();

    private static final String[] MODEL = packages(Set.of("sim", "memory", "notifier", "mm", "iommu", "device", "driver", "machine", "check"));

    private static final JavaClasses CLASSES = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.shootdown");

    private static Map<String, Set<String>> rooms() {
        Map<String, Set<String>> rooms = new LinkedHashMap<>();
        rooms.put("vocabulary", Set.of());
        rooms.put("trace", Set.of("vocabulary"));
        rooms.put("sim", Set.of("trace", "vocabulary"));
        Set<String> first = Set.of("vocabulary", "trace", "sim");
        rooms.put("memory", first);
        rooms.put("notifier", with(first, "memory"));
        rooms.put("mm", with(first, "memory", "notifier"));
        rooms.put("iommu", with(first, "memory"));
        rooms.put("device", with(first, "memory", "iommu"));
        rooms.put("driver", with(first, "memory", "notifier", "mm", "iommu", "device"));
        Set<String> sixth = with(first, "memory", "notifier", "mm", "iommu", "device", "driver");
        rooms.put("machine", sixth);
        rooms.put("check", with(sixth, "machine"));
        rooms.put("conform", with(sixth, "machine"));
        rooms.put("explore", with(first, "machine", "check"));
        rooms.put("lang", with(sixth, "machine", "check", "explore"));
        rooms.put("js", with(rooms.get("lang"), "lang"));
        rooms.put("view", with(rooms.get("lang"), "lang"));
        Set<String> all = with(rooms.get("lang"), "lang", "js", "view");
        rooms.put("repl", all);
        rooms.put("cli", with(all, "repl", "conform"));
        return rooms;
    }

    private static Set<String> with(Set<String> rooms, String... more) {
        List<String> all = new ArrayList<>(rooms);
        all.addAll(List.of(more));
        return Set.copyOf(all);
    }

    private static String[] packages(Set<String> rooms) {
        return rooms.stream().sorted().map(room -> ROOT + room + "..").toArray(String[]::new);
    }

    private static Set<String> others(String room) {
        List<String> others = new ArrayList<>(KNOWS.keySet());
        others.remove(room);
        others.removeAll(KNOWS.get(room));
        return Set.copyOf(others);
    }

    @TestFactory
    List<DynamicTest> aRoomKnowsOnlyWhatThePlanSays() {
        return KNOWS.keySet().stream().filter(room -> !others(room).isEmpty()).map(room -> DynamicTest.dynamicTest(room,
                () -> floors(room).check(CLASSES))).toList();
    }

    private static ArchRule floors(String room) {
        return noClasses().that().resideInAPackage(ROOT + room + "..").should().dependOnClassesThat().resideInAnyPackage(packages(others(room)))
                .because("'" + room + "' knows only " + KNOWS.get(room)).allowEmptyShould(true);
    }

    @Test
    void everyClassIsInARoomOfThePlan() {
        assertThat(CLASSES.stream().map(JavaClass::getPackageName).map(name -> name.substring(ROOT.length()).split("\\.")[0]).distinct())
                .isSubsetOf(KNOWS.keySet());
    }

    /** The tree and its words may know each other; rooms may not. */
    @Test
    void noRoomsKnowEachOther() {
        slices().matching(ROOT + "(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void nothingStaticChanges() {
        fields().that().areStatic().and().areDeclaredInClassesThat(handwritten()).should().beFinal().andShould(holdNothingThatChanges())
                .check(CLASSES);
    }

    /** Cells are the one place for state: {@code sim} makes them, everybody else has final fields. */
    @Test
    void aModelRoomKeepsItsStateInCells() {
        fields().that().areDeclaredInClassesThat(resideInAnyPackage(MODEL)).and().areDeclaredInClassesThat().resideOutsideOfPackage(ROOT + "sim")
                .and().areNotStatic().should().beFinal().allowEmptyShould(true).check(CLASSES);
    }

    /** A collection behind a final field would be state that no cell knows of. */
    @Test
    void aModelRoomHidesNoCollections() {
        fields().that().areDeclaredInClassesThat(resideInAnyPackage(MODEL)).and().areDeclaredInClassesThat().resideOutsideOfPackage(ROOT + "sim")
                .and().areNotStatic().should(beNoMutableCollection()).allowEmptyShould(true).check(CLASSES);
    }

    @Test
    void theModelReadsNoClockAndNoChance() {
        ArchRule rule = noClasses().that().resideInAnyPackage(MODEL).should().callMethod(System.class, "nanoTime")
                .orShould().callMethod(System.class, "currentTimeMillis").orShould().dependOnClassesThat().resideInAPackage("java.time..")
                .orShould().dependOnClassesThat().belongToAnyOf(java.util.Random.class, java.util.concurrent.ThreadLocalRandom.class);
        rule.check(CLASSES);
    }

    @Test
    void onlyTheCommandLineAndThePromptTouchTheStreams() {
        noClasses().that().resideOutsideOfPackages(ROOT + "cli..", ROOT + "repl..").and(handwritten())
                .should().accessField(System.class, "out").orShould().accessField(System.class, "err").orShould().accessField(System.class, "in")
                .check(CLASSES);
    }

    @Test
    void onlyTheFrontEndsKnowTheTerminalTheCommandLineAndTheScriptEngine() {
        noClasses().that().resideOutsideOfPackages(ROOT + "cli..", ROOT + "repl..", ROOT + "view..", ROOT + "js..")
                .should().dependOnClassesThat().resideInAnyPackage("org.jline..", "picocli..", "org.graalvm..").check(CLASSES);
    }

    @Test
    void onlyTheFrontEndsAndTheReaderOfRecordingsKnowJson() {
        noClasses().that().resideOutsideOfPackages(ROOT + "cli..", ROOT + "repl..", ROOT + "view..", ROOT + "js..", ROOT + "conform..")
                .should().dependOnClassesThat().resideInAnyPackage("tools.jackson..").check(CLASSES);
    }

    /** The rules above bite: classes that break one are reported. */
    @Test
    void aRuleThatIsBrokenSaysSo() {
        JavaClasses broken = new ClassFileImporter().importClasses(Broken.class);
        assertThat(fields().that().areStatic().should().beFinal().evaluate(broken).hasViolation()).isTrue();
        assertThat(fields().that().areStatic().should(holdNothingThatChanges()).evaluate(broken).getFailureReport().getDetails()).hasSize(2);
        assertThat(fields().that().areNotStatic().should(beNoMutableCollection()).evaluate(broken).hasViolation()).isTrue();
        assertThat(noClasses().should().accessField(System.class, "out").evaluate(broken).hasViolation()).isTrue();
        assertThat(floors("vocabulary").evaluate(CLASSES).hasViolation()).isFalse();
        assertThat(noClasses().that().resideInAPackage(ROOT + "view..").should().dependOnClassesThat().resideInAnyPackage(ROOT + "trace..")
                .evaluate(CLASSES).hasViolation()).isTrue();
    }

    private static DescribedPredicate<JavaClass> handwritten() {
        return DescribedPredicate.not(resideInAnyPackage(ROOT + "lang.grammar.."));
    }

    private static ArchCondition<JavaField> holdNothingThatChanges() {
        return condition("hold nothing that changes", field -> !field.getModifiers().contains(JavaModifier.SYNTHETIC)
                && (isMutableCollection(field) || field.getRawType().getPackageName().equals("java.util.concurrent.atomic")
                || field.getRawType().getPackageName().equals("dev.shootdown.sim") && field.getRawType().getSimpleName().startsWith("Cell")));
    }

    private static ArchCondition<JavaField> beNoMutableCollection() {
        return condition("be no mutable collection", ArchitectureTest::isMutableCollection);
    }

    /** The interfaces may hold immutable ones; the classes never do. */
    private static boolean isMutableCollection(JavaField field) {
        JavaClass type = field.getRawType();
        boolean collection = type.isAssignableTo(java.util.Collection.class) || type.isAssignableTo(Map.class);
        return collection && !type.isInterface() && !type.isEquivalentTo(java.util.EnumSet.class);
    }

    private static ArchCondition<JavaField> condition(String description, java.util.function.Predicate<JavaField> broken) {
        return new ArchCondition<>(description) {
            @Override
            public void check(JavaField field, ConditionEvents events) {
                if (broken.test(field)) {
                    events.add(SimpleConditionEvent.violated(field, field.getFullName() + " does not " + description));
                }
            }
        };
    }

    /** What must not be. */
    @SuppressWarnings("unused")
    private static final class Broken {
        static int count;
        static final Map<String, String> FINE = Map.of();
        static final java.util.HashMap<String, String> KNOWN = new java.util.HashMap<>();
        static final java.util.concurrent.atomic.AtomicInteger NUMBER = new java.util.concurrent.atomic.AtomicInteger();
        private final ArrayList<String> hidden = new ArrayList<>();

        void print() {
            System.out.println(hidden);
        }
    }
}
