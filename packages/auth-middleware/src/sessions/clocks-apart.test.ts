/** Sessions of a cluster whose clocks are years apart and step while it runs: nobody is let in again, nobody is locked out. */
import { randomBytes } from 'node:crypto'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Account } from '../account.ts'
import { sessionLifetimes, type IsLive } from './session-lifetimes.ts'
import { accountOf } from './login-session.ts'
import { memoryLedger, type SessionLedger } from './session-ledger.ts'
import { newSession, touched, type Session } from './session.ts'

const minute = 60_000
const day = 24 * 60 * minute
const year = 365 * day
const lives = { absoluteLifeMs: 7 * day, idleLifeMs: day, clockSkewMs: 5 * minute }
const signal = new AbortController().signal
const start = 1_780_000_000_000

interface Node {
  offset: number
  readonly isLive: IsLive
}

/** A cluster with one account, whose records are everywhere at once: only the clocks differ. */
interface Cluster {
  readonly nodes: readonly Node[]
  readonly ledger: SessionLedger
  account: Account
  /** Passes alike for all. */
  readonly time: { passed: number }
}

const cluster = (offsets: readonly number[]): Cluster => {
  const time = { passed: start }
  const monotonic = (): number => time.passed
  const nodes = offsets.map((offset): Node => ({ offset, isLive: sessionLifetimes({ ...lives, monotonic }) }))
  const account = { id: 'ann', username: 'ann', passwordHash: '', sessionEpoch: '0', disabled: false }
  // Whichever node sweeps, it is by its own clock.
  const ledger = memoryLedger({ now: () => time.passed + (nodes[0]?.offset ?? 0) })
  return { nodes, ledger, account, time }
}

const nowOf = ({ time }: Cluster, { offset }: Node): number => Math.max(0, time.passed + offset)

const logIn = (at: Cluster, node: Node): Session => {
  const issuedAt = Math.max(nowOf(at, node), at.ledger.floor?.() ?? 0)
  return newSession({ issuedAt, userId: 'ann', epoch: at.account.sessionEpoch }, randomBytes)
}

/** What a page says to a cookie; the browser's copy is renewed as `sessions()` does it. */
const visit = (at: Cluster, node: Node, session: Session): Session | undefined => {
  const now = nowOf(at, node)
  if (!node.isLive(session, now)) return undefined
  const account = accountOf(session, { get: () => at.account }, at.ledger)
  return account === undefined ? undefined : touched(session, now, minute)
}

type Step =
  | { readonly type: 'pass'; readonly ms: number }
  | { readonly type: 'step clock'; readonly node: number; readonly offset: number }
  | {
      readonly type: 'log in' | 'log out' | 'visit' | 'end all'
      readonly node: number
      readonly pick: number
    }

const offset = fc.oneof(
  fc.constant(0),
  fc.integer({ min: -20 * minute, max: 20 * minute }),
  fc.integer({ min: -20 * day, max: 20 * day }),
  fc.integer({ min: -56 * year, max: 80 * year }),
)
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ type: fc.constant('pass' as const), ms: fc.oneof(fc.nat(10 * minute), fc.nat(9 * day)) }),
  fc.record({ type: fc.constant('step clock' as const), node: fc.nat(2), offset }),
  fc.record({
    type: fc.constantFrom('log in', 'log in', 'visit', 'visit', 'log out', 'end all'),
    node: fc.nat(2),
    pick: fc.nat(50),
  }),
)

const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const parameters = { seed, numRuns: 2_000 }

test(`no ended session is valid again, and no right password is refused, whatever the clocks (SEED=${seed})`, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(offset, { minLength: 3, maxLength: 3 }),
      fc.array(step, { maxLength: 60 }),
      run,
    ),
    parameters,
  )
})

const run = async (offsets: readonly number[], steps: readonly Step[]): Promise<void> => {
  const here = cluster(offsets)
  const open: Session[] = []
  const ended: Session[] = []
  for (const step of steps) {
    await play(here, step, open, ended)
    // Copies of the cookies of all sessions that were ever ended, tried on every node.
    for (const node of here.nodes) {
      for (const copy of ended) expect(visit(here, node, copy)).toBeUndefined()
    }
  }
}

const play = async (here: Cluster, step: Step, open: Session[], ended: Session[]): Promise<void> => {
  if (step.type === 'pass') return void (here.time.passed += step.ms)
  const node = here.nodes[step.node]
  if (node === undefined) return
  if (step.type === 'step clock') return void (node.offset = step.offset)
  const index = step.pick % Math.max(1, open.length)
  const session = open[index]
  if (step.type === 'log in') {
    const fresh = logIn(here, node)
    expect(visit(here, node, fresh)).toBeDefined()
    // Nor is it refused by another node whose clock is behind: for being of the future alone nothing is.
    for (const other of here.nodes) {
      if (nowOf(here, other) <= fresh.issuedAt) expect(visit(here, other, fresh)).toBeDefined()
    }
    open.push(fresh)
  } else if (step.type === 'end all') {
    here.account = { ...here.account, sessionEpoch: `${Number(here.account.sessionEpoch) + 1}` }
    ended.push(...open.splice(0))
  } else if (session !== undefined && step.type === 'visit') {
    open[index] = visit(here, node, session) ?? session
  } else if (session !== undefined) {
    const validUntil = session.issuedAt + lives.absoluteLifeMs
    await here.ledger.end(session.id, { issuedAt: session.issuedAt, validUntil, signal })
    ended.push(...open.splice(index, 1))
  }
}

test(`every node ends a session after its absolute life, counted from when it first saw it at the latest, within the skew (SEED=${seed})`, () => {
  fc.assert(
    fc.property(offset, offset, fc.nat(20), (issuer, judge, restsPerLife) => {
      const here = cluster([issuer, judge])
      const [one, two] = here.nodes
      if (one === undefined || two === undefined) return
      let session = logIn(here, one)
      const every = Math.floor(lives.absoluteLifeMs / (restsPerLife + 8))
      for (let passed = 0; passed < lives.absoluteLifeMs; passed += every) {
        session = visit(here, two, session) ?? session
        here.time.passed += every
      }
      here.time.passed += lives.clockSkewMs
      expect(visit(here, two, session)).toBeUndefined()
    }),
    parameters,
  )
})

test('a session of another epoch of the ledger is over, whichever is the newer', () => {
  const here = cluster([0])
  const [node] = here.nodes
  if (node === undefined) throw new Error('unreachable')
  const epochs: readonly (string | undefined)[] = [undefined, 'one', 'two']
  for (const issuedIn of epochs) {
    const session = {
      ...logIn(here, node),
      ...(issuedIn === undefined ? {} : { clusterEpoch: issuedIn }),
    }
    for (const epoch of epochs) {
      const ledger = { ...here.ledger, epoch: () => epoch }
      const account = accountOf(session, { get: () => here.account }, ledger)
      expect(account === undefined, `issued in ${issuedIn}, judged in ${epoch}`).toBe(issuedIn !== epoch)
    }
  }
})
