import { createHash } from 'node:crypto'
import { isRecord, parseJson } from '@grapevine/std'

/** What a backup says at its end, and whether it is so. */
export type Checked =
  | { readonly kind: 'whole'; readonly lines: number }
  | { readonly kind: 'broken'; readonly why: string }

/** Follows the lines of a backup, whose last has a checksum of all before. */
export const checkedLines = () => {
  const hash = createHash('sha256')
  let [lines, last] = [0, undefined as string | undefined]
  return {
    line: (text: string): void => {
      if (last !== undefined) {
        hash.update(`${last}\n`)
        lines += 1
      }
      last = text
    },
    end: (): Checked => {
      const end = parseJson(last ?? '')
      if (!isRecord(end) || end['end'] !== true) return { kind: 'broken', why: 'its end is missing' }
      if (end['lines'] !== lines || end['sha256'] !== hash.digest('hex'))
        return { kind: 'broken', why: 'its checksum is another: it was changed, or is damaged' }
      return { kind: 'whole', lines }
    },
  }
}
