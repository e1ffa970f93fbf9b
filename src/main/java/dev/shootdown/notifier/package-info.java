/** Floor 3: the mmu_notifier contract: subscriptions, interval notifiers, callbacks by kernel version. Knows floors 1-2. */
package dev.shootdown.notifier;
