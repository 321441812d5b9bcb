import { Transform, type TransformCallback } from 'node:stream'
import { isDeepStrictEqual } from 'node:util'

/** What a proxy does to the bytes of one direction. Empty, it passes them on. */
export interface Shape {
  readonly bitsPerSecond?: number | undefined
  readonly delayMs?: number | undefined
  /** In this share of the chunks one bit is flipped. */
  readonly corruptShare?: number | undefined
  /** This share of the chunks is held back until the next has passed. */
  readonly reorderShare?: number | undefined
}

/** What the bytes of one direction of one connection go through. */
export interface Shaper {
  readonly stream: Transform
  /** Takes another shape. If it differs, all that is under way arrives at once: what was slow must not stay so when healed. */
  reshape(next: Shape): void
}

/** A chunk that was held back and has no next goes on its way: who waits for an answer sends nothing more. */
const maxHeldMs = 100

/** @param random from 0 to below 1 */
export const shaper = (initial: Shape, random: () => number): Shaper => {
  let shape = initial
  const line = delayLine((chunk) => void stream.push(chunk))
  const hold = holdBack((chunk) => line.send(chunk, shape))
  const sender = brake()

  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      const sent = hit(shape.corruptShare, random) ? flipped(chunk, random) : chunk
      hold.pass(sent, hit(shape.reorderShare, random))
      // The rate holds the sender back; the delay does not, as on a long line.
      sender.holdUp(line.busyMs(), done)
    },
    flush(done) {
      hold.release()
      line.whenEmpty(done)
    },
    destroy(error, done) {
      hold.drop()
      line.close()
      sender.close()
      done(error)
    },
  })
  return {
    stream,
    reshape: (next) => {
      if (isDeepStrictEqual(next, shape)) return
      shape = next
      line.clear()
      hold.release()
      sender.letGo()
    },
  }
}

/** A line with a length and a width: chunks arrive in the order in which they were sent. */
const delayLine = (
  arrive: (chunk: Buffer) => void,
): {
  send(chunk: Buffer, shape: Shape): void
  /** For how long what was sent still takes up the beginning of the line. */
  busyMs(): number
  whenEmpty(then: () => void): void
  /** All that is under way arrives now, and nothing that was sent takes up the line any more. */
  clear(): void
  close(): void
} => {
  /** Chunks under way, in order; each has a timer, and whichever timer fires hands on the oldest. */
  const underWay: Buffer[] = []
  const timers = new Set<NodeJS.Timeout>()
  /** When the last byte has left. */
  let free = 0
  let empty: () => void = () => undefined

  const stopTimers = (): void => {
    timers.forEach((timer) => clearTimeout(timer))
    timers.clear()
  }
  const arriveLater = (ms: number): void => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      const chunk = underWay.shift()
      if (chunk !== undefined) arrive(chunk)
      if (underWay.length === 0) empty()
    }, ms)
    timers.add(timer)
  }
  return {
    send: (chunk, { bitsPerSecond, delayMs = 0 }) => {
      const now = performance.now()
      free = Math.max(free, now) + (bitsPerSecond === undefined ? 0 : (chunk.length * 8_000) / bitsPerSecond)
      const travelMs = free + delayMs - now
      if (travelMs < 1 && underWay.length === 0) return arrive(chunk)
      underWay.push(chunk)
      arriveLater(travelMs)
    },
    busyMs: () => free - performance.now(),
    whenEmpty: (then) => {
      empty = then
      if (underWay.length === 0) then()
    },
    clear: () => {
      stopTimers()
      free = 0
      if (underWay.length === 0) return
      for (const chunk of underWay.splice(0)) arrive(chunk)
      empty()
    },
    close: () => {
      stopTimers()
      underWay.length = 0
    },
  }
}

/** Holds a sender up until the line has room for more. */
const brake = (): {
  holdUp(ms: number, goOn: () => void): void
  /** The one that is held up goes on now. */
  letGo(): void
  close(): void
} => {
  let timer: NodeJS.Timeout | undefined
  let waiting: (() => void) | undefined
  const close = (): void => {
    clearTimeout(timer)
    waiting = undefined
  }
  const letGo = (): void => {
    const goOn = waiting
    close()
    goOn?.()
  }
  return {
    holdUp: (ms, goOn) => {
      if (ms < 1) return goOn()
      waiting = goOn
      timer = setTimeout(letGo, ms)
    },
    letGo,
    close,
  }
}

/** Lets chunks pass, but for one that waits until the next has passed. */
const holdBack = (
  send: (chunk: Buffer) => void,
): {
  pass(chunk: Buffer, chosen: boolean): void
  release(): void
  drop(): void
} => {
  let held: Buffer | undefined
  let timer: NodeJS.Timeout | undefined
  const drop = (): void => {
    clearTimeout(timer)
    held = undefined
  }
  const release = (): void => {
    const late = held
    drop()
    if (late !== undefined) send(late)
  }
  return {
    pass: (chunk, chosen) => {
      if (held === undefined && chosen) {
        held = chunk
        timer = setTimeout(release, maxHeldMs)
        return
      }
      send(chunk)
      release()
    },
    release,
    drop,
  }
}

const hit = (share: number | undefined, random: () => number): boolean =>
  share !== undefined && random() < share

const flipped = (chunk: Buffer, random: () => number): Buffer => {
  const copy = Buffer.from(chunk)
  const position = Math.floor(random() * copy.length)
  copy.writeUInt8(copy.readUInt8(position) ^ (1 << Math.floor(random() * 8)), position)
  return copy
}
