import { once } from 'node:events'
import { createServer } from 'node:net'
import { codeOf, sleep, systemClock, type Clock } from '@grapevine/std'

/**
 * Below those that systems give to who asks for any port (Linux: from 32,768, others: from 49,152): a program that
 * listens on port 0, or connects somewhere, does not take one between the choice and the node's start.
 */
const first = 16_384
const last = 32_767

/** So many failures in a row mean that something else is wrong than that ports are taken. */
const maxTries = 1_000

/**
 * `count` different ports of 127.0.0.1 that nobody listens on, none of them in `taken` (a stopped node's port is free
 * now but still its own). They are free again when this resolves: another program that wants just that port may take it
 * first, and the node then fails to start, aloud.
 *
 * @param random from 0 to below 1
 */
export const freePorts = async (
  count: number,
  taken: readonly number[] = [],
  random: () => number = Math.random,
): Promise<number[]> => {
  const ports = new Set<number>()
  for (let tries = 0; ports.size < count; tries++) {
    if (tries === maxTries) throw new Error(`no free port was found from ${first} to ${last}`)
    const port = first + Math.floor(random() * (last - first + 1))
    if (!taken.includes(port) && !ports.has(port) && (await isFree(port))) ports.add(port)
  }
  return [...ports]
}

/**
 * Whether nobody listens on that port of 127.0.0.1, or not for long: what was killed takes a moment to be gone. That this
 * process has no right to it is no answer: the program that is to have it may.
 */
export const becomesFree = async (
  port: number,
  clock: Clock = systemClock,
  tryOut: (port: number) => Promise<void> = listenOnce,
): Promise<boolean> => {
  for (let tries = 0; tries < 50; tries++) {
    const problem = await tryOut(port).then(
      () => undefined,
      (error: unknown) => error,
    )
    if (!isInUse(problem)) return true
    await sleep(clock, 20)
  }
  return false
}

const isFree = async (port: number): Promise<boolean> => {
  try {
    await listenOnce(port)
    return true
  } catch (error) {
    if (isInUse(error)) return false
    throw error
  }
}

const isInUse = (error: unknown): boolean => codeOf(error) === 'EADDRINUSE'

const listenOnce = async (port: number): Promise<void> => {
  const holder = createServer()
  holder.listen(port, '127.0.0.1')
  await once(holder, 'listening')
  holder.close()
  await once(holder, 'close')
}
