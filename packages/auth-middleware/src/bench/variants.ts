import Koa from 'koa'
import { createSession } from 'koa-session'
import type { Account } from '../account.ts'
import { authentication, type SignedInUser } from '../guards/authentication.ts'
import { requireUser } from '../guards/require-user.ts'
import { deriveSessionKeys } from '../sessions/session-keys.ts'
import { memoryLedger } from '../sessions/session-ledger.ts'
import { sessionHandle } from '../sessions/session-handle.ts'
import { sessions } from '../sessions/sessions.ts'

const keys = deriveSessionKeys(['a secret for this benchmark'])

const greet: Koa.Middleware = (ctx) => {
  ctx.body = `hello ${ctx.state.user?.username}`
}

/** What any request costs, whoever it comes from. */
const alone = (): Koa => {
  const app = new Koa()
  const users = accounts()
  app.use(async (ctx, next) => {
    ctx.state.user = greeted(users.get('user-1'))
    return next()
  })
  app.use(greet)
  return app
}

/** As most apps do: the cookie is believed, the user is looked up. */
const koaSessionAlone = (): Koa => {
  const app = new Koa()
  const users = accounts()
  app.keys = keys
  app.use(createSession({ key: 'session', maxAge: 86_400_000, sameSite: 'lax' }, app))
  app.use(async (ctx, next) => {
    if (ctx.path === '/enter') {
      ctx.session.userId = String(ctx.query['user'])
      ctx.body = 'in'
      return
    }
    ctx.state.user = greeted(users.get(ctx.session.userId))
    if (ctx.state.user === undefined) ctx.throw(401)
    return next()
  })
  app.use(greet)
  return app
}

const middleware = (verifiedCookies: number): Koa => {
  const app = new Koa()
  const users = accounts()
  app.use(sessions(app, { keys, mode: 'development', verifiedCookies }))
  app.use(authentication({ accounts: { get: (id) => users.get(id) }, ledger: memoryLedger() }))
  app.use((ctx, next) => {
    if (ctx.path !== '/enter') return next()
    const handle = sessionHandle(ctx)
    handle.start({ issuedAt: handle.now(), userId: String(ctx.query['user']), epoch: 'epoch' })
    ctx.body = 'in'
    return undefined
  })
  app.use(requireUser())
  app.use(greet)
  return app
}

const greeted = (account: Account | undefined): SignedInUser | undefined =>
  account === undefined ? undefined : { id: account.id, username: account.username, claim: 'sole', roles: [] }

const accounts = (): ReadonlyMap<string, Account> => {
  const all = Array.from({ length: 10_000 }, (_, index): [string, Account] => {
    const id = `user-${index}`
    const account = { id, username: id, passwordHash: 'x'.repeat(97), sessionEpoch: '0', disabled: false }
    return [id, { ...account, sessionEpoch: 'epoch' }]
  })
  return new Map(all)
}

/** The same app, with its users known in other ways. `/enter?user=…` logs somebody in; `/` greets them. */
export const variants: Readonly<Record<string, () => Koa>> = {
  'koa alone': alone,
  'koa-session and a Map': koaSessionAlone,
  'this package': () => middleware(10_000),
  'this package, verifying each cookie': () => middleware(0),
}
