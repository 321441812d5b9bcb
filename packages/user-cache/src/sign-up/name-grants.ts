/** The shell of `round.ts`: writes claims, keeps their marks, asks the members, and answers theirs. */
import { subjectOf } from '@grapevine/facts'
import { deadline, onAbort, reasonOf, sleep } from '@grapevine/std'
import type { Draft, Registration } from '../commands/drafts.ts'
import { NameUnconfirmedError, UsernameTakenError } from '../errors.ts'
import type { User } from '../user.ts'
import { answerQuestion } from './answering.ts'
import { ask, confirmationOf, inView, type AskingContext } from './asking.ts'
import { openMarks } from './marks.ts'
import { claimsProtocol } from './message.ts'
import { checkNameGrants, type NameGrantsConfig, type NameGrantsOptions } from './name-grants-config.ts'
import { confirmed, decide, openRound, without, type Decision } from './round.ts'
import { createWithdrawer } from './withdrawer.ts'

/** Grants names, each once in a cluster that is not split. */
export interface NameGrants {
  /**
   * Resolves when the account is kept, as `write` keeps it, and the name is theirs.
   *
   * @throws `INVALID_USERNAME`, `INVALID_PASSWORD_HASH`, `USERNAME_TAKEN`; `UNAVAILABLE` when a member neither confirmed nor was
   *   found to be down in time; what `write` and the store throw. There is no account then; where this node
   *   could not write, there is one for now, and it stays if the name is nobody else's by then
   */
  register(input: Registration, options?: GrantOptions): Promise<User>
  /** The same for a new name of an account. @throws `UNKNOWN_USER`, `TOO_MANY_CHANGES` as well */
  rename(id: string, username: string, options?: GrantOptions): Promise<User>
  /** Resolves when no member that can be reached has still to answer somebody who claims the name. @throws `UNAVAILABLE` when the time is over */
  settled(username: string, options?: GrantOptions): Promise<void>
  /** Stops answering other members. What is under way ends with `UNAVAILABLE`. */
  close(): void
}

export interface GrantOptions {
  /** Ends the waiting for members. @default none */
  readonly signal?: AbortSignal
}

/**
 * Begins to answer other members; once this node is ready, settles what an earlier run has not answered: a claim stays unless
 * the name is somebody else's.
 *
 * @throws `INVALID_OPTION`, what reading the store throws
 */
