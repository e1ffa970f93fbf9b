/** Floor 7: a machine, composed of all rooms below from a description. */
package dev.shootdown.machine;
