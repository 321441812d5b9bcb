import { once } from 'node:events'
import type { Transform } from 'node:stream'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { shaper } from './shaper.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Gives draws in turn, then what is never a hit. */
const draws =
  (...numbers: number[]) =>
  (): number =>
    numbers.shift() ?? 1

const listenTo = (stream: Transform): string[] => {
  const heard: string[] = []
  stream.setEncoding('latin1').on('data', (text: string) => heard.push(text))
  return heard
}

const sorted = (texts: readonly string[]): string => texts.join('').split('').sort().join('')

const write = async (stream: Transform, text: string): Promise<void> => {
  stream.write(text)
  await vi.advanceTimersByTimeAsync(0)
}

describe('the bytes of one direction', () => {
  test('pass as they are, in order, at once, without a fault', async () => {
    const { stream } = shaper({}, draws())
    const heard = listenTo(stream)
    for (const text of ['a', 'b', 'c']) await write(stream, text)
    expect(heard).toEqual(['a', 'b', 'c'])
  })

  test('are late by the delay', async () => {
    const { stream } = shaper({ delayMs: 100 }, draws())
    const heard = listenTo(stream)
    await write(stream, 'a')
    await vi.advanceTimersByTimeAsync(98)
    expect(heard).toEqual([])
    await vi.advanceTimersByTimeAsync(10)
    expect(heard).toEqual(['a'])
  })

  test('take their time at a rate, which holds the sender back', async () => {
    const { stream } = shaper({ bitsPerSecond: 8_000 }, draws())
    const heard = listenTo(stream)
    await write(stream, 'x'.repeat(100))
    await write(stream, 'y'.repeat(100))
    await vi.advanceTimersByTimeAsync(110)
    expect(heard.join('')).toBe('x'.repeat(100))
    await vi.advanceTimersByTimeAsync(110)
    expect(heard.join('')).toHaveLength(200)
  })

  test('all arrive at once, in order, when the shape changes, and the next are not held up by them', async () => {
    const { stream, reshape } = shaper(
      { delayMs: 60_000, bitsPerSecond: 8_000, reorderShare: 0.5 },
      draws(1, 0),
    )
    const heard = listenTo(stream)
    for (const text of ['under way', 'held back until the next', 'not yet taken']) await write(stream, text)
    expect(heard).toEqual([])
    reshape({})
    await vi.advanceTimersByTimeAsync(0)
    expect(heard).toEqual(['under way', 'held back until the next', 'not yet taken'])
    await write(stream, 'next')
    expect(heard.at(-1)).toBe('next')
    expect(vi.getTimerCount()).toBe(0)
  })

  test('stay under way when the shape stays what it is', async () => {
    const { stream, reshape } = shaper({ delayMs: 100 }, draws())
    const heard = listenTo(stream)
    await write(stream, 'a')
    reshape({ delayMs: 100 })
    await vi.advanceTimersByTimeAsync(98)
    expect(heard).toEqual([])
    await vi.advanceTimersByTimeAsync(10)
    expect(heard).toEqual(['a'])
  })

  test('come to their end once, also when the shape changes while the last are under way', async () => {
    const { stream, reshape } = shaper({ delayMs: 60_000 }, draws())
    const heard = listenTo(stream)
    stream.end('a')
    await vi.advanceTimersByTimeAsync(0)
    const ended = once(stream, 'end')
    reshape({})
    reshape({ delayMs: 10 })
    await ended
    expect(heard).toEqual(['a'])
  })

  test('are changed in one bit', async () => {
    const { stream } = shaper({ corruptShare: 0.5 }, draws(0.4, 0, 0, 0.6))
    const heard = listenTo(stream)
    await write(stream, 'aa')
    await write(stream, 'aa')
    expect(heard).toEqual(['`a', 'aa'])
  })

  test('are out of order: one chunk waits until the next has passed', async () => {
    const { stream } = shaper({ reorderShare: 0.5 }, draws(0.4, 0.4, 0.6, 0.6))
    const heard = listenTo(stream)
    for (const text of ['a', 'b', 'c', 'd']) await write(stream, text)
    expect(heard).toEqual(['b', 'a', 'c', 'd'])
  })

  test('go on their way in time if nothing comes after them, and at the end', async () => {
    const { stream } = shaper({ reorderShare: 1 }, () => 0)
    const heard = listenTo(stream)
    await write(stream, 'a')
    await vi.advanceTimersByTimeAsync(99)
    expect(heard).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(heard).toEqual(['a'])
    await write(stream, 'b')
    const ended = once(stream, 'end')
    stream.end()
    await ended
    expect(heard).toEqual(['a', 'b'])
  })

  test('are all there at the end, whatever share of them is out of order or late', async () => {
    const chunks = fc.array(fc.string({ minLength: 1, unit: fc.constantFrom('a', 'b') }), { maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(
        chunks,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(50),
        async (texts, share, delayMs) => {
          let seed = 1
          const { stream } = shaper(
            { reorderShare: share, delayMs },
            () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647,
          )
          const heard = listenTo(stream)
          const ended = once(stream, 'end')
          for (const text of texts) stream.write(text)
          stream.end()
          await vi.advanceTimersByTimeAsync(1_000)
          await ended
          expect(sorted(heard)).toBe(sorted(texts))
        },
      ),
    )
  })
})
