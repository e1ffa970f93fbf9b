/**
 * Floor 4: IOMMUs. Caches, the walker, rings in memory, interrupts are alike; {@code iommu.amd} and its neighbours hold
 * what a vendor has of its own: tables, commands with their exact encodings, their order, the log.
 *
 * <p>A vendor is a subclass of {@link dev.shootdown.iommu.Iommu} and one line of {@code machine.Vendor}. It says how its
 * rings are laid out ({@link dev.shootdown.iommu.Geometry}), which commands carry out what drivers ask for, what it makes
 * of them ({@code execute}, and {@code busy} where fetched ones may wait or overtake each other), what becomes of an aborted
 * wait ({@code waited}) and of a stopped ring ({@code recover}, {@code attend}), how translation requests that fail are
 * answered ({@code answer}), and its log.
 */
package dev.shootdown.iommu;
