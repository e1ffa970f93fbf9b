package dev.shootdown.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Tells how the scripts of a test run did, as they do. */
sealed interface TestReport {
    void begin(int count);

    void result(Twin.Result result);

    void end();

    /** For people: a line a script, and the difference where there is one. */
    final class Lines implements TestReport {
        private final PrintWriter out;
        private final boolean quiet;
        private int passed;
        private int run;

        Lines(PrintWriter out, boolean quiet) {
            this.out = out;
            this.quiet = quiet;
        }

        @Override
        public void begin(int count) {}

        @Override
        public void result(Twin.Result result) {
            run++;
            if (result.agrees()) {
                passed++;
                out.print(quiet ? "" : "ok    " + result.twin().script() + "\n");
            } else {
                out.print("FAIL  " + result.twin().script() + "\n");
                result.difference().forEach(line -> out.print("    " + line + "\n"));
                result.talk().lines().forEach(line -> out.print("    | " + line + "\n"));
            }
            out.flush();
        }

        @Override
        public void end() {
            out.print(passed + " of " + run + " pass\n");
            out.flush();
        }
    }

    /** The Test Anything Protocol, version 14. */
    final class Tap implements TestReport {
        private final PrintWriter out;
        private int run;

        Tap(PrintWriter out) {
            this.out = out;
        }

        @Override
        public void begin(int count) {
            out.print("TAP version 14\n1.." + count + "\n");
        }

        @Override
        public void result(Twin.Result result) {
            String name = result.twin().script().toString().replace("\\", "\\\\").replace("#", "\\#");
            out.print((result.agrees() ? "ok " : "not ok ") + ++run + " - " + name + "\n");
            if (!result.agrees()) {
                out.print("  ---\n  difference: |\n");
                result.difference().forEach(line -> out.print("    " + line + "\n"));
                out.print("  ...\n");
            }
            out.flush();
        }

        @Override
        public void end() {
            out.flush();
        }
    }

    /** The XML that continuous integration reads, in the shape of JUnit's. */
    final class JunitXml implements TestReport {
        private final PrintWriter out;
        private final List<Twin.Result> results = new ArrayList<>();

        JunitXml(PrintWriter out) {
            this.out = out;
        }

        @Override
        public void begin(int count) {}

        @Override
        public void result(Twin.Result result) {
            results.add(result);
        }

        @Override
        public void end() {
            long failures = results.stream().filter(result -> !result.agrees()).count();
            out.print("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
            out.print("<testsuite name=\"shootdown\" tests=\"" + results.size() + "\" failures=\"" + failures + "\" errors=\"0\" skipped=\"0\">\n");
            results.forEach(this::testcase);
            out.print("</testsuite>\n");
            out.flush();
        }

        private void testcase(Twin.Result result) {
            out.print("  <testcase classname=\"shootdown\" name=\"" + escaped(result.twin().script().toString()) + "\"");
            if (result.agrees()) {
                out.print("/>\n");
                return;
            }
            out.print(">\n    <failure message=\"the output differs\">" + escaped(String.join("\n", result.difference())) + "</failure>\n");
            out.print("    <system-err>" + escaped(result.talk()) + "</system-err>\n  </testcase>\n");
        }

        /** XML has no way to write most control characters: they become question marks. */
        private static String escaped(String text) {
            return text.replaceAll("[\\p{Cntrl}&&[^\n\t]]", "?").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
                    .replace("\"", "&quot;");
        }
    }
}
