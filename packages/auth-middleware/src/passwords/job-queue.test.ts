import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { OverloadedError } from '../errors.ts'
import { jobQueue } from './job-queue.ts'

const signal = new AbortController().signal

/** Lets everything that can go on go on. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Jobs that end when told to, and the order in which they began. */
const jobs = () => {
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  return {
    begun,
    end: (name: string) => ends.get(name)?.(),
    job: (name: string) => () =>
      new Promise<string>((resolve) => {
        begun.push(name)
        ends.set(name, () => resolve(name))
      }),
  }
}

test('runs so many at once, the others in the order they came', async () => {
  const queue = jobQueue({ concurrency: 2, limit: 10, retryAfterSeconds: 1 })
  const { job, begun, end } = jobs()
  const done = ['a', 'b', 'c', 'd'].map((name) => queue.run(job(name), { signal }))
  await settle()
  expect(begun).toEqual(['a', 'b'])
  end('b')
  await settle()
  expect(begun).toEqual(['a', 'b', 'c'])
  end('a')
  await settle()
  expect(begun).toEqual(['a', 'b', 'c', 'd'])
  end('c')
  end('d')
  expect(await Promise.all(done)).toEqual(['a', 'b', 'c', 'd'])
})

test('refuses at once when full, and takes more when there is room again', async () => {
  const queue = jobQueue({ concurrency: 1, limit: 1, retryAfterSeconds: 7 })
  const { job, end } = jobs()
  const first = [queue.run(job('a'), { signal }), queue.run(job('b'), { signal })]
  await settle()
  const refused = await queue.run(job('c'), { signal }).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(OverloadedError)
  expect(refused).toMatchObject({ code: 'OVERLOADED', retryAfterSeconds: 7 })
  end('a')
  await settle()
  const d = queue.run(job('d'), { signal })
  end('b')
  await settle()
  end('d')
  expect(await Promise.all([...first, d])).toEqual(['a', 'b', 'd'])
})

test('who gives up while waiting leaves their place, and never runs', async () => {
  const queue = jobQueue({ concurrency: 1, limit: 1, retryAfterSeconds: 1 })
  const { job, begun, end } = jobs()
  const a = queue.run(job('a'), { signal })
  const impatient = new AbortController()
  const b = queue.run(job('b'), { signal: impatient.signal })
  const c = b.catch(() => queue.run(job('c'), { signal }))
  impatient.abort(new Error('gone'))
  await expect(b).rejects.toThrow('gone')
  end('a')
  await settle()
  expect(begun).toEqual(['a', 'c'])
  end('c')
  expect(await Promise.all([a, c])).toEqual(['a', 'c'])
})

test('who has given up before does not come in', async () => {
  const queue = jobQueue({ concurrency: 1, limit: 1, retryAfterSeconds: 1 })
  const { job, begun } = jobs()
  await expect(queue.run(job('a'), { signal: AbortSignal.abort(new Error('gone')) })).rejects.toThrow('gone')
  expect(begun).toEqual([])
})

test('a job that fails frees its place', async () => {
  const queue = jobQueue({ concurrency: 1, limit: 0, retryAfterSeconds: 1 })
  await expect(queue.run(() => Promise.reject(new Error('broken')), { signal })).rejects.toThrow('broken')
  expect(await queue.run(async () => 'fine', { signal })).toBe('fine')
})

test('never runs more than allowed, and loses nobody, in whatever order they end or give up', async () => {
  const sizes = fc.integer({ min: 1, max: 4 })
  await fc.assert(
    fc.asyncProperty(
      sizes,
      fc.array(fc.boolean(), { maxLength: 20 }),
      fc.scheduler(),
      async (concurrency, patient, s) => {
        const queue = jobQueue({ concurrency, limit: 100, retryAfterSeconds: 1 })
        let running = 0
        const work = async (): Promise<string> => {
          running += 1
          expect(running).toBeLessThanOrEqual(concurrency)
          await s.schedule(Promise.resolve())
          running -= 1
          return 'done'
        }
        const all = patient.map(async (stays) => {
          const leaving = new AbortController()
          const result = queue.run(work, { signal: leaving.signal })
          if (!stays) void s.schedule(Promise.resolve()).then(() => leaving.abort(new Error('gone')))
          return result.catch(() => 'gone')
        })
        await s.waitFor(Promise.all(all))
        expect(running).toBe(0)
        const outcomes = await Promise.all(all)
        expect(outcomes.filter((outcome, index) => patient[index] && outcome !== 'done')).toEqual([])
      },
    ),
  )
})
