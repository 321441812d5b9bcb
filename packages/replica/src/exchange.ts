import { limits } from './config.ts'
import { reasonOf, type Log } from './log.ts'
import { nextSlice } from './slices.ts'
import {
  decodeRequest,
  decodeResponse,
  encodeRequest,
  encodeResponse,
  vectorOf,
  type Request,
  type Response,
} from './wire.ts'
import type * as Y from 'yjs'
import type { Bus } from './bus.ts'
import type { ContentDigest } from './digest.ts'
import type { Inbox } from './inbox.ts'

/**
 * Anti-entropy (Demers et al. 1987): two members compare digests and, where they differ, each sends what the
 * other's state vector lacks, in slices. It repairs whatever gossip lost, however long the split.
 */
export interface Exchange {
  /** Begins to compare regularly; resolves after the first full exchange, or when nobody was there for it. */
  start(interval: number, discoveryWindow: number): Promise<void>
  /** Answers what other members ask. */
  answer(request: Uint8Array, context: { readonly from: string }): Promise<Uint8Array>
}

export interface ExchangeContext {
  readonly doc: Y.Doc
  readonly bus: Bus
  readonly digest: ContentDigest
  readonly inbox: Inbox
  readonly name: string
  readonly traffic: { bytesOut: number }
  readonly signal: AbortSignal
  readonly log: Log
}

export const createExchange = (context: ExchangeContext): Exchange => {
  const { bus, signal, log } = context
  const underWay = new Map<string, Promise<boolean>>()
  let resolveFirst: () => void = () => undefined
  const firstDone = new Promise<void>((resolve) => {
    resolveFirst = resolve
  })

  /** One exchange with a member at a time; whoever asks meanwhile shares its outcome. */
  const exchangeWith = (member: string): Promise<boolean> => {
    const running = underWay.get(member)
    if (running !== undefined) return running
    const exchange = exchangeOnce(context, member)
      .then(
        () => {
          resolveFirst()
          return true
        },
        (error: unknown) => {
          if (!signal.aborted)
            log.debug({ peer: member, reason: reasonOf(error) }, 'an exchange did not complete')
          return false
        },
      )
      .finally(() => underWay.delete(member))
    underWay.set(member, exchange)
    return exchange
  }

  const exchangeWithAny = (): void => {
    const members = bus.reachable()
    const member = members[Math.floor(Math.random() * members.length)]
    if (member !== undefined) void exchangeWith(member)
  }

  return {
    start: async (interval, discoveryWindow) => {
      const unwatch = bus.on('member:linked', ({ member }) => void exchangeWith(member.id))
      const timer = setInterval(exchangeWithAny, interval)
      const window = setTimeout(() => {
        if (bus.reachable().length === 0) resolveFirst()
        else exchangeWithAny()
      }, discoveryWindow)
      signal.addEventListener('abort', () => {
        unwatch()
        clearInterval(timer)
        clearTimeout(window)
        resolveFirst()
      })
      for (const member of bus.reachable()) void exchangeWith(member)
      await firstDone
    },
    answer: async (bytes, { from }) => {
      const response = await answerRequest(context, decodeRequest(bytes), from, exchangeWith)
      return encodeResponse(response)
    },
  }
}

const answerRequest = async (
  context: ExchangeContext,
  request: Request,
  from: string,
  exchangeWith: (member: string) => Promise<boolean>,
): Promise<Response> => {
  const { doc, digest, inbox, traffic } = context
  switch (request.type) {
    case 'store':
      await inbox.take(request.update, from)
      // Something sent before is missing here: it counts as stored only with all that it builds on.
      if (inbox.hasGap()) await exchangeWith(from)
      return { type: 'stored' }
    case 'give':
      await inbox.take(request.update, from)
      return { type: 'taken', vector: vectorOf(doc) }
    case 'compare': {
      if (request.digest === digest.value()) return { type: 'equal' }
      const { update, last } = nextSlice(doc, request.vector, limits.slice)
      traffic.bytesOut += update.length
      return { type: 'slice', last, vector: vectorOf(doc), update }
    }
  }
}

const exchangeOnce = async (context: ExchangeContext, member: string): Promise<void> => {
  const theirs = await pull(context, member)
  if (theirs !== undefined) await push(context, member, theirs)
}

/** Takes what this node lacks; resolves with the member's state vector, or with nothing if both are equal. */
const pull = async (
  context: ExchangeContext,
  member: string,
): Promise<ReadonlyMap<number, number> | undefined> => {
  const { doc, digest, inbox } = context
  for (let slice = 0; slice < limits.slices; slice += 1) {
    const response = await ask(context, member, {
      type: 'compare',
      digest: digest.value(),
      vector: vectorOf(doc),
    })
    if (response.type === 'equal') return undefined
    if (response.type !== 'slice') throw new Error(`answered a comparison with ${response.type}`)
    await inbox.take(response.update, member)
    if (response.last) return response.vector
  }
  throw new Error(`no end after ${limits.slices} slices`)
}

/** Gives what the member lacks. */
const push = async (
  context: ExchangeContext,
  member: string,
  theirs: ReadonlyMap<number, number>,
): Promise<void> => {
  let vector = theirs
  for (let slice = 0; slice < limits.slices; slice += 1) {
    const { update, last } = nextSlice(context.doc, vector, limits.slice)
    if (last && isEmpty(update)) return
    context.traffic.bytesOut += update.length
    const response = await ask(context, member, { type: 'give', update })
    if (response.type !== 'taken') throw new Error(`answered a gift with ${response.type}`)
    if (last) return
    vector = response.vector
  }
  throw new Error(`no end after ${limits.slices} slices`)
}

/** No structs and no deletes: two zeros. */
const isEmpty = (update: Uint8Array): boolean => update.length === 2

const ask = async (
  { bus, name, signal }: ExchangeContext,
  member: string,
  request: Request,
): Promise<Response> => {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(limits.requestTimeout)])
  return decodeResponse(
    await bus.request(member, `replica/${name}`, encodeRequest(request), { signal: patience }),
  )
}
