import { createScan, type Region } from '../format/scan.ts'
import type { OpenFile } from '../file-system/files.ts'
import type { FrameCode } from '../format/frame.ts'

/** Read at once; no record has more of them in memory than it needs, and a few records must not hold on to many. */
const chunk = 262_144

/** What a disk cannot read is left out in pieces of this size. */
const sector = 4_096

/** Yields the whole records of a file, many at a time. @returns what of it is no whole frame */
export const readFile = async function* (
  file: OpenFile,
  about: { readonly code: FrameCode; readonly from: number; readonly size: number },
): AsyncGenerator<readonly Uint8Array[], readonly Region[]> {
  const scan = createScan(about)
  for (let at = about.from; at < about.size;) {
    const length = Math.min(Math.max(chunk, scan.needed), about.size - at)
    const bytes = await readAnyhow(file, length, at)
    if (bytes.length === 0) break
    at += bytes.length
    yield scan.feed(bytes)
  }
  return scan.end()
}

/** Zeros stand for what cannot be read: no frame has the right checks with them. */
const readAnyhow = async (file: OpenFile, length: number, position: number): Promise<Buffer> => {
  try {
    return await file.read(length, position)
  } catch {
    const bytes = Buffer.alloc(length)
    for (let at = 0; at < length; at += sector) {
      const piece = await file.read(Math.min(sector, length - at), position + at).catch(() => undefined)
      piece?.copy(bytes, at)
    }
    return bytes
  }
}
