import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'

/** Frames that once did harm, one a file, in hex: each run begins with them. */
const folder = new URL('../../../src/testing/fuzz/corpus/', import.meta.url)

export const readCorpus = (): readonly Buffer[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.hex'))
    .map((name) => Buffer.from(readFileSync(new URL(name, folder), 'utf8').trim(), 'hex'))

/** @returns the name of the file */
export const keep = (frame: Uint8Array): string => {
  mkdirSync(folder, { recursive: true })
  const name = `${createHash('sha256').update(frame).digest('hex').slice(0, 16)}.hex`
  writeFileSync(new URL(name, folder), `${Buffer.from(frame).toString('hex')}\n`)
  return name
}
