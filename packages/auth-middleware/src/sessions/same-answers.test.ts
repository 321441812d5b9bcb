import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deriveSessionKeys } from './session-keys.ts'
import { memoryLedger } from './session-ledger.ts'
import { sessions } from './sessions.ts'
import { browser, type Answer, type Browser } from '../testing/browser.ts'
import { authApp, rightPassword, testSecret, type AuthApp } from '../testing/auth-app.ts'
import { koaSessionAlone } from '../testing/koa-session-alone.ts'
import { mapAccounts } from '../testing/map-accounts.ts'
import { memoryAttempts } from '../throttle/memory-attempts.ts'

const minute = 60_000
const hour = 60 * minute
const startTime = 1_800_000_000_000
const newer = 'a newer secret of the cluster'
/** What the nodes of a cluster hold, one after the other, while its secret is rotated; the last is a stranger. */
const sessionKeys = [
  [testSecret],
  [testSecret, newer],
  [newer, testSecret],
  [newer],
  ['a secret of somebody else'],
].map(deriveSessionKeys)
const cookieNames = ['ann', 'bob'] as const

/** Nodes of one cluster in different stages of a rotation, and browsers that go from one to another. */
interface World {
  readonly nodes: readonly AuthApp[]
  readonly browsers: readonly Browser[]
  pass(ms: number): void
}

const world = async (middleware: typeof sessions): Promise<World> => {
  let time = startTime
  let drawn = 0
  const now = (): number => time
  const random = (bytes: number): Buffer => {
    drawn += 1
    return createHash('sha256').update(String(drawn)).digest().subarray(0, bytes)
  }
  let epochs = 0
  const accounts = mapAccounts({ newEpoch: () => `epoch ${(epochs += 1)}` })
  const shared = { middleware, accounts, ledger: memoryLedger({ now }), attempts: memoryAttempts({ now }) }
  const settings = { now, random, verifiedCookies: 3 }
  const nodes = await Promise.all(sessionKeys.map((keys) => authApp({ ...shared, keys, sessions: settings })))
  const [first] = nodes
  for (const username of cookieNames) {
    await first?.visitor().submit('/signup', { username, password: rightPassword })
    accounts.put(username, { sessionEpoch: 'first' })
  }
  const browsers = Array.from({ length: 3 }, () => browser(first?.url ?? ''))
  for (const [index, username] of cookieNames.entries()) {
    await browsers[index]?.submit('/', { username, password: rightPassword })
  }
  return { nodes, browsers, pass: (ms) => void (time += ms) }
}

type Step =
  | { readonly type: 'get'; readonly path: string }
  | { readonly type: 'log in'; readonly name: string; readonly password: string }
  | { readonly type: 'submit'; readonly action: string; readonly fields: Record<string, string> }
  | { readonly type: 'pass'; readonly ms: number }
  | { readonly type: 'alter'; readonly cookie: string; readonly at: number; readonly to: string }
  | { readonly type: 'lose' | 'quote'; readonly cookie: string }
  | { readonly type: 'steal'; readonly from: number }
  | { readonly type: 'revoke' | 'disable' | 'enable'; readonly name: string }

interface Move {
  readonly node: number
  readonly browser: number
  readonly step: Step
}

