import { frameOverhead, openRecord, recordLength, type FrameCode } from './frame.ts'

/** A stretch of a file that holds no whole frame; `to` is the byte after it. */
export interface Region {
  readonly from: number
  readonly to: number
}

/** Finds the whole frames in the bytes of a file, as they are read; after damage it goes on at the next one. */
export interface Scan {
  /** @returns records that are whole now. They are views of the bytes */
  feed(bytes: Buffer): readonly Uint8Array[]
  /** How many more bytes to feed, at least, before anything can be whole. */
  readonly needed: number
  /** All was fed. @returns all that is no frame, in its order */
  end(): readonly Region[]
}

export interface ScanContext {
  readonly code: FrameCode
  /** Where the first byte that is fed lies in the file. */
  readonly from: number
  /** Bytes of the file: no frame ends beyond. */
  readonly size: number
}

export const createScan = ({ code, from, size }: ScanContext): Scan => {
  const regions: Region[] = []
  let rest: Buffer = Buffer.alloc(0)
  /** Where `rest` begins in the file. */
  let at = from
  let damagedFrom: number | undefined
  let needed = frameOverhead

  const openRegion = (position: number): void => void (damagedFrom ??= position)
  const closeRegion = (position: number): void => {
    if (damagedFrom !== undefined) regions.push({ from: damagedFrom, to: position })
    damagedFrom = undefined
  }

  /** Takes one step from `position`. @returns where to go on, or undefined if more bytes are needed */
  const step = (bytes: Buffer, position: number, records: Uint8Array[]): number | undefined => {
    needed = frameOverhead
    if (bytes.length - position < frameOverhead) return undefined
    const length = recordLength(code, bytes, position)
    const end = position + frameOverhead + (length ?? 0)
    if (length === undefined || at + end > size) {
      openRegion(at + position)
      return nextMarker(code, bytes, position + 1)
    }
    if (end > bytes.length) {
      needed = end - bytes.length
      return undefined
    }
    const record = openRecord(bytes, position, length)
    if (record === undefined) openRegion(at + position)
    else {
      closeRegion(at + position)
      records.push(record)
    }
    return end
  }

  return {
    feed: (fed) => {
      const bytes = rest.length === 0 ? fed : Buffer.concat([rest, fed])
      const records: Uint8Array[] = []
      let position = 0
      for (let next = step(bytes, 0, records); next !== undefined; next = step(bytes, position, records))
        position = next
      rest = bytes.subarray(position)
      at += position
      return records
    },
    get needed() {
      return needed
    },
    end: () => {
      if (rest.length > 0) openRegion(at)
      closeRegion(at + rest.length)
      rest = Buffer.alloc(0)
      return regions
    },
  }
}

/** A marker may begin in the last three bytes. */
const nextMarker = ({ marker }: FrameCode, bytes: Buffer, position: number): number => {
  const found = bytes.indexOf(marker, position)
  return found === -1 ? Math.max(position, bytes.length - marker.length + 1) : found
}
