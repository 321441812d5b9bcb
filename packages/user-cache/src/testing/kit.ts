/** A small vocabulary for the tests: nodes with a clock and ids of their own, and ways to merge them. */
import { createHash } from 'node:crypto'
import { createFactSet, factOf, type Fact as HeldFact, type FactSet } from '@grapevine/facts'
import * as Y from 'yjs'
import { encodeStamp, nodeTag, type Stamp } from '../clock/stamp.ts'
import { createUserCache, type UserCache } from '../user-cache.ts'

export interface TestNode {
  readonly facts: FactSet
  readonly doc: Y.Doc
  readonly users: UserCache
  /** Ms since 1970 by this node's clock; settable. */
  clock: number
}

export const noon: number = Date.UTC(2026, 0, 1, 12)

export const emptySet = (): FactSet => createFactSet({ doc: new Y.Doc(), root: 'users' })

export const startNode = (
  nodeId: string,
  { clock, changesPerLife = 10_000 }: { clock?: number; changesPerLife?: number } = {},
): TestNode => {
  const wall = { clock: clock ?? noon }
  const facts = emptySet()
  const users = createUserCache({
    facts,
    nodeId,
    now: () => wall.clock,
    randomBytes: bytesFrom(nodeId),
    changesPerMinute: 100_000,
    changesPerLife,
  })
  return Object.assign(wall, { facts, doc: facts.doc, users })
}

/** A well-formed hash that stands for the given password. */
export const hashOf = (password: string): string =>
  `$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$${Buffer.from(password).toString('base64').replaceAll('=', '')}`

/** As a replica does it: what the other lacks is told, erasures first. */
export const pull = (into: TestNode, from: TestNode): void => {
  into.facts.insert(allOf(from.facts))
}

/** All that a set holds, erasures first. */
export const allOf = (facts: FactSet): HeldFact[] =>
  [facts.erasures, facts.facts].flatMap((section) =>
    [...section.keys()].flatMap((key) => facts.fact(key) ?? []),
  )

export const heal = (...nodes: readonly TestNode[]): void => {
  for (const into of nodes) for (const from of nodes) if (into !== from) pull(into, from)
}

/** Inserts whatever text as a fact of a user, as another member can. @returns its hash */
export const smuggle = (node: TestNode, user: string, said: unknown): string => {
  const text = typeof said === 'string' ? said : JSON.stringify(said)
  const [key = ''] = node.facts.insert([factOf(user, text)])
  return key.slice(user.length + 2)
}

/** What every fact says, besides what its kind needs. */
export interface Said {
  readonly kind: string
  readonly at: Stamp
  readonly salt: string
  readonly after: readonly string[]
}

export const said = (kind: string, { at = stampAt(noon), after = [] }: Partial<Said> = {}): Said => {
  salts += 1
  return { kind, at, salt: testId(`salt ${salts}`), after }
}

let salts = 0

export const stampAt = (ms: number, counter = 0): Stamp => encodeStamp({ ms, counter }, nodeTag('elsewhere'))

export const testId = (label: string): string => bytesOf(label).toString('base64url')

const bytesFrom = (seed: string): (() => Uint8Array) => {
  let count = 0
  return () => bytesOf(`${seed}#${count++}`)
}

const bytesOf = (label: string): Buffer => createHash('sha256').update(label).digest().subarray(0, 16)
