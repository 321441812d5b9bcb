import { erasureOf, isErasure, subjectOf } from '@grapevine/facts'
import type { Draft, Drafts, Registration } from '../commands/drafts.ts'
import type { Pace } from '../commands/pace.ts'
import { ownOrigin, type Say, type SayContext } from '../commands/say.ts'
import { keyWith } from '../fold/reader.ts'
import { UnknownUserError } from '../errors.ts'
import type { Directory } from '../lookup/directory.ts'
import { checkUsername, normaliseNewUsername } from '../names/username.ts'
import type { Confirmation, RankedClaim } from './round.ts'

export interface LiveClaim extends RankedClaim {
  /** The account that claims the name. */
  readonly id: string
  /** Whether this node has written the claim and not answered it yet. */
  readonly isUnanswered: boolean
}

/**
 * Claims of names: what a node tells and asks others before it answers a sign-up or a renaming. The marks are this node's
 * own and no facts: keep `unanswered()` on the own disk before a claim is sent. What is still in it at the next start may have
 * been found by its owner elsewhere: withdraw it only if the name is somebody else's.
 */
export interface SignUps {
  /** @throws `INVALID_USERNAME`, `INVALID_PASSWORD_HASH`, `USERNAME_TAKEN` */
  draftRegistration(input: Registration): Draft
  /**
   * @returns `undefined` for another spelling of the name that the account has: that is no new claim, see `rename`
   * @throws `UNKNOWN_USER`, `INVALID_USERNAME`, `USERNAME_TAKEN`, `TOO_MANY_CHANGES`
   */
  draftRenaming(id: string, username: string): Draft | undefined
  /** The live claims of a name, the earliest first; `[]` for a malformed name. */
  liveClaims(username: string): readonly LiveClaim[]
  /** The claim by which a live account holds its name. */
  claimOf(id: string): LiveClaim | undefined
  /** Marks a claim that is written now, or was before the node started. */
  mark(key: string): void
  /** The claim is answered. */
  answered(key: string): void
  /**
   * What this node says to another that asks it to store a claim, once it has: the other live claims of the name, and which of
   * them are granted. Those are all but the ones that this node has yet to answer, and those of others that came within the
   * last minute: they may be under way.
   */
  confirmation(username: string, key: string): Confirmation
  /** Keys of the claims that this node has to answer. */
  unanswered(): readonly string[]
  /** Whether anything is known of the account but this claim: then its owner was in. */
  isUsed(key: string): boolean
  /**
   * Takes a claim back: who signed up is erased, who renamed themselves has the former name again, with its former claim. Where
   * somebody was granted the former name meanwhile, the new name stays; if that is another's too, they claim the former name
   * last. Nothing happens if the account claims its name by another fact by now.
   */
  withdraw(key: string): void
}

export interface SignUpsContext extends Pick<SayContext, 'facts' | 'ledger'> {
  readonly directory: Directory
  readonly drafts: Drafts
  readonly pace: Pace
  readonly say: Say
  /** When somebody else last said anything of an account, if that was lately. */
  readonly arrivedAt: (id: string) => number | undefined
  readonly now: () => number
}

/** Longer than any sign-up takes to be answered or withdrawn, in ms. */
const settlingMs = 60_000

export const createSignUps = (context: SignUpsContext): SignUps => {
  const { facts, ledger, directory, drafts, pace, say, arrivedAt, now } = context
  const marks = new Set<string>()

  const claimOf = (id: string): LiveClaim | undefined => {
    const claimedBy = ledger.accountOf(id)?.claimedBy
    if (claimedBy === undefined) return undefined
    const key = keyWith(id, claimedBy.hash)
    return { id, key, at: claimedBy.at, isUnanswered: marks.has(key) }
  }

  const liveClaims = (username: string): readonly LiveClaim[] => {
    const checked = checkUsername(username)
    if (checked.kind === 'invalid') return []
    return directory.claimants(checked.normalised).flatMap(({ id }) => claimOf(id) ?? [])
  }
  const isSettled = ({ id, isUnanswered }: LiveClaim): boolean => {
    const since = arrivedAt(id)
    return !isUnanswered && (since === undefined || Math.abs(now() - since) > settlingMs)
  }

  const erase = (id: string): void => void facts.insert([erasureOf(id)], ownOrigin)

  return {
    draftRegistration: (input) => drafts.registration(input, normaliseNewUsername),
    draftRenaming: (id, username) => {
      const account = ledger.accountOf(id)
      if (account === undefined) throw new UnknownUserError()
      const checked = checkUsername(username)
      if (checked.kind === 'valid' && checked.normalised === account.name) return undefined
      const draft = drafts.renaming(id, username, normaliseNewUsername(username))
      pace.take(id)
      return draft
    },
    claimOf,
    liveClaims,
    confirmation: (username, key) => {
      const rivals = liveClaims(username).filter((claim) => claim.key !== key)
      return {
        rivals: rivals.map(({ key: of, at }) => ({ key: of, at })),
        granted: rivals.filter(isSettled).map(({ key: of }) => of),
      }
    },
    mark: (key) => void marks.add(key),
    answered: (key) => void marks.delete(key),
    unanswered: () => [...marks],
    isUsed: (key) => ledger.recordedOf(subjectOf(key)).length > 1,
    withdraw: (key) => {
      marks.delete(key)
      const id = subjectOf(key)
      const claim = isErasure(key) ? undefined : claimOf(id)
      const account = ledger.accountOf(id)
      if (claim?.key !== key || account === undefined) return
      const former = ledger.nameBefore(id)
      if (former === undefined) return erase(id)
      const othersOf = (username: string) => liveClaims(username).filter((other) => other.id !== id)
      // Stamps of those who knew of the renaming come after it; twins of before keep their place behind the former claim.
      const isGivenAway = othersOf(former.username).some(({ at }) => at > claim.at)
      if (!isGivenAway) say(id, { kind: 'respelled', username: former.username, continues: former.claimedBy })
      else if (othersOf(account.username).length > 0) say(id, { kind: 'renamed', username: former.username })
    },
  }
}
