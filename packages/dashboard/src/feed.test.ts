import { expect, test } from 'vitest'
import { createFeed, type Feed } from './feed.ts'
import type { Readable } from 'node:stream'

/** A feed whose time passes when the test says so. */
const manual = (mostWatchers = 8) => {
  let action: (() => void) | undefined
  let now: () => Promise<string> = async () => 'first'
  const errors: unknown[] = []
  const feed: Feed = createFeed({
    read: () => now(),
    every: (_ms, act) => {
      action = act
      return () => void (action = undefined)
    },
    interval: 1_000,
    mostWatchers,
    onError: (error) => void errors.push(error),
  })
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  const beat = async (): Promise<void> => {
    action?.()
    await settled()
  }
  const shows = (next: typeof now): void => void (now = next)
  return { feed, beat, settled, shows, errors, isBeating: () => action !== undefined }
}

const heard = (stream: Readable | undefined): string => String(stream?.read() ?? '')

test('who watches gets what is there at once, and then what changes', async () => {
  const { feed, beat, settled, shows } = manual()
  const stream = feed.watch()
  await settled()
  expect(heard(stream)).toBe('retry: 1000\n\ndata: "first"\n\n')
  await beat()
  expect(heard(stream)).toBe('event: beat\ndata:\n\n')
  shows(async () => 'a\nb')
  await beat()
  expect(heard(stream)).toBe('data: "a\\nb"\n\n')
})

test('nobody watches, nothing is read', async () => {
  const { feed, beat, settled, isBeating } = manual()
  const stream = feed.watch()
  await beat()
  stream?.destroy()
  await settled()
  expect(isBeating()).toBe(false)
})

test('a reading that fails is reported, and the next one is tried', async () => {
  const { feed, beat, settled, shows, errors } = manual()
  shows(async () => {
    throw new Error('away')
  })
  const stream = feed.watch()
  await settled()
  expect(errors).toHaveLength(1)
  shows(async () => 'back')
  await beat()
  expect(heard(stream)).toContain('data: "back"')
})

test('one more than allowed is turned away', () => {
  const { feed } = manual(1)
  expect(feed.watch()).toBeDefined()
  expect(feed.watch()).toBeUndefined()
})

test('each reading is heard of, also one that found nothing new; one that failed or does not end is not', async () => {
  const { feed, beat, settled, shows } = manual()
  const stream = feed.watch()
  await settled()
  heard(stream)
  await beat()
  expect(heard(stream)).toContain('event: beat')
  shows(async () => {
    throw new Error('away')
  })
  await beat()
  shows(() => new Promise(() => undefined))
  await beat()
  await beat()
  expect(heard(stream)).toBe('')
})

test('who does not read costs no memory beyond a bound', async () => {
  const { feed, beat, shows } = manual()
  const stream = feed.watch()
  for (let count = 0; count < 50; count += 1) {
    shows(async () => `${count}${'x'.repeat(10_000)}`)
    await beat()
  }
  expect(stream?.readableLength).toBeLessThan(60_000)
})

test('when it closes, every stream ends and there is no new one', async () => {
  const { feed, settled, isBeating } = manual()
  const stream = feed.watch()
  const ended = new Promise((resolve) => stream?.once('end', resolve).resume())
  feed.close()
  await ended
  await settled()
  expect(feed.watch()).toBeUndefined()
  expect(isBeating()).toBe(false)
})
