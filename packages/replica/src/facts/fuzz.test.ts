import { randomInt } from 'node:crypto'
import { seededRandom } from '@grapevine/simulation'
import { expect, onTestFinished, test } from 'vitest'
import { RefusedUpdateError } from '../errors.ts'
import { keep, readCorpus } from '../testing/fuzz/corpus.ts'
import { goodFrames, nearlyGood } from '../testing/fuzz/frames.ts'
import { createTarget, type Target } from '../testing/fuzz/target.ts'

/** Good and nearly good frames to one member: as requests, by gossip, and as answers. `FUZZ_SECONDS=3600` for an hour. */
const seconds = Number(process.env['FUZZ_SECONDS'] ?? 10)
const seed = Number(process.env['SEED'] ?? randomInt(2 ** 32))

/** Milliseconds of this process's own work, so that a busy machine is not taken for a stall. */
const work = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

interface Found {
  longest: number
  frames: number
}

/** One frame, every way that it can come. @throws whatever is no refusal */
const feed = async (target: Target, frame: Uint8Array, from: string): Promise<void> => {
  target.gossip(frame, from)
  await target.ask(frame, from).catch((error: unknown) => {
    if (!(error instanceof RefusedUpdateError)) throw error
  })
}

/** @returns milliseconds of work in the longest turn that it led to */
const timed = async (target: Target, frame: Uint8Array, from: string): Promise<number> => {
  const state = { isOver: false, longest: 0 }
  const fed = feed(target, frame, from).finally(() => {
    state.isOver = true
  })
  // Who rejects meanwhile is heard below.
  fed.catch(() => undefined)
  for (let before = work(); !state.isOver; before = work()) {
    await nextTurn()
    state.longest = Math.max(state.longest, work() - before)
  }
  await fed
  return state.longest
}

const play = async (target: Target, next: () => Uint8Array, found: Found): Promise<void> => {
  const frame = next()
  // Somebody else now and then: who is cut off is not even decoded.
  const from = `member-${Math.floor(found.frames / 5)}`
  if (found.frames % 50 === 0) {
    target.part()
    target.meet(from, next)
  }
  found.frames += 1
  try {
    const longest = await timed(target, frame, from)
    found.longest = Math.max(found.longest, longest)
    if (longest > mostWork) throw new Error(`${Math.round(longest)} ms of work in one turn`)
  } catch (cause) {
    throw new Error(`${keep(frame)}, kept in the corpus; SEED=${seed}`, { cause })
  }
}

/** 100 ms are allowed; a collection of garbage on two processors may come on top. */
const mostWork = 250

test(
  'frames of any kind lead to a refusal or an answer, in a short turn, and are not kept',
  { timeout: (seconds + 60) * 1_000 },
  async () => {
    const random = seededRandom(seed)
    const target = await createTarget()
    onTestFinished(() => target.replica.close())
    const frames = [...goodFrames, ...readCorpus()]
    const found: Found = { longest: 0, frames: 0 }
    const before = process.memoryUsage().heapUsed
    for (const frame of frames) await play(target, () => frame, found)
    const end = performance.now() + seconds * 1_000
    while (performance.now() < end) await play(target, () => nearlyGood(frames, random), found)
    target.part()
    const grownMb = (process.memoryUsage().heapUsed - before) / 2 ** 20
    const { facts, refused, unknown } = target.replica.status()
    console.log(
      `SEED=${seed}: ${found.frames} frames, ${refused} refused, ${unknown} unknown, ${facts} facts; longest turn ${Math.round(found.longest)} ms of work; heap +${Math.round(grownMb)} MB`,
    )
    expect([refused > 0, unknown > 0, facts >= 3_000]).toEqual([true, true, true])
    // What was good is held: a few kilobytes each.
    expect(grownMb).toBeLessThan(128 + facts / 256)
  },
)
