package dev.shootdown.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.notifier.CallbackName;
import java.util.List;
import org.junit.jupiter.api.Test;

class DriverMutantTest {
    private static final Action.Where RANGE = new Action.Where.Callback();
    private static final Action IOTLB = new Action.FlushIotlb(RANGE);
    private static final Action ATC = new Action.FlushAtc(RANGE);
    private static final Action SYNC = new Action.Sync();

    private static Driver driver(CallbackName callback, Action... actions) {
        return Driver.of("mine", List.of(new Driver.Handler(callback, List.of(actions))));
    }

    private static List<Action> altered(Driver driver, String text) {
        return DriverMutant.of(driver, false).stream().filter(mutant -> mutant.text().equals(text)).findFirst().orElseThrow()
                .altered().handlers().getFirst().actions();
    }

    @Test
    void eachActionIsDroppedAndSwapped() {
        Driver driver = driver(CallbackName.RANGE, IOTLB, SYNC, ATC, SYNC);
        assertThat(DriverMutant.of(driver, false)).extracting(DriverMutant::text).containsExactly(
                "drop flush iotlb of driver mine on range",
                "swap flush iotlb with sync 1 of driver mine on range",
                "swap flush iotlb with flush atc of driver mine on range",
                "drop sync 1 of driver mine on range",
                "swap sync 1 with flush atc of driver mine on range",
                "drop flush atc of driver mine on range",
                "swap flush atc with sync 2 of driver mine on range",
                "drop sync 2 of driver mine on range");
        assertThat(altered(driver, "swap flush iotlb with flush atc of driver mine on range")).containsExactly(ATC, SYNC, IOTLB, SYNC);
        assertThat(altered(driver, "drop sync 2 of driver mine on range")).containsExactly(IOTLB, SYNC, ATC);
    }

    @Test
    void whatIsPutOffComesLastInTheEndCallback() {
        DriverMutant later = DriverMutant.of(driver(CallbackName.RANGE, IOTLB, SYNC), true).stream()
                .filter(mutant -> mutant.text().startsWith("delay flush iotlb")).findFirst().orElseThrow();
        assertThat(later.altered().handlers()).containsExactly(
                new Driver.Handler(CallbackName.RANGE, List.of(SYNC)), new Driver.Handler(CallbackName.END, List.of(IOTLB)));
        assertThat(later.altered().name()).isEqualTo("mine");
        assertThat(DriverMutant.of(driver(CallbackName.RELEASE, IOTLB), true)).hasSize(1);
    }

    /** What flush pasid stands for is four actions, and the branches of an if are looked into. */
    @Test
    void branchesAndCompositesAreLookedInto() {
        Term one = new Term.Compute(Term.Operator.EQUAL, new Term.Of(Term.Property.PAGES), new Term.Number(1));
        Driver driver = driver(CallbackName.RANGE, new Action.If(one, List.of(IOTLB), List.of(new Action.FlushPasid())),
                new Action.Count("n", new Term.Number(1)));
        List<Action> mutated = altered(driver, "drop sync 2 of driver mine on range");
        Action.If choice = (Action.If) mutated.getFirst();
        assertThat(choice.then()).containsExactly(IOTLB);
        assertThat(choice.otherwise()).hasSize(3).element(1).isEqualTo(SYNC);
        assertThat(mutated).element(1).isInstanceOf(Action.Count.class);
        assertThat(DriverMutant.of(driver, false)).noneMatch(mutant -> mutant.text().contains("count"));
    }
}
