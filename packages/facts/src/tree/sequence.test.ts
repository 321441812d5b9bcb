import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSequence } from './sequence.ts'

test('a cursor leads through all that is still held, each key once, however much went meanwhile', () => {
  fc.assert(
    fc.property(fc.nat(5_000), fc.nat(100), fc.integer({ min: 1, max: 700 }), (gone, modulus, portion) => {
      const dead = new Set<string>()
      const sequence = createSequence((key) => !dead.has(key))
      const keys = Array.from({ length: 6_000 }, (_, index) => `key ${index}`)
      const add = (from: number, to: number): void => keys.slice(from, to).forEach(sequence.add)
      const seen: string[] = []
      let cursor = 0
      const read = (): void => {
        const { keys: found, position } = sequence.since(cursor, portion)
        seen.push(...found)
        cursor = position
      }
      add(0, 3_000)
      read()
      for (const key of keys.slice(0, gone).filter((_, index) => index % 100 > modulus)) {
        dead.add(key)
        sequence.gone()
      }
      read()
      add(3_000, 6_000)
      while (cursor < sequence.position) read()
      expect(new Set(seen).size).toBe(seen.length)
      const read0 = new Set(seen)
      expect(keys.filter((key) => !dead.has(key) && !read0.has(key))).toEqual([])
      expect([...sequence.keys()]).toEqual(keys.filter((key) => !dead.has(key)))
    }),
    { numRuns: 60 },
  )
})
