/** Who claims which name, by user id; of a contested name in the order in which they came to claim it. */
import { isBefore, type Head } from '../fold/heads.ts'
import type { Claim } from '../user.ts'

export interface Claimant {
  readonly id: string
  /** The fact by which they claim it: claims are in the order of their stamps, then of their hashes. */
  readonly claimedBy: Head
}

export interface Claims {
  /** Ids, owner first. */
  claimants(name: string): readonly string[]
  /** What the name is to one of its claimants. */
  claimOf(name: string, id: string): Claim
  /** Normalised names that more than one account claims. */
  readonly contested: ReadonlySet<string>
  /** Enters who is the first to claim a name. @returns whether nobody did before */
  claimFree(name: string, id: string): boolean
  /** Replaces all who claim a name. */
  place(name: string, claimants: readonly Claimant[]): void
}

const nobody: readonly string[] = Object.freeze([])

export const createClaims = (): Claims => {
  /** Nearly every name has one claimant, and holds no list for it. */
  const byName = new Map<string, string | readonly string[]>()
  const contested = new Set<string>()

  return {
    contested,
    claimants: (name) => {
      const held = byName.get(name)
      if (held === undefined) return nobody
      return typeof held === 'string' ? [held] : held
    },
    claimOf: (name, id) => {
      const held = byName.get(name)
      if (held === undefined || typeof held === 'string') return 'sole'
      return held[0] === id ? 'owner' : 'loser'
    },
    claimFree: (name, id) => {
      if (byName.has(name)) return false
      byName.set(name, id)
      return true
    },
    place: (name, rivals) => {
      const [first, ...others] = rivals.toSorted(byClaim).map(({ id }) => id)
      if (first === undefined) byName.delete(name)
      else byName.set(name, others.length === 0 ? first : [first, ...others])
      if (others.length > 0) contested.add(name)
      else contested.delete(name)
    },
  }
}

const byClaim = (a: Claimant, b: Claimant): number => (isBefore(a.claimedBy, b.claimedBy) ? -1 : 1)
