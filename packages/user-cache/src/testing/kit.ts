/** A small vocabulary for the tests: nodes with a clock and ids of their own, and ways to merge them. */
import { createHash } from 'node:crypto'
import { judgeUpdate } from '@grapevine/replica/contract'
import { codeOf, reasonOf } from '@grapevine/std'
import { expect } from 'vitest'
import * as Y from 'yjs'
import type { Verdict } from '../guard/policy.ts'
import { createUserCache } from '../user-cache.ts'
import type { UserCache } from '../user-cache.ts'

export interface TestNode {
  readonly doc: Y.Doc
  readonly users: UserCache
  /** Ms since 1970 by this node's clock; settable. */
  clock: number
}

export const noon: number = Date.UTC(2026, 0, 1, 12)

export const startNode = (nodeId: string, { clock }: { clock?: number } = {}): TestNode => {
  const wall = { clock: clock ?? noon }
  const doc = new Y.Doc()
  const users = createUserCache({ doc, nodeId, now: () => wall.clock, randomBytes: bytesFrom(nodeId) })
  return Object.assign(wall, { doc, users })
}

/** A well-formed hash that stands for the given password. */
export const hashOf = (password: string): string =>
  `$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$${Buffer.from(password).toString('base64').replaceAll('=', '')}`

/** As a replica does it: judged first. What an honest node has written is never refused. */
export const pull = (into: TestNode, from: TestNode): void => {
  const update = Y.encodeStateAsUpdate(from.doc, Y.encodeStateVector(into.doc))
  expect(judge(into, update)).toEqual({ verdict: 'accept' })
  Y.applyUpdate(into.doc, update)
}

/** By the guard that ships with a replica. What has a gap is not applied either. */
export const judge = ({ users, doc }: TestNode, update: Uint8Array): Verdict => {
  try {
    const found = judgeUpdate(doc, update, users.policy)
    return found === 'apply' ? { verdict: 'accept' } : { verdict: 'refuse', reason: 'a gap' }
  } catch (error) {
    if (codeOf(error) !== 'REFUSED_UPDATE') throw error
    return { verdict: 'refuse', reason: reasonOf(error) }
  }
}

export const heal = (...nodes: readonly TestNode[]): void => {
  for (const into of nodes) for (const from of nodes) if (into !== from) pull(into, from)
}

/** Inserts a value as an unguarded peer could. */
export const smuggle = (node: TestNode, key: string, value: unknown): void => {
  const peer = new Y.Doc()
  peer.getMap('users').set(key, value)
  Y.applyUpdate(node.doc, Y.encodeStateAsUpdate(peer))
}

export const testId = (label: string): string => bytesOf(label).toString('base64url')

const bytesFrom = (seed: string): (() => Uint8Array) => {
  let count = 0
  return () => bytesOf(`${seed}#${count++}`)
}

const bytesOf = (label: string): Buffer => createHash('sha256').update(label).digest().subarray(0, 16)
