import { subjectOf } from '@grapevine/facts'
import { ask, type AskingContext } from './asking.ts'
import { decodeQuestion, encode, maxRivals, type Answer, type Question } from './message.ts'
import type { SignUps } from './sign-ups.ts'

export interface AnsweringContext extends AskingContext {
  readonly signUps: Pick<SignUps, 'confirmation' | 'unanswered'>
  readonly isErased: (id: string) => boolean
  readonly stored: (key: string) => Promise<void>
  /** Ends what is passed on. */
  readonly signal: AbortSignal
}

/** Answers what another member asks. @throws TypeError for what no member of this version says */
export const answerQuestion = async (context: AnsweringContext, bytes: Uint8Array): Promise<Uint8Array> => {
  const question = decodeQuestion(bytes)
  if (question === undefined) throw new TypeError('this is no question about a claim')
  return encode(await answerOf(context, question))
}

const answerOf = async (context: AnsweringContext, { to, ...question }: Question): Promise<Answer> => {
  const { peers, signUps, signal } = context
  if (to !== undefined && to !== peers.self.id) return passOn(context, to, question, signal)
  const { username, key } = question
  if (!(await isStored(context, key))) return { kind: 'absent' }
  // After the flush, and at once: what comes later is asked of this node by who claims it.
  const { rivals, granted } = signUps.confirmation(username, key)
  const told = rivals.slice(0, maxRivals)
  const unanswered = signUps.unanswered()
  const isTold = (rival: string): boolean => told.some((one) => one.key === rival)
  return {
    kind: 'confirmed',
    rivals: told,
    granted: granted.filter(isTold),
    pending: unanswered.filter(isTold),
  }
}

/** Only from one to the next: whoever passes it on is asked for nothing of its own. */
const passOn = async (
  context: AnsweringContext,
  to: string,
  question: Question,
  signal: AbortSignal,
): Promise<Answer> => {
  if (!context.peers.reachable().includes(to)) return { kind: 'unlinked' }
  const reply = await ask(context, to, question, signal)
  if (reply.kind === 'unknown') return { kind: 'unaware' }
  if (reply.kind === 'failed') return { kind: 'absent' }
  return reply
}

/** One whose account is erased here counts as stored. */
const isStored = async ({ isErased, stored }: AnsweringContext, key: string): Promise<boolean> => {
  if (key === '' || isErased(subjectOf(key))) return true
  try {
    await stored(key)
    return true
  } catch {
    return false // not here yet, or the disk does not take it: who asks asks again
  }
}
