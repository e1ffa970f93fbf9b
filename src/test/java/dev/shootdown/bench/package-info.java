/** Benchmarks, run by {@code mvn -Pbench verify -DskipTests}; none of them is a timed test. What memory costs is one: {@code MemoryTest}. */
package dev.shootdown.bench;
