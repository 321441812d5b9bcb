import { reasonOf, sleep, systemClock, type Clock } from '@grapevine/std'

export type Readiness =
  | { readonly kind: 'ready' }
  /** Not within the time; `last` says what was seen last. */
  | { readonly kind: 'late'; readonly last: string }
  /** `signal` was aborted first. */
  | { readonly kind: 'aborted' }

/** One question may hang in a process that does not get to answer it. */
const askTimeoutMs = 1_000
const everyMs = 20

/** Asks `url` until it answers 200. */
export const untilReady = async (
  url: string,
  { timeoutMs, signal, clock = systemClock }: { timeoutMs: number; signal: AbortSignal; clock?: Clock },
): Promise<Readiness> => {
  const deadline = clock.now() + timeoutMs
  let last = 'nothing was asked'
  while (!signal.aborted && clock.now() < deadline) {
    const seen = await ask(url, signal)
    if (seen === 200) return { kind: 'ready' }
    last = typeof seen === 'number' ? `${url} answered ${seen}` : `${url}: ${seen}`
    await pause(clock, signal)
  }
  return signal.aborted ? { kind: 'aborted' } : { kind: 'late', last }
}

const ask = async (url: string, signal: AbortSignal): Promise<number | string> => {
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(askTimeoutMs)])
    const answer = await fetch(url, { redirect: 'manual', headers: { connection: 'close' }, signal: limit })
    await answer.body?.cancel()
    return answer.status
  } catch (error) {
    return reasonOf(error)
  }
}

const pause = async (clock: Clock, signal: AbortSignal): Promise<void> => {
  try {
    await sleep(clock, everyMs, signal)
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
