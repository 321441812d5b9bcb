import Koa from 'koa'
import { expect, test } from 'vitest'
import { antiForgeryToken } from '../guards/anti-forgery-token.ts'
import { authentication } from '../guards/authentication.ts'
import { requireUser } from '../guards/require-user.ts'
import type { AuditEvent } from '../audit-event.ts'
import { browser, type Browser } from '../testing/browser.ts'
import { listen, testSecret, useRoutes } from '../testing/auth-app.ts'
import { mapAccounts, registerError } from '../testing/map-accounts.ts'
import { endSession, openSession } from './open-session.ts'
import { deriveSessionKeys } from './session-keys.ts'
import { memoryLedger, type SessionLedger } from './session-ledger.ts'
import { sessions } from './sessions.ts'

interface Site {
  readonly url: string
  readonly ledger: Required<SessionLedger>
  readonly accounts: ReturnType<typeof mapAccounts>
  readonly audited: AuditEvent[]
  readonly errors: unknown[]
}

/** Where people come in by a proof of another kind; `?id=` stands for it. */
const site = async (change: Partial<SessionLedger> = {}): Promise<Site> => {
  const app = new Koa()
  const [ledger, accounts] = [{ ...memoryLedger(), ...change }, mapAccounts()]
  const [audited, errors]: [AuditEvent[], unknown[]] = [[], []]
  app.on('error', (error) => errors.push(error))
  accounts.put('ann', {})
  accounts.put('bob', {})
  accounts.put('eve', { disabled: true })
  app.use(sessions(app, { keys: deriveSessionKeys([testSecret]), mode: 'development' }))
  app.use(authentication({ accounts, ledger, onAudit: (event) => audited.push(event) }))
  useRoutes(app, {
    'GET /callback': async (ctx) =>
      ctx.redirect((await openSession(ctx, String(ctx.query['id']))) ?? '/home'),
    'GET /out': async (ctx) => {
      await endSession(ctx)
      ctx.body = 'out'
    },
    'GET /form': (ctx) => void (ctx.body = antiForgeryToken(ctx)),
  })
  app.use(requireUser())
  app.use((ctx) => void (ctx.body = ctx.state.user?.id))
  return { url: await listen(app), ledger, accounts, audited, errors }
}

const cookieOf = (visitor: Browser): string | undefined => visitor.cookies.get('grapevine')

test('openSession logs in by account id, in a session of its own, and gives back the path that was asked for', async () => {
  const { url, audited } = await site()
  const visitor = browser(url)
  await visitor.get('/photos?page=3')
  const planted = cookieOf(visitor)
  expect((await visitor.get('/callback?id=ann')).location).toBe('/photos?page=3')
  expect(cookieOf(visitor)).not.toBe(planted)
  expect((await visitor.get('/home')).text).toBe('ann')
  expect(audited).toMatchObject([{ type: 'logged-in', userId: 'ann' }])
})

test('openSession ends the session of whoever was logged in here before', async () => {
  const { url } = await site()
  const visitor = browser(url)
  await visitor.get('/callback?id=ann')
  const copy = browser(url, visitor.cookies)
  await visitor.get('/callback?id=bob')
  expect([(await visitor.get('/home')).text, (await copy.get('/home')).status]).toEqual(['bob', 302])
})

test.each(['nobody', 'eve'])(
  'openSession lets in neither whom there is not, nor who is disabled: %s',
  async (id) => {
    const { url, errors } = await site()
    const visitor = browser(url)
    expect((await visitor.get(`/callback?id=${id}`)).status).toBe(500)
    expect(errors).toMatchObject([{ code: 'UNKNOWN_USER' }])
    expect((await visitor.get('/home')).status).toBe(302)
  },
)

test('endSession ends every copy of the cookie, and does nothing for who is logged out', async () => {
  const { url } = await site()
  const visitor = browser(url)
  await visitor.get('/callback?id=ann')
  const copy = browser(url, visitor.cookies)
  expect((await visitor.get('/out')).text).toBe('out')
  expect((await visitor.get('/out')).text).toBe('out')
  expect((await copy.get('/home')).status).toBe(302)
})

test('an end that cannot be recorded rejects, and the person stays logged in', async () => {
  const { url, errors } = await site({
    end: () => Promise.reject(registerError('UNAVAILABLE', 'no majority')),
  })
  const visitor = browser(url)
  await visitor.get('/callback?id=ann')
  expect((await visitor.get('/out')).status).toBe(500)
  expect(errors).toMatchObject([{ code: 'UNAVAILABLE' }])
  expect((await visitor.get('/home')).text).toBe('ann')
})

test('below the floor of the ledger a session is refused, and no log-in is issued there: it opens at once', async () => {
  let floor = 0
  const { url } = await site({ floor: () => floor })
  const visitor = browser(url)
  await visitor.get('/callback?id=ann')
  floor = Date.now() + 15 * 24 * 60 * 60_000
  expect((await visitor.get('/home')).status).toBe(302)
  await visitor.get('/callback?id=ann')
  expect((await visitor.get('/home')).text).toBe('ann')
})
