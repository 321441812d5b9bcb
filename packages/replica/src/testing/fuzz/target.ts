import { createFactSet, factOf } from '@grapevine/facts'
import * as Y from 'yjs'
import { replicateFacts, type FactsReplica } from '../../facts/replicate-facts.ts'
import type { Bus, BusTopic, RequestHandler } from '../../bus.ts'

/** One real member, with a bus whose other end is the fuzzer. */
export interface Target {
  readonly replica: FactsReplica
  /** @throws what the handler throws */
  ask(frame: Uint8Array, from: string): Promise<Uint8Array>
  gossip(frame: Uint8Array, from: string): void
  /** Links a member whose answers are these, and waits until the exchange with it has ended. */
  meet(member: string, answers: () => Uint8Array): void
  part(): void
}

export const createTarget = async (): Promise<Target> => {
  let handler: RequestHandler = () => Promise.reject(new Error('not started'))
  let listener: Parameters<BusTopic['subscribe']>[0] = () => undefined
  let isGood: Parameters<NonNullable<BusTopic['validate']>>[0] = () => true
  let met: { readonly member: string; readonly answers: () => Uint8Array } | undefined
  const listeners = new Map<string, Set<Parameters<Bus['on']>[1]>>()
  const tell = (type: string, id: string): void => {
    for (const each of listeners.get(type) ?? []) each({ member: { id } })
  }
  const bus: Bus = {
    self: { id: 'target' },
    reachable: () => (met === undefined ? [] : [met.member]),
    topic: () => ({
      publish: async () => undefined,
      subscribe: (given) => {
        listener = given
        return () => undefined
      },
      validate: (given) => {
        isGood = given
        return () => undefined
      },
    }),
    request: async () => {
      await new Promise((resolve) => setImmediate(resolve))
      return met?.answers() ?? Promise.reject(new Error('gone'))
    },
    handle: async (_, given) => {
      handler = given
      return () => undefined
    },
    on: (type, each) => {
      listeners.set(type, (listeners.get(type) ?? new Set()).add(each))
      return () => void listeners.get(type)?.delete(each)
    },
  }
  const set = createFactSet({ doc: new Y.Doc(), root: 'facts' })
  set.insert(Array.from({ length: 3_000 }, (_, index) => factOf(`held-${index % 50}`, `fact ${index}`)))
  const replica = await replicateFacts(set, bus, { name: 'facts' })
  return {
    replica,
    ask: (frame, from) => handler(frame, { from }),
    gossip: (frame, from) => {
      if (isGood(frame, { from })) listener(frame, { from })
    },
    meet: (member, answers) => {
      met = { member, answers }
      tell('member:linked', member)
    },
    part: () => {
      if (met === undefined) return
      const { member } = met
      met = undefined
      tell('member:unlinked', member)
    },
  }
}
