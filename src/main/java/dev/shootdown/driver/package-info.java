/**
 * Floor 6: what a driver does between the mmu_notifier and its device: bind, callbacks, fault service. A
 * driver is data, a list of actions for each callback; the built-in ones are scripts that the language
 * compiles to it and hands in from above.
 */
package dev.shootdown.driver;
