import { readIfThere, replaceFile } from '@grapevine/std/node'
import type { MarkStore } from './marks.ts'

/** A file of its own, replaced as a whole. After a power cut it is as it was last written, or as before a write under way. */
export const markFile = (path: string): MarkStore => ({
  read: () => readIfThere(path),
  write: (bytes) => replaceFile(path, bytes),
})
