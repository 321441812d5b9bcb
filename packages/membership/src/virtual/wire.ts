import type { RequestFailure } from '../errors.ts'

/** What travels between two members of a virtual network. */
export type Wire =
  /** Of the membership protocol itself, encoded as on real links. */
  | { readonly kind: 'membership'; readonly bytes: Uint8Array }
  | { readonly kind: 'gossip'; readonly id: string; readonly topic: string; readonly bytes: Uint8Array }
  | { readonly kind: 'request'; readonly id: number; readonly protocol: string; readonly bytes: Uint8Array }
  | { readonly kind: 'answer'; readonly id: number; readonly bytes: Uint8Array }
  | { readonly kind: 'failure'; readonly id: number; readonly failure: RequestFailure }
