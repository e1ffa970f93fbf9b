package dev.shootdown.view;

import dev.shootdown.trace.Event;
import dev.shootdown.trace.Moment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A run as a table with a column for each actor: who did what when. It shows changes only, and of what one
 * actor did without a break the beginning and the end, unless all is asked for.
 */
final class InterleavingTable {
    /** A longer run of one actor is cut. */
    private static final int LONGEST = 10;
    private static final int BEGINNING = 6;
    private static final int END = 3;
    private static final int WIDEST = 40;
    /** A wider one has its columns begin below one another. */
    private static final int TABLE = 140;
    private static final Set<String> MINOR = Set.of("young", "dirty");

    private final EventText text;
    private final boolean full;

    InterleavingTable(Names names, boolean full) {
        this.text = new EventText(Theme.PLAIN, names);
        this.full = full;
    }

    /** The table's lines. Actors stand in the order in which they first act. */
    List<String> lines(List<Moment> moments, Theme theme) {
        List<Run> runs = Runs.of(moments.stream().filter(moment -> full || changes(moment.event())).toList());
        List<String> actors = runs.stream().map(run -> run.moment().actor()).distinct().toList();
        List<String> heads = new ArrayList<>(List.of("step"));
        heads.addAll(actors);
        TextTable table = new TextTable(heads);
        int from = 0;
        while (from < runs.size()) {
            int to = from + 1;
            while (to < runs.size() && runs.get(to).moment().actor().equals(runs.get(from).moment().actor())) {
                to++;
            }
            turn(table, actors, runs.subList(from, to));
            from = to;
        }
        return table.lines(theme, TABLE);
    }

    private void turn(TextTable table, List<String> actors, List<Run> runs) {
        int column = actors.indexOf(runs.getFirst().moment().actor());
        boolean cut = !full && runs.size() > LONGEST;
        for (int i = 0; i < runs.size(); i++) {
            if (cut && i == BEGINNING) {
                i = runs.size() - END;
                table.row(cells("", column, actors.size(), "(" + (i - BEGINNING) + " more)"));
            }
            Run run = runs.get(i);
            String cell = full ? text.brief(run) : Plain.cut(text.briefest(run), WIDEST);
            table.row(cells(Long.toString(run.moment().step()), column, actors.size(), cell));
        }
    }

    private static List<String> cells(String step, int column, int columns, String cell) {
        List<String> cells = new ArrayList<>(List.of(step));
        for (int i = 0; i < columns; i++) {
            cells.add(i == column ? cell : "");
        }
        return cells;
    }

    /** Whether an event is worth a row in a short table. */
    private static boolean changes(Event event) {
        return switch (event) {
            case Event.Return e -> e.errno() != null;
            case Event.Translate e -> !e.outcome().equals("hit") || !e.via().equals("atc");
            case Event.Pte e -> !MINOR.contains(e.change());
            case Event.PageAlloc _, Event.TestYoung _, Event.ClearYoung _, Event.CpuAccess _, Event.TableRead _, Event.Diagnosed _ -> false;
            case Event.Call _, Event.Vma _, Event.CpuFault _, Event.PageFree _, Event.TableAlloc _, Event.TableFree _, Event.CpuFlush _,
                    Event.NotifyStart _, Event.NotifyEnd _, Event.InvalidateRange _, Event.Callback _, Event.InvalidatePage _,
                    Event.ChangePte _, Event.ClearFlushYoung _, Event.Release _, Event.Command _, Event.IotlbInvalidate _,
                    Event.AtcInvalidate _, Event.Completion _, Event.Dma _, Event.IoPageFault _, Event.PageRequest _, Event.PageResponse _,
                    Event.Interrupt _, Event.DeviceFailed _, Event.Violation _, Event.Verdict _, Event.Mutant _,
                    Event.Print _ -> true;
        };
    }
}
