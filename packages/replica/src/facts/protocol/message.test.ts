import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RefusedUpdateError } from '../../errors.ts'
import { sealFrame } from '../../shared/frame.ts'
import { decodeMessage, encodeMessage } from './message.ts'

describe('what a version to come may say', () => {
  test('with fields that are not known here is read without them', () => {
    const payload = [3, 1, 1, 1, 99, 2, 7, 7, 3, 1, 5]
    expect(decodeMessage(sealFrame(Uint8Array.from(payload)))).toEqual({
      type: 'offer',
      half: 1,
      epoch: '',
      after: 5,
      most: 0,
    })
  })

  test('in messages and frames that are not known here is unknown, and no error', () => {
    expect(decodeMessage(sealFrame(Uint8Array.of(42, 1, 1, 1)))).toEqual({ type: 'unknown', asked: 42 })
    expect(decodeMessage(Uint8Array.of(2, 1, 2, 3))).toEqual({ type: 'unknown', asked: 0 })
  })
})

test('a message of nothing is none', () => {
  expect(() => decodeMessage(sealFrame(new Uint8Array()))).toThrow(RefusedUpdateError)
})

test('bytes of any kind never do more than be refused', () => {
  const frames = fc.oneof(
    fc.uint8Array({ maxLength: 64 }),
    fc.uint8Array({ maxLength: 64 }).map((payload) => new Uint8Array(sealFrame(payload))),
  )
  fc.assert(
    fc.property(frames, (frame) => {
      expect(['read', 'refused']).toContain(outcomeOf(frame))
    }),
    { numRuns: 10_000 },
  )
})

const outcomeOf = (frame: Uint8Array): string => {
  try {
    encodeMessage(decodeMessage(frame))
    return 'read'
  } catch (error) {
    if (error instanceof RefusedUpdateError) return 'refused'
    throw error
  }
}