const cookie = fc.constantFrom('grapevine', 'grapevine.sig')
const name = fc.constantFrom(...cookieNames)
const get = fc.record({
  type: fc.constant('get' as const),
  path: fc.constantFrom('/home', '/home', '/home', '/', '/other'),
})
const logIn = fc.record({
  type: fc.constant('log in' as const),
  name,
  password: fc.constantFrom(rightPassword, rightPassword, 'wrong password'),
})
const submit = fc.constantFrom<Step>(
  { type: 'submit', action: '/logout', fields: {} },
  { type: 'submit', action: '/password', fields: { password: rightPassword, newPassword: rightPassword } },
  { type: 'submit', action: '/end-sessions', fields: { password: rightPassword } },
)
const pass = fc.record({
  type: fc.constant('pass' as const),
  ms: fc.oneof({ weight: 6, arbitrary: fc.nat(2 * minute) }, fc.nat(30 * hour), fc.constant(-hour)),
})
const mishap = fc.oneof(
  fc.record({
    type: fc.constant('alter' as const),
    cookie,
    at: fc.nat(300),
    to: fc.constantFrom('A', 'z', '"', 'é'),
  }),
  fc.record({ type: fc.constantFrom('lose' as const, 'quote' as const), cookie }),
  fc.record({ type: fc.constant('steal' as const), from: fc.nat(2) }),
  fc.record({ type: fc.constantFrom('revoke' as const, 'disable' as const, 'enable' as const), name }),
)
const step = fc.oneof(
  { weight: 8, arbitrary: get },
  { weight: 4, arbitrary: logIn },
  { weight: 2, arbitrary: submit },
  { weight: 2, arbitrary: pass },
  { weight: 2, arbitrary: mishap },
)
const move: fc.Arbitrary<Move> = fc.record({
  node: fc.oneof(
    { weight: 5, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.nat(sessionKeys.length - 1) },
  ),
  browser: fc.nat(2),
  step,
})

/** Everything of the answer that a browser sees; `undefined` where none was asked for. */
const play = async (world: World, { node, browser: who, step }: Move): Promise<unknown> => {
  const [here, visitor] = [world.nodes[node], world.browsers[who]]
  if (here === undefined || visitor === undefined) throw new Error('no such node or browser')
  befall(world, here, visitor.cookies, step)
  const surfer = browser(here.url, visitor.cookies)
  const answer = await ask(surfer, step)
  visitor.cookies.clear()
  for (const [key, value] of surfer.cookies) visitor.cookies.set(key, value)
  return answer && seen(answer)
}

const ask = async ({ get, submit }: Browser, step: Step): Promise<Answer | undefined> => {
  switch (step.type) {
    case 'get':
      return get(step.path)
    case 'log in':
      return submit('/', { username: step.name, password: step.password })
    case 'submit':
      return submit('/', step.fields, step.action)
    default:
      return undefined
  }
}

const befall = (world: World, { accounts }: AuthApp, cookies: Map<string, string>, step: Step): void => {
  switch (step.type) {
    case 'pass':
      world.pass(step.ms)
      break
    case 'alter': {
      const value = cookies.get(step.cookie) ?? ''
      cookies.set(step.cookie, value.slice(0, step.at) + step.to + value.slice(step.at + 1))
      break
    }
    case 'lose':
      cookies.delete(step.cookie)
      break
    case 'quote':
      cookies.set(step.cookie, `"${cookies.get(step.cookie) ?? ''}"`)
      break
    case 'steal':
      for (const [key, value] of world.browsers[step.from]?.cookies ?? []) cookies.set(key, value)
      break
    case 'revoke':
      accounts.put(step.name, { sessionEpoch: `${accounts.get(step.name)?.sessionEpoch} again` })
      break
    case 'disable':
    case 'enable':
      accounts.put(step.name, { disabled: step.type === 'disable' })
      break
    default:
  }
}

/** But for times that come from the clock of the machine. */
const seen = ({ status, headers, setCookies, text }: Answer): unknown => {
  const shown = [...headers].filter(([key]) => !['date', 'set-cookie'].includes(key))
  const cookies = setCookies.map((line) =>
    line.replace(/expires=([^;]+)/, (_, date: string) => (Date.parse(date) > Date.now() ? 'later' : 'gone')),
  )
  return { status, headers: shown, cookies, text }
}

test('sessions() gives the same answers and sets the same cookies as koa-session alone would', async () => {
  let opened = 0
  await fc.assert(
    fc.asyncProperty(fc.array(move, { minLength: 1, maxLength: 40, size: 'max' }), async (moves) => {
      const [short, long] = [await world(sessions), await world(koaSessionAlone)]
      for (const [at, next] of moves.entries()) {
        const answer = await play(short, next)
        expect(answer, `move ${at}: ${JSON.stringify(next)}`).toEqual(await play(long, next))
        if (JSON.stringify(answer)?.includes('hello ')) opened += 1
      }
    }),
    { numRuns: 30 },
  )
  expect(opened).toBeGreaterThan(0)
}, 120_000)
