import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stampAt } from '../testing/kit.ts'
import { Heads } from './heads.ts'

const step = fc.record({
  hash: fc.nat(12).map(String),
  ms: fc.nat(3),
  isGone: fc.boolean(),
  isAsked: fc.boolean(),
})

describe('heads', () => {
  test('answer by what is there, whatever came, went and was asked before', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const heads = new Heads()
        const gone: [boolean, boolean][] = []
        const there = new Map<string, ReturnType<typeof stampAt>>()
        for (const { hash, ms, isGone, isAsked } of steps) {
          if (isGone) gone.push([heads.delete(hash), there.delete(hash)])
          else if (!there.has(hash)) {
            heads.add({ hash, at: stampAt(ms) })
            there.set(hash, stampAt(ms))
          }
          if (isAsked) heads.digest()
          if (isAsked) heads.latest()
        }
        const anew = new Heads()
        for (const [hash, at] of [...there].toReversed()) anew.add({ hash, at })
        for (const [found, expected] of gone) expect(found).toBe(expected)
        expect(heads.digest()).toBe(anew.digest())
        expect(heads.latest()).toEqual(anew.latest())
        expect([...heads.hashes()].sort()).toEqual([...there.keys()].sort())
      }),
      { numRuns: 1_000 },
    )
  })
})
