/** Floor 11: JavaScript, a third way in: a sandbox, and an interface that is read off the words of the language. */
package dev.shootdown.js;
