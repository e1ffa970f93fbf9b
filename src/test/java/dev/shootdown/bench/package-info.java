/** Benchmarks, run by {@code mvn -Pbench verify -DskipTests}; none of them is a timed test. */
package dev.shootdown.bench;
