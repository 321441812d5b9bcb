import { reasonOf } from '@grapevine/std'
import type { Mark, Marks } from './marks.ts'
import type { NameGrantsConfig } from './name-grants-config.ts'
import type { SignUps } from './sign-ups.ts'

export interface WithdrawerContext extends Pick<NameGrantsConfig, 'write' | 'ready' | 'clock' | 'log'> {
  readonly signUps: Pick<SignUps, 'mark' | 'withdraw'>
  readonly marks: Marks
  /** Ends the trying. */
  readonly signal: AbortSignal
}

/** Between two tries, in milliseconds. */
const retryMs = 5_000

/**
 * Takes back what an earlier run has not answered.
 *
 * @returns takes a claim back; where the disk does not take it now it goes on trying, and until then the name stays taken
 */
export const createWithdrawer = async (
  context: WithdrawerContext,
): Promise<(mark: Mark) => Promise<void>> => {
  const { signUps, marks, write, ready, clock, log, signal } = context
  const withdraw = async (mark: Mark): Promise<void> => {
    try {
      await write(() => signUps.withdraw(mark.key, mark))
      await marks.remove(mark.key)
    } catch (error) {
      log.error({ reason: reasonOf(error) }, 'a refused sign-up or renaming could not be taken back yet')
      clock.after(retryMs, () => void (signal.aborted ? undefined : withdraw(mark)))
    }
  }
  const left = marks.all()
  if (left.length === 0) return withdraw
  log.warn(
    { claims: left.length },
    'sign-ups and renamings without an answer before the restart are taken back',
  )
  for (const { key } of left) signUps.mark(key)
  const atOnce = (): void => {
    for (const mark of left) signUps.withdraw(mark.key, mark)
  }
  await write(atOnce).catch((error: unknown) => log.error({ reason: reasonOf(error) }, 'not taken back yet'))
  // Again then, and only then off the disk: a renaming may be held by others and not here.
  void ready.then(() => Promise.all(left.map(withdraw))).catch(() => undefined)
  return withdraw
}
