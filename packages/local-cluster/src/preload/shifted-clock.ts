/** A wall clock that is wrong by as much as it is told. */
export interface ShiftedClock {
  /** From now on `Date` is this many milliseconds ahead, or behind if negative. */
  shift(ms: number): void
}

/**
 * Puts a `Date` in the place of the global one that can be shifted: `Date.now()`, `new Date()` and `Date()`. Monotonic
 * time (`performance.now`, `process.hrtime`, timers) goes on as it was, as it does when a real clock is set wrong.
 */
export const installShiftedClock = (scope: { Date: DateConstructor } = globalThis): ShiftedClock => {
  const Original = scope.Date
  const realNow = Original.now.bind(Original)
  let offset = 0
  const now = (): number => realNow() + offset

  const Shifted = new Proxy(Original, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new Original(now()).toString(),
    get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
  })
  scope.Date = Shifted
  Object.defineProperty(Original.prototype, 'constructor', {
    value: Shifted,
    writable: true,
    configurable: true,
  })
  return { shift: (ms) => void (offset = ms) }
}
