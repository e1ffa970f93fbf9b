package dev.shootdown.driver;

import dev.shootdown.sim.Manner;
import dev.shootdown.sim.Safety;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An action in its place among those of a callback, with a name that tells it from others of its kind.
 *
 * @param action    with nothing in its branches, where it is an if
 * @param name      the action's words, numbered where there are several; null where it is not there for safety
 * @param then      the branches of an if
 * @param otherwise the same
 */
record ActionSlot(Action action, String name, List<ActionSlot> then, List<ActionSlot> otherwise) {
    /**
     * The actions with one change.
     *
     * @param moved what was taken out to be done later, or null
     */
    record Variant(List<Action> actions, Manner manner, String text, Action moved) {}

    private static final Action.Where EVERYTHING = new Action.Where.Between(new Term.Number(0), new Term.Number(-1));

    static List<ActionSlot> of(List<Action> actions) {
        Map<String, Integer> all = new HashMap<>();
        count(actions, all);
        return named(actions, all, new HashMap<>());
    }

    /** What {@code flush pasid} stands for is seen one by one: {@link Plan}. */
    private static List<Action> parts(Action action) {
        return action instanceof Action.FlushPasid
                ? List.of(new Action.FlushIotlb(EVERYTHING), new Action.Sync(), new Action.FlushAtc(EVERYTHING), new Action.Sync())
                : List.of(action);
    }

    private static void count(List<Action> actions, Map<String, Integer> all) {
        for (Action action : actions) {
            if (action instanceof Action.If choice) {
                count(choice.then(), all);
                count(choice.otherwise(), all);
            } else {
                parts(action).forEach(part -> all.merge(words(part), 1, Integer::sum));
            }
        }
    }

    private static List<ActionSlot> named(List<Action> actions, Map<String, Integer> all, Map<String, Integer> seen) {
        List<ActionSlot> slots = new ArrayList<>();
        for (Action action : actions) {
            if (action instanceof Action.If choice) {
                Action bare = new Action.If(choice.condition(), List.of(), List.of());
                slots.add(new ActionSlot(bare, null, named(choice.then(), all, seen), named(choice.otherwise(), all, seen)));
            } else {
                parts(action).forEach(part -> slots.add(new ActionSlot(part, name(part, all, seen), List.of(), List.of())));
            }
        }
        return slots;
    }

    private static String name(Action action, Map<String, Integer> all, Map<String, Integer> seen) {
        String words = words(action);
        int number = seen.merge(words, 1, Integer::sum);
        boolean safety = action.getClass().isAnnotationPresent(Safety.class);
        return !safety ? null : all.get(words) == 1 ? words : words + " " + number;
    }

    private static List<Action> actions(List<ActionSlot> slots) {
        return slots.stream().map(ActionSlot::whole).toList();
    }

    private Action whole() {
        return action instanceof Action.If choice ? new Action.If(choice.condition(), actions(then), actions(otherwise)) : action;
    }

    private boolean invalidates() {
        return action instanceof Action.FlushIotlb || action instanceof Action.FlushAtc;
    }

    // ---------------------------------------------------------------- changes

    /** @param later whether an action may also be put off until the end callback */
    static List<Variant> variants(List<ActionSlot> slots, boolean later) {
        List<Variant> found = new ArrayList<>();
        for (int i = 0; i < slots.size(); i++) {
            if (slots.get(i).action instanceof Action.If) {
                inside(slots, i, later, found);
            } else if (slots.get(i).name != null) {
                outside(slots, i, later, found);
            }
        }
        return found;
    }

    private static void inside(List<ActionSlot> slots, int i, boolean later, List<Variant> found) {
        ActionSlot slot = slots.get(i);
        Term condition = ((Action.If) slot.action).condition();
        for (Variant variant : variants(slot.then, later)) {
            found.add(around(slots, i, new Action.If(condition, variant.actions, actions(slot.otherwise)), variant));
        }
        for (Variant variant : variants(slot.otherwise, later)) {
            found.add(around(slots, i, new Action.If(condition, actions(slot.then), variant.actions), variant));
        }
    }

    private static Variant around(List<ActionSlot> slots, int i, Action choice, Variant variant) {
        List<Action> all = new ArrayList<>(actions(slots));
        all.set(i, choice);
        return new Variant(all, variant.manner, variant.text, variant.moved);
    }

    private static void outside(List<ActionSlot> slots, int i, boolean later, List<Variant> found) {
        ActionSlot slot = slots.get(i);
        List<Action> without = new ArrayList<>(actions(slots));
        Action taken = without.remove(i);
        if (slot.may(Manner.DROP)) {
            found.add(new Variant(without, Manner.DROP, slot.name, null));
        }
        if (i + 1 < slots.size() && slots.get(i + 1).name != null) {
            found.add(swapped(slots, i, i + 1));
        }
        int next = nextInvalidation(slots, i);
        if (slot.invalidates() && next > i + 1) {
            found.add(swapped(slots, i, next));
        }
        if (later && slot.may(Manner.DELAY)) {
            found.add(new Variant(without, Manner.DELAY, slot.name, taken));
        }
    }

    private boolean may(Manner manner) {
        return List.of(action.getClass().getAnnotation(Safety.class).manners()).contains(manner);
    }

    private static int nextInvalidation(List<ActionSlot> slots, int i) {
        for (int j = i + 1; j < slots.size(); j++) {
            if (slots.get(j).invalidates()) {
                return j;
            }
        }
        return -1;
    }

    private static Variant swapped(List<ActionSlot> slots, int i, int j) {
        List<Action> all = new ArrayList<>(actions(slots));
        all.set(i, slots.get(j).whole());
        all.set(j, slots.get(i).whole());
        return new Variant(all, Manner.SWAP, slots.get(i).name + " with " + slots.get(j).name, null);
    }

    private static String words(Action action) {
        return switch (action) {
            case Action.FlushIotlb a -> "flush iotlb";
            case Action.FlushAtc a -> "flush atc";
            case Action.FlushPasid a -> "flush pasid";
            case Action.Sync a -> "sync";
            case Action.TableEmpty a -> "table empty";
            case Action.TableProcess a -> "table process";
            case Action.Block a -> "block";
            case Action.Unblock a -> "unblock";
            case Action.Detach a -> "detach";
            case Action.Drain a -> "drain";
            case Action.Defer a -> "defer";
            case Action.Refuse a -> "refuse";
            case Action.Lock a -> "lock";
            case Action.Unlock a -> "unlock";
            case Action.SetSeq a -> "set seq";
            case Action.Zap a -> "zap";
            case Action.ReadBegin a -> "read begin";
            case Action.Lookup a -> "lookup";
            case Action.Install a -> "install";
            case Action.Retry a -> "retry";
            case Action.Count a -> "count";
            case Action.If a -> "if";
            case Action.Ask a -> "ask";
        };
    }
}
