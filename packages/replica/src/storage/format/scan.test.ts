import { seededRandom, seedsToRun, wholeBetween } from '@grapevine/simulation'
import { expect, test } from 'vitest'
import { frameCode, framed, frameOverhead } from './frame.ts'
import { createScan, type Region } from './scan.ts'

const about = { kind: 'log', generation: 1, owner: 'scan/test' } as const
const code = frameCode({ ...about, salt: Buffer.from('salt of 1') })
const others = [
  frameCode({ ...about, salt: Buffer.from('salt of 2') }),
  frameCode({ ...about, salt: Buffer.from('salt of 1'), generation: 2 }),
  frameCode({ ...about, salt: Buffer.from('salt of 1'), owner: 'scan/other' }),
  frameCode({ ...about, salt: Buffer.from('salt of 1'), kind: 'snapshot' }),
]

const bytesOf = (records: readonly string[], by = code): Buffer =>
  Buffer.concat([
    ...framed(
      by,
      records.map((record) => Buffer.from(record, 'latin1')),
      64,
    ),
  ])

/** Scans bytes that are handed over in pieces of random sizes. */
const scanned = (bytes: Buffer, random: () => number): { records: string[]; regions: readonly Region[] } => {
  const scan = createScan({ code, from: 0, size: bytes.length })
  const records: string[] = []
  for (let at = 0; at < bytes.length;) {
    const next = Math.min(bytes.length, at + wholeBetween(random, 1, 90))
    for (const record of scan.feed(bytes.subarray(at, next)))
      records.push(Buffer.from(record).toString('latin1'))
    at = next
  }
  return { records, regions: scan.end() }
}

const texts = (count: number, random: () => number): string[] =>
  Array.from({ length: count }, (_, number) => `${number} `.padEnd(wholeBetween(random, 0, 200), '.'))

test('whole frames are found whatever the pieces that they come in', () => {
  for (const seed of seedsToRun(100)) {
    const random = seededRandom(seed)
    const records = texts(20, random)
    expect(scanned(bytesOf(records), random), `seed ${seed}`).toEqual({ records, regions: [] })
  }
})

test('a flipped bit costs the record that it is in, and no other', () => {
  for (const seed of seedsToRun(300)) {
    const random = seededRandom(seed)
    const records = texts(10, random)
    const bytes = bytesOf(records)
    const at = wholeBetween(random, 0, bytes.length - 1)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << wholeBetween(random, 0, 7))
    const found = scanned(bytes, random)
    expect(found.records, `seed ${seed}`).toHaveLength(9)
    expect(records.filter((record) => found.records.includes(record))).toEqual(found.records)
    expect(found.regions, `seed ${seed}`).toHaveLength(1)
    const [{ from, to } = { from: -1, to: -1 }] = found.regions
    expect(from <= at && at < to, `seed ${seed}`).toBe(true)
  }
})

test('bytes that are lost or put in never make up a record', () => {
  for (const seed of seedsToRun(300)) {
    const random = seededRandom(seed)
    const records = texts(10, random)
    const bytes = bytesOf(records)
    const [from, to] = [wholeBetween(random, 0, bytes.length), wholeBetween(random, 0, bytes.length)]
    const mixed = Buffer.concat([
      bytes.subarray(0, Math.max(from, to)),
      Buffer.from(Array.from({ length: wholeBetween(random, 0, 40) }, () => wholeBetween(random, 0, 255))),
      bytes.subarray(Math.min(from, to)),
    ])
    const found = scanned(mixed, random).records
    expect(
      found.filter((record) => !records.includes(record)),
      `seed ${seed}`,
    ).toEqual([])
  }
})

test('a frame of another file, generation, owner or kind is none here, also when a damaged record holds it', () => {
  const random = seededRandom(1)
  for (const by of others) {
    expect(scanned(bytesOf(['planted'], by), random).records).toEqual([])
    const bytes = bytesOf([bytesOf(['planted'], by).toString('latin1'), 'next'])
    bytes[5] = (bytes[5] ?? 0) ^ 1
    expect(scanned(bytes, random).records).toEqual(['next'])
  }
})

test('a length beyond the end of the file is not waited for', () => {
  const bytes = bytesOf(['first', 'x'.repeat(5_000)])
  const cut = bytes.subarray(0, bytes.length - 1)
  expect(scanned(cut, seededRandom(1))).toEqual({
    records: ['first'],
    regions: [{ from: frameOverhead + 5, to: cut.length }],
  })
})