export const grantNames = async (options: NameGrantsOptions): Promise<NameGrants> => {
  const config = checkNameGrants(options)
  const { users, facts, peers, clock, isReady } = config
  const { signUps } = users
  const closed = new AbortController()
  const context = { ...config, signUps, signal: closed.signal, isErased: facts.isErased }
  const marks = await openMarks(config.store, config.log)
  /** One patience for everything that is waited for. */
  const bounded = async <T>(
    { signal }: GrantOptions,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> => {
    const patience = deadline(clock, config.waitMs)
    const endings = [closed.signal, ...(signal === undefined ? [] : [signal])].map((each) =>
      onAbort(each, patience.giveUp),
    )
    try {
      return await work(patience.signal)
    } finally {
      patience.end()
      for (const end of endings) end()
    }
  }
  const askAgain = async (key: string): Promise<Decision> => {
    const user = users.get(subjectOf(key))
    if (user === undefined || !isReady()) return 'unconfirmed'
    const draft = { key, username: user.username }
    return bounded({}, (signal) => answerTo(context, draft, inView(peers), signal))
  }
  const withdraw = createWithdrawer({ ...context, marks, askAgain })
  const stop = await peers.handle(claimsProtocol, (request) => answerQuestion(context, request))

  const claim = async (draft: Draft, signal: AbortSignal): Promise<User> => {
    const { key, username } = draft
    await marks.add(draft).catch((error: unknown) => {
      config.log.error(
        { reason: reasonOf(error) },
        'names are not granted: the disk does not keep what is to be answered',
      )
      throw new NameUnconfirmedError()
    })
    const decision = await writeAndAsk(draft, signal)
    const user = users.get(subjectOf(key))
    if (decision === 'ok' && user !== undefined) {
      // Before anybody is told: what is still marked at the next start may be withdrawn.
      await marks.remove(key).catch((error: unknown) => withdraw(draft).then(() => Promise.reject(error)))
      return user
    }
    await withdraw(draft)
    throw decision === 'taken' ? await whyTaken(context, username, signal) : new NameUnconfirmedError()
  }

  /** Whoever is asked before the claim has arrived has to be asked again, so that it gets a head start; one slow member delays no other. */
  const writeAndAsk = async (draft: Draft, signal: AbortSignal): Promise<Decision> => {
    let members: readonly string[] | undefined
    const asking = new AbortController()
    const end = onAbort(signal, (reason) => asking.abort(reason))
    const write = async (): Promise<unknown> =>
      config.write(() => {
        draft.write()
        signUps.mark(draft.key)
        members = inView(peers)
      })
    const writing = write()
    try {
      await Promise.race([writing, sleep(clock, headStartMs, asking.signal).catch(() => undefined)])
      // Where not even this node has it yet nobody can be asked.
      if (members === undefined) await writing
      return await answerTo(context, draft, members ?? [], asking.signal, writing)
    } catch (error) {
      await (members === undefined ? marks.remove(draft.key) : withdraw(draft))
      throw error
    } finally {
      end()
      asking.abort()
    }
  }

  /** Only on a node that is ready, as another may not know who has the name. */
  const patiently = async <T>(
    options: GrantOptions,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> => {
    if (!isReady() || closed.signal.aborted) throw new NameUnconfirmedError()
    return bounded(options, work)
  }
  const respell = async (id: string, username: string): Promise<User> => {
    await config.write(() => void users.rename(id, username))
    const user = users.get(id)
    if (user === undefined) throw new NameUnconfirmedError()
    return user
  }

  return {
    register: (input, given = {}) =>
      patiently(given, async (signal) => claim(signUps.draftRegistration(input), signal)),
    rename: (id, username, given = {}) =>
      patiently(given, async (signal) => {
        const draft = signUps.draftRenaming(id, username)
        return draft === undefined ? respell(id, username) : claim(draft, signal)
      }),
    settled: (username, given = {}) => patiently(given, (signal) => settled(context, username, signal)),
    close: () => {
      if (typeof stop === 'function') stop()
      closed.abort(new NameUnconfirmedError())
    },
  }
}

type Context = AskingContext & Pick<NameGrantsConfig['users'], 'signUps'>

/** Asks all members, and decides. */
const answerTo = async (
  context: Context,
  { key, username }: Pick<Draft, 'key' | 'username'>,
  members: readonly string[],
  signal: AbortSignal,
  /** Before it is over nothing is granted; rejects where this node does not keep the claim. */
  kept: Promise<unknown> = Promise.resolve(),
): Promise<Decision> => {
  const { signUps } = context
  const claim = signUps.claimOf(subjectOf(key))
  if (claim?.key !== key) {
    await kept
    return 'unconfirmed'
  }
  let round = openRound(claim, members)
  const asked = members.map(async (member) => {
    const told = await confirmationOf(context, member, { username, key }, signal)
    round = told === undefined ? without(round, member) : confirmed(round, member, told)
  })
  await Promise.all([kept, Promise.allSettled(asked)])
  // Whoever erased it meanwhile has answered it.
  if (signUps.claimOf(subjectOf(key))?.key !== key) return 'unconfirmed'
  const held = signUps.liveClaims(username).filter((each) => each.key !== key)
  const decision = decide(round, held, true)
  // In the same step: from now on others are told that it is granted.
  if (decision === 'ok') signUps.answered(key)
  return decision
}

const pauseMs = 50

/** How long a claim is only sent, before members are asked about it while the write still waits for some, in milliseconds. */
const headStartMs = 250

/** How long it is waited for a claim to arrive that others know, in milliseconds. */
const arrivalMs = 1_000

/** Who has the name is known here by then, and was told so; if it is nobody, all who wanted it were refused. */
const whyTaken = async (context: Context, username: string, signal: AbortSignal): Promise<Error> => {
  const { signUps, clock } = context
  const isClaimed = (): boolean => signUps.liveClaims(username).length > 0
  const since = clock.now()
  while (!isClaimed() && !signal.aborted && clock.now() - since < arrivalMs) await pause(context, signal)
  await settled(context, username, signal)
  return isClaimed() ? new UsernameTakenError() : new NameUnconfirmedError()
}

const settled = async (context: Context, username: string, signal: AbortSignal): Promise<void> => {
  while (await isPending(context, username, signal)) {
    if (signal.aborted) throw new NameUnconfirmedError()
    await pause(context, signal)
  }
}

const isPending = async (context: Context, username: string, signal: AbortSignal): Promise<boolean> => {
  const { signUps, peers } = context
  const { rivals, granted } = signUps.confirmation(username, '')
  if (rivals.length === granted.length) return false
  if (signUps.liveClaims(username).some(({ isUnanswered }) => isUnanswered)) return true
  const asked = peers.reachable().map((member) => ask(context, member, { username, key: '' }, signal))
  const replies = await Promise.all(asked).catch(() => undefined)
  // The time is over, and it is not known.
  if (replies === undefined) return true
  return replies.some((reply) => reply.kind === 'confirmed' && reply.pending.length > 0)
}

const pause = ({ clock }: Context, signal: AbortSignal): Promise<void> =>
  sleep(clock, pauseMs, signal).catch(() => undefined)
