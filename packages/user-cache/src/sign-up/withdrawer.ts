import { isErasure, subjectOf } from '@grapevine/facts'
import { reasonOf } from '@grapevine/std'
import type { Mark, Marks } from './marks.ts'
import type { NameGrantsConfig } from './name-grants-config.ts'
import type { Decision } from './round.ts'
import type { SignUps } from './sign-ups.ts'

export interface WithdrawerContext extends Pick<NameGrantsConfig, 'write' | 'ready' | 'clock' | 'log'> {
  readonly signUps: Pick<SignUps, 'mark' | 'answered' | 'withdraw' | 'claimOf' | 'isUsed'>
  readonly marks: Marks
  /** Asks the members again about a claim that is live here. */
  readonly askAgain: (key: string) => Promise<Decision>
  /** Ends the trying. */
  readonly signal: AbortSignal
}

/** Between two tries, in milliseconds. */
const retryMs = 5_000

/**
 * Settles what was not answered. Right after a refusal nobody can have come in with a claim, and it is taken back. Later, after a
 * restart or once the disk takes it, somebody may have: on another member their form was "repeated", or they logged in. Then it
 * goes only if the name is another's.
 *
 * @returns takes a claim back; where the disk does not take it now it goes on trying, and until then the name stays taken
 */
export const createWithdrawer = (context: WithdrawerContext): ((mark: Mark) => Promise<void>) => {
  const { signUps, marks, askAgain, write, ready, clock, log, signal } = context

  const later = (mark: Mark): void =>
    void clock.after(retryMs, () => void (signal.aborted ? undefined : settle(mark)))

  const trying = async (mark: Mark, work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      log.error({ reason: reasonOf(error) }, 'a refused sign-up or renaming could not be taken back yet')
      later(mark)
    }
  }
  const takeBack = async ({ key }: Mark): Promise<void> => {
    await write(() => signUps.withdraw(key))
    await marks.remove(key)
  }
  const leave = async ({ key }: Mark): Promise<void> => {
    signUps.answered(key)
    await marks.remove(key)
  }
  const settle = (mark: Mark): Promise<void> =>
    trying(mark, async () => {
      const { key, isNew } = mark
      if (isErasure(key) || signUps.claimOf(subjectOf(key))?.key !== key) {
        // Taken back before, perhaps, and not on the disk then.
        await write(() => undefined)
        return leave(mark)
      }
      const decision = await askAgain(key)
      if (signal.aborted) return
      if (decision === 'unconfirmed') return later(mark)
      return decision === 'taken' && !(isNew && signUps.isUsed(key)) ? takeBack(mark) : leave(mark)
    })

  const left = marks.all()
  if (left.length > 0)
    log.warn(
      { claims: left.length },
      'sign-ups and renamings without an answer before the restart: each stays unless the name is somebody else’s',
    )
  for (const { key } of left) signUps.mark(key)
  // Not before it is known here what has become of them.
  void ready.then(() => Promise.all(left.map(settle))).catch(() => undefined)
  return (mark) => trying(mark, () => takeBack(mark))
}
