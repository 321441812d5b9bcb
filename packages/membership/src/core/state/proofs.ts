/**
 * An incarnation is its member's own word: only who holds the member's key can prove one. So nobody can make up an incarnation of
 * somebody else that the other never had, and would have to go beyond.
 */
export interface Proofs {
  /** That this node is at this incarnation. */
  prove(incarnation: number): string | undefined
  verify(id: string, incarnation: number, proof: string): boolean
}

/** For tests of what has nothing to do with proofs. */
export const noProofs: Proofs = { prove: () => undefined, verify: () => true }
