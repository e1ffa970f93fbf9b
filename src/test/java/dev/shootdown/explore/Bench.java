package dev.shootdown.explore;
import java.util.*;
public class Bench {
    public static void main(String[] args) {
        int n = Integer.parseInt(args[0]); int actors = Integer.parseInt(args[1]); int rounds = Integer.parseInt(args[2]);
        for (int r = 0; r < rounds; r++) {
            List<Toy.Work>[] rows = new List[actors];
            Arrays.setAll(rows, i -> List.of(new Toy.Work(n)));
            Result result = new Explorer(Toy.of(rows), List.of(Toy.forbid("x", t -> t.words.get(0) == -1))).explore();
            Counts c = result.counts();
            System.out.printf("%s %s %.0f states/s %.0f tr/s %.1f B/state%n", c, result.reach().text(), c.statesPerSecond(), c.transitions()/c.seconds(), c.bytesPerState());
        }
    }
}
