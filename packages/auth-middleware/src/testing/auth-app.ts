import { once } from 'node:events'
import { bodyParser } from '@koa/bodyparser'
import type Keygrip from 'keygrip'
import Koa from 'koa'
import { onTestFinished } from 'vitest'
import { antiForgery, type AntiForgeryOptions } from '../guards/anti-forgery.ts'
import type { AuditEvent } from '../audit-event.ts'
import { authentication, twinOf } from '../guards/authentication.ts'
import { changePassword } from '../forms/change-password.ts'
import type { SessionsOptions } from '../config.ts'
import { memoryDevices, type DeviceDirectory } from '../devices/device-directory.ts'
import type { AccountHistory } from '../devices/account-history.ts'
import { accountNews, dismissNews, ownDevices } from '../devices/own-devices.ts'
import { endDevice } from '../forms/end-device.ts'
import { eraseAccount } from '../forms/erase-account.ts'
import { endOtherSessions } from '../forms/end-other-sessions.ts'
import { form, type View } from '../forms/form.ts'
import { login, type LoginPace } from '../forms/login.ts'
import { logout } from '../forms/logout.ts'
import { passwordHasher, type PasswordHasher } from '../passwords/password-hasher.ts'
import { requireUser } from '../guards/require-user.ts'
import { deriveSessionKeys } from '../sessions/session-keys.ts'
import { memoryLedger, type SessionLedger } from '../sessions/session-ledger.ts'
import { rename } from '../forms/rename.ts'
import { sessions } from '../sessions/sessions.ts'
import { signUp } from '../forms/sign-up.ts'
import type { AttemptLimiter } from '../throttle/attempt-limiter.ts'
import { memoryAttempts } from '../throttle/memory-attempts.ts'
import { browser, type Browser } from './browser.ts'
import { mapAccounts, type MapAccounts } from './map-accounts.ts'

export const testSecret = 'a secret for the tests, long enough'
export const rightPassword = 'correct horse'

export const cheapHasher = (): PasswordHasher => passwordHasher({ memoryKiB: 8, passes: 1, concurrency: 2 })

export const view: View = (ctx, { page, username, error, csrfToken }) => {
  ctx.type = 'html'
  ctx.body = `page:${page} username:${username} error:${error ?? 'none'} csrf:${csrfToken}`
}

export interface AuthAppOptions {
  readonly sessions?: Partial<SessionsOptions>
  /** In the place of `sessions()`. */
  readonly middleware?: typeof sessions
  readonly accounts?: MapAccounts
  readonly ledger?: SessionLedger
  readonly hasher?: PasswordHasher
  readonly antiForgery?: AntiForgeryOptions
  readonly keys?: Keygrip
  readonly timeoutMs?: number
  readonly pace?: LoginPace
  readonly attempts?: AttemptLimiter
  readonly devices?: DeviceDirectory
  readonly history?: AccountHistory
  readonly onAudit?: (event: AuditEvent) => void
}

export interface AuthApp {
  readonly url: string
  readonly app: Koa
  readonly accounts: MapAccounts
  readonly ledger: SessionLedger
  readonly audited: AuditEvent[]
  /** Errors that koa reported. */
  readonly errors: unknown[]
  /** Sets the clock of the sessions forward, in milliseconds. */
  readonly pass: (ms: number) => void
  readonly now: () => number
  /** A browser of its own, with no cookies. */
  readonly visitor: () => Browser
  /** A browser that has logged in, as an account with {@link rightPassword} that is made when it is not there. */
  readonly loggedIn: (username: string) => Promise<Browser>
}

/** An app with every page of this package, listening until the test is over. */
export const authApp = async (options: AuthAppOptions = {}): Promise<AuthApp> => {
  const app = new Koa()
  const errors: unknown[] = []
  app.on('error', (error) => errors.push(error))
  const accounts = options.accounts ?? mapAccounts()
  let time = Date.now()
  const now = (): number => time
  let elapsed = 0
  const monotonic = (): number => elapsed
  const ledger = options.ledger ?? memoryLedger({ now })
  const hasher = options.hasher ?? cheapHasher()
  const audited: AuditEvent[] = []
  const onAudit = options.onAudit ?? ((event: AuditEvent) => audited.push(event))
  const keys = options.keys ?? deriveSessionKeys([testSecret])
  const { timeoutMs = 5000, middleware = sessions, devices = memoryDevices(), history } = options

  app.use((ctx, next) => {
    ctx.set('X-Request-Id', 'request-1')
    return next()
  })
  app.use(middleware(app, { keys, mode: 'development', now, monotonic, ...options.sessions }))
  app.use(
    authentication({ accounts, ledger, onAudit, devices, ...(history === undefined ? {} : { history }) }),
  )
  app.use(bodyParser())
  app.use(antiForgery(options.antiForgery))
  const attempts = options.attempts ?? memoryAttempts({ now })
  const common = { accounts, hasher, view, timeoutMs }
  const shared = { ...common, attempts }
  useRoutes(app, {
    'GET /': form({ page: 'login', view }),
    'POST /': login({
      ...shared,
      ...(options.pace === undefined ? {} : { pace: options.pace }),
      defaultPath: '/home',
      renamePath: '/rename',
    }),
    'GET /signup': form({ page: 'signup', view }),
    'POST /signup': signUp(shared),
    'POST /logout': logout({ timeoutMs }),
    'GET /password': form({ page: 'password', view }),
    'POST /password': changePassword({ ...shared, path: '/home', contextWords: ['the site'] }),
    'GET /rename': form({ page: 'rename', view }),
    'POST /rename': rename({ ...shared, path: '/home' }),
    'POST /end-device': endDevice({ ...shared, path: '/home', loginPath: '/' }),
    'POST /erase': eraseAccount({ ...shared, path: '/?notice=erased' }),
    'POST /end-sessions': endOtherSessions({ ...shared, path: '/home' }),
  })
  app.use(requireUser())
  app.use((ctx) => {
    if (ctx.path === '/end-sessions') return // no page of its own
    if (ctx.path === '/devices')
      return void (ctx.body = { devices: ownDevices(ctx), news: accountNews(ctx), twin: twinOf(ctx) })
    if (ctx.path === '/dismiss') dismissNews(ctx)
    ctx.body = ctx.path === '/me' ? ctx.state.user : `hello ${ctx.state.user?.username}`
  })

  const url = await listen(app)
  return {
    url,
    app,
    accounts,
    ledger,
    audited,
    errors,
    now,
    pass(ms) {
      time += ms
      elapsed += Math.max(0, ms)
    },
    visitor: () => browser(url),
    async loggedIn(username) {
      const visitor = browser(url)
      const account = { username, password: rightPassword }
      if (accounts.claimants(username).length === 0) await visitor.submit('/signup', account)
      await visitor.submit('/', account)
      return visitor
    },
  }
}

/** Listens on a port of its own until the test is over. */
export const listen = async (app: Koa): Promise<string> => {
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening on a port')
  return `http://127.0.0.1:${address.port}`
}

export const useRoutes = (app: Koa, routes: Record<string, Koa.Middleware>): void => {
  app.use((ctx, next) => {
    const route = routes[`${ctx.method} ${ctx.path}`]
    return route === undefined ? next() : route(ctx, next)
  })
}
