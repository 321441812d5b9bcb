import type { Random } from '../random.ts'

/** Small, so that records and headers lie across several of them. */
const sectorBytes = 32

/**
 * The content of a file as the kernel shows it and as the disk holds it. Sectors reach the disk one by one, in any order. A
 * failed flush drops what was to be written: the kernel shows it still, and never writes it again.
 */
export interface VirtualInode {
  readonly shown: Buffer
  write(bytes: Uint8Array, position: number): void
  cut(length: number): void
  /** All that was written reaches the disk. */
  flush(): void
  /** Some of it does, and nobody tries again. */
  failToFlush(random: Random): void
  /** The machine lost power: of what was not flushed, some is on the disk. */
  losePower(random: Random): void
  /** A bit of what is on the disk turns over. */
  rot(random: Random): void
}

/** @param content - what is on the disk already. @default nothing */
export const virtualInode = (content: Uint8Array = new Uint8Array()): VirtualInode => {
  let shown: Buffer = Buffer.from(content)
  let durable: Buffer = Buffer.from(content)
  const dirty = new Set<number>()
  let isSizeDirty = false

  const markDirty = (from: number, to: number): void => {
    for (let at = from; at < to; at += sectorBytes - (at % sectorBytes))
      dirty.add(Math.floor(at / sectorBytes))
  }
  const resized = (bytes: Buffer, length: number): Buffer => {
    const next = Buffer.alloc(length)
    bytes.copy(next)
    return next
  }
  const storeSector = (sector: number): void => {
    const at = sector * sectorBytes
    const end = Math.min(at + sectorBytes, shown.length, durable.length)
    if (at < end) shown.copy(durable, at, at, end)
  }
  const store = (sectors: Iterable<number>, length: number): void => {
    durable = resized(durable, length)
    for (const sector of sectors) storeSector(sector)
  }
  const partly = (random: Random): void => {
    const reached = isSizeDirty && random() < 0.6
    store(
      [...dirty].filter(() => random() < 0.5),
      reached ? shown.length : durable.length,
    )
  }
  const clean = (): void => {
    dirty.clear()
    isSizeDirty = false
  }

  return {
    get shown() {
      return shown
    },
    write: (bytes, position) => {
      const end = position + bytes.length
      if (end > shown.length) {
        markDirty(shown.length, end)
        shown = resized(shown, end)
        isSizeDirty = true
      }
      shown.set(bytes, position)
      markDirty(position, end)
    },
    cut: (length) => {
      shown = resized(shown, length)
      isSizeDirty = true
    },
    flush: () => {
      store(dirty, shown.length)
      clean()
    },
    failToFlush: (random) => {
      partly(random)
      clean()
    },
    losePower: (random) => {
      partly(random)
      clean()
      shown = Buffer.from(durable)
    },
    rot: (random) => {
      if (durable.length === 0) return
      const at = Math.floor(random() * durable.length)
      durable[at] = (durable[at] ?? 0) ^ (1 << Math.floor(random() * 8))
      shown = Buffer.from(durable)
    },
  }
}
