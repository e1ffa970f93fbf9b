// What every script finds in place before its first line, and what the host asks of the guest.
// A script on a machine that repeats itself must repeat itself too: no clock, no chance, no outside.
(function (host, absent, gone) {
  'use strict'

  /** What the machine or the language has to say against a statement; errno is set where a call failed. */
  class ShootdownError extends Error {
    constructor(message, code, hint, didYouMean) {
      super(message)
      this.code = code
      if (/^[A-Z][A-Z0-9_ ]+$/.test(code)) this.errno = code
      if (hint) this.hint = hint
      if (didYouMean.length) this.didYouMean = didYouMean
    }
  }
  Object.defineProperty(ShootdownError.prototype, 'name', { value: 'ShootdownError' })

  const carried = new WeakMap()
  const hide = (object, name, value) =>
    Object.defineProperty(object, name, { value, writable: true, configurable: true, enumerable: false })

  for (const name of gone) delete globalThis[name]
  for (const name of absent) {
    Object.defineProperty(globalThis, name, {
      configurable: true,
      enumerable: false,
      get() { return host.refuse(name) },
      set(value) { Object.defineProperty(globalThis, name, { value, writable: true, configurable: true }) },
    })
  }
  hide(Math, 'random', () => host.refuse('Math.random'))
  hide(BigInt.prototype, 'toJSON', function () { return '0x' + this.toString(16) })
  hide(globalThis, 'ShootdownError', ShootdownError)

  const plain = value => {
    const prototype = Object.getPrototypeOf(value)
    return prototype === Object.prototype || prototype === Array.prototype || prototype === null
  }
  const shown = value => {
    if (typeof value !== 'object' || value === null || host.isThing(value) || !plain(value)) return String(value)
    return JSON.stringify(value)
  }
  const print = (...values) => host.print(values.map(shown).join(' '))
  hide(globalThis, 'print', print)
  hide(globalThis, 'console', Object.freeze({ log: print, info: print, warn: print, error: print, debug: print }))

  return {
    bigint: text => BigInt(text),
    shown,
    raise(message, code, hint, didYouMean, what) {
      const error = new ShootdownError(message, code, hint, [...didYouMean])
      carried.set(error, what)
      throw error
    },
    carried: error => (typeof error === 'object' && error !== null ? carried.get(error) ?? null : null),
    record: (keys, values) => Object.freeze(Object.fromEntries([...keys].map((key, i) => [key, values[i]]))),
    list: values => Object.freeze([...values]),
    keys: object => Object.keys(object),
    // A driver's callback: what it is called on inherits from the driver's object, and can ask for actions.
    asking(object, name, range, actions, names, state) {
      const self = Object.create(object)
      for (const action of names) hide(self, action, (...list) => actions(action, ...list))
      hide(self, 'state', state)
      return object[name].call(self, range, self)
    },
  }
})
