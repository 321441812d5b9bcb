import { isErasure, subjectOf } from '@grapevine/facts'
import type { Commands } from '../accounts/commands.ts'
import type { Say } from '../accounts/say.ts'
import { keyWith } from '../fold/reader.ts'
import type { Ledger } from '../fold/ledger.ts'
import type { Directory } from '../lookup/directory.ts'
import { checkUsername } from '../names/username.ts'
import type { Confirmation, RankedClaim } from './round.ts'

export interface LiveClaim extends RankedClaim {
  /** The account that claims the name. */
  readonly id: string
  /** Whether this node has written the claim and not answered it yet. */
  readonly isUnanswered: boolean
}

/**
 * Claims of names: what a node tells and asks others before it answers a sign-up or a renaming. The marks are this node's
 * own and no facts: keep `unanswered()` on the own disk before a claim is sent, and withdraw at the next start what is
 * still in it.
 */
export interface SignUps {
  /** The live claims of a name, the earliest first; `[]` for a malformed name. */
  liveClaims(username: string): readonly LiveClaim[]
  /** The claim by which a live account holds its name. */
  claimOf(id: string): LiveClaim | undefined
  /** Marks a claim that was just written. */
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
  /**
   * Takes a claim back: who signed up is erased, who renamed themselves has the former name again, with its former claim.
   * Nothing happens if the account claims its name by another fact by now.
   */
  withdraw(key: string): void
}

export interface SignUpsContext {
  readonly ledger: Ledger
  readonly directory: Directory
  readonly say: Say
  readonly erase: Commands['erase']
  /** When somebody else last said anything of an account, if that was lately. */
  readonly arrivedAt: (id: string) => number | undefined
  readonly now: () => number
}

/** Longer than any sign-up takes to be answered or withdrawn, in ms. */
const settlingMs = 60_000

export const createSignUps = (context: SignUpsContext): SignUps => {
  const { ledger, directory, say, erase, arrivedAt, now } = context
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

  return {
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
    withdraw: (key) => {
      marks.delete(key)
      const id = subjectOf(key)
      if (isErasure(key) || claimOf(id)?.key !== key) return
      const former = ledger.nameBefore(id)
      if (former === undefined) erase(id)
      else say(id, { kind: 'respelled', username: former.username, continues: former.claimedBy })
    },
  }
}
