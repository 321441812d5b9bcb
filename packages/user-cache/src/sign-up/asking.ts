/** Asking the members of the cluster about claims: what is said is translated here, nothing is decided. */
import { deadline, onAbort, sleep, unlessAborted, type Clock } from '@grapevine/std'
import { claimsProtocol, decodeAnswer, encode, type Answer, type Question } from './message.ts'

/** What is needed of a cluster. `Membership` of `@grapevine/membership` has this shape. */
export interface Peers {
  readonly self: { readonly id: string }
  /** All members that this one knows of, reachable or not, itself included. */
  members(): readonly { readonly id: string; readonly state: string }[]
  /** Ids of the other members that answer requests now. */
  reachable(): readonly string[]
  /** Rejects with an error whose `failure` is `unknown-protocol` where nobody handles it, as before this version. */
  request(
    member: string,
    protocol: string,
    bytes: Uint8Array,
    options: { readonly signal: AbortSignal },
  ): Promise<Uint8Array>
  handle(
    protocol: string,
    handler: (request: Uint8Array, context: { readonly from: string }) => Promise<Uint8Array>,
  ): Promise<unknown>
  /** A member is suspected, down, or lost its link. @returns how to stop listening */
  on(
    type: 'member:unlinked',
    listener: (event: { readonly member: { readonly id: string } }) => void,
  ): () => void
}

export interface AskingContext {
  readonly peers: Peers
  readonly clock: Clock
}

type Confirmed = Extract<Answer, { readonly kind: 'confirmed' }>
type Reply = Answer | { readonly kind: 'failed' } | { readonly kind: 'unknown' }

/** How long one request may take, and between two of the same, in milliseconds. */
const requestMs = 1_000
const pauseMs = 50

/** How long a member is waited for that neither this node nor any that it is linked to has a link to, in milliseconds: longer than between two dials. */
const unlinkedMs = 3_000

/** Up to so many members all are linked to each other; of more, it is no wonder that some are not. */
const fullMesh = 32

/** The other members in view. */
export const inView = ({ self, members }: Peers): readonly string[] =>
  members().flatMap(({ id, state }) => (id !== self.id && state === 'alive' ? [id] : []))

/**
 * Asks a member until it has confirmed. `undefined`: it need not be waited for, as it is suspected or down, nobody has a link to it,
 * or it is of the version before, and knows nothing of claims.
 *
 * @throws the signal's reason
 */
export const confirmationOf = async (
  context: AskingContext,
  member: string,
  question: Question,
  signal: AbortSignal,
): Promise<Confirmed | undefined> => {
  const { peers, clock } = context
  const since = clock.now()
  while (inView(peers).includes(member)) {
    const reply = await askAround(context, member, question, signal)
    if (reply.kind === 'confirmed') return reply
    if (reply.kind === 'unknown' || reply.kind === 'unaware') return undefined
    const patience = peers.members().length > fullMesh ? 0 : unlinkedMs
    if (reply.kind === 'unlinked' && clock.now() - since >= patience) return undefined
    await sleep(clock, pauseMs, signal)
  }
  return undefined
}

/** Directly, or through a member that is linked to it. */
const askAround = async (
  context: AskingContext,
  member: string,
  question: Question,
  signal: AbortSignal,
): Promise<Reply> => {
  const linked = context.peers.reachable()
  if (linked.includes(member)) return ask(context, member, question, signal)
  let best: Reply = { kind: 'unlinked' }
  for (const other of linked) {
    const reply = await ask(context, other, { ...question, to: member }, signal)
    if (reply.kind === 'confirmed' || reply.kind === 'unaware') return reply
    // One of the version before passes nothing on.
    if (reply.kind !== 'unlinked' && reply.kind !== 'unknown') best = reply
  }
  return best
}

/** Asks one member once. @throws the signal's reason */
export const ask = async (
  { peers, clock }: AskingContext,
  member: string,
  question: Question,
  signal: AbortSignal,
): Promise<Reply> => {
  const patience = deadline(clock, requestMs)
  const unwatch = peers.on('member:unlinked', (event) => {
    if (event.member.id === member) patience.giveUp(new Error('the member became unreachable'))
  })
  const stopListening = onAbort(signal, patience.giveUp)
  try {
    const asking = peers.request(member, claimsProtocol, encode(question), { signal: patience.signal })
    return decodeAnswer(await unlessAborted(asking, patience.signal)) ?? { kind: 'failed' }
  } catch (error) {
    signal.throwIfAborted()
    return { kind: isUnknownProtocol(error) ? 'unknown' : 'failed' }
  } finally {
    patience.end()
    stopListening()
    unwatch()
  }
}

const isUnknownProtocol = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && Reflect.get(error, 'failure') === 'unknown-protocol'
