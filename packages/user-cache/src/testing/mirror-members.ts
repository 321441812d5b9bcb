/** One database, and members that follow it, each as far as it reaches it. */
import { systemClock } from '@grapevine/std'
import { expect, onTestFinished, vi } from 'vitest'
import { accountIdOf, type ExternalAccount } from '../commands/adoption.ts'
import { noon, type TestNode } from './kit.ts'
import { memoryDatabase, type MemoryDatabase } from './memory-database.ts'
import { mirrorDatabase, type DatabaseMirror } from '../database/mirror/mirror.ts'
import type { MirroredDatabase } from '../database/user-database.ts'
import type { MirrorEvent, MirrorOptions } from '../database/mirror/config.ts'
import type { PendingStore } from '../database/mirror/pending.ts'

const timings = { patience: 200, checkEvery: 3_600_000, verifyAfter: 30, doubtFor: 60, retryWithin: 20 }

export interface Shared {
  readonly database: MemoryDatabase
  isDown: boolean
}

export const sharedDatabase = (): Shared => ({ database: memoryDatabase(), isDown: false })

const refusing = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })

/** The one database, as a member reaches it. */
export const reached = (
  shared: Shared,
  isUnreachable: () => boolean = () => shared.isDown,
): MirroredDatabase => {
  const { database } = shared
  const unlessDown =
    <Given extends unknown[], T>(ask: (...given: Given) => Promise<T>) =>
    async (...given: Given): Promise<T> =>
      isUnreachable() ? Promise.reject(refusing) : ask(...given)
  return {
    keepsDisabled: true,
    async *load(options) {
      if (isUnreachable()) throw refusing
      yield* database.load(options)
    },
    insert: unlessDown(database.insert),
    read: unlessDown(database.read),
    save: unlessDown(database.save),
    remove: unlessDown(database.remove),
  }
}

export const memoryStore = (kept: string[] = []): PendingStore & { readonly kept: string[] } => ({
  kept,
  load: async () => [...kept],
  add: async (id) => void kept.push(id),
  replace: async (ids) => void kept.splice(0, kept.length, ...ids),
})

export interface Member {
  readonly node: TestNode
  readonly mirror: DatabaseMirror
  readonly events: MirrorEvent[]
}

/** Until the test is over. */
export const follow = async (
  node: TestNode,
  shared: Shared,
  options: Partial<MirrorOptions> = {},
): Promise<Member> => {
  const events: MirrorEvent[] = []
  const mirror = await mirrorDatabase({
    users: node.users,
    facts: node.facts,
    database: reached(shared),
    write: (change) => node.users.transact(change),
    store: memoryStore(),
    clock: systemClock,
    now: () => noon,
    randomBytes: (n) => crypto.getRandomValues(new Uint8Array(n)),
    speaksForAll: () => true,
    onEvent: (event) => events.push(event),
    timings,
    ...options,
  })
  onTestFinished(() => mirror.stop())
  return { node, mirror, events }
}

export const soon = (expectation: () => void): Promise<void> =>
  vi.waitFor(expectation, { timeout: 10_000, interval: 5 })

export const loaded = (member: Member): Promise<void> =>
  soon(() => expect(member.mirror.status()).toMatchObject({ state: 'up', isLoaded: true, pending: 0 }))

export const rowOf = ({ database }: Shared, id: string): ExternalAccount | undefined =>
  database.accounts.find((row) => accountIdOf(row.id) === id)
