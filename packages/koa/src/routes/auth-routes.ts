import { Router } from '@koa/router'
import { form, login, logout, signUp, type View } from '@grapevine/auth-middleware'
import { createPace, type Pace } from '@grapevine/std'
import { accountRoutes } from './account-routes.ts'
import { deviceRoutes } from './device-routes.ts'
import { twinRoutes } from './twin-routes.ts'
import { textOf } from '../http/form-text.ts'
import type Koa from 'koa'
import type { Notice } from './notice-cookie.ts'
import type { AuthRouteParts } from './route-parts.ts'

/** Where people come in, go out, and see to their accounts. */
export const authRoutes = (parts: AuthRouteParts): Router => {
  const { hasher, site } = parts
  const { accounts, attempts } = parts.instance
  const router = new Router()
  const view = authView(parts)
  const common = { accounts, hasher, view, attempts }
  router.get('/', form({ page: 'login', view }))
  router.post(
    '/',
    login({
      ...common,
      pace: loginPace(parts.instance),
      defaultPath: site.home,
      renamePath: '/account/name',
    }),
  )
  router.get('/signup', form({ page: 'signup', view }))
  router.post('/signup', leaving(parts, signedUp), signUp({ accounts, hasher, view, attempts }))
  router.post('/logout', leaving(parts, loggedOut), logout({ problem: parts.problem }))
  router.get('/.well-known/change-password', (ctx) => ctx.redirect('/account/password'))
  router.use(deviceRoutes(parts).routes())
  router.use(twinRoutes(parts).routes())
  router.use(accountRoutes(parts).routes())
  return router
}

/** Log-ins of one account within a minute; and records of its log-ins and log-outs from which on it is one in ten minutes. */
export const mostLogins = { perMinute: 60, perLife: 2_000 } as const

const loginPace = ({ now, sessionRecordsOf }: AuthRouteParts['instance']): Pace =>
  createPace({ now, ...mostLogins, keptOf: sessionRecordsOf })

/** Leaves a notice for the page that a browser is sent to, if what was asked for was done. */
const leaving =
  ({ notices }: AuthRouteParts, noticeOf: (typed: string) => Notice): Koa.Middleware =>
  async (ctx, next) => {
    const typed = textOf(ctx, 'username', 256).trim()
    await next()
    if (ctx.status === 302) notices.leave(ctx, noticeOf(typed))
  }

const signedUp = (username: string): Notice => ({ what: 'signed-up', username })
/** Without the name: others may use this browser. */
const loggedOut = (): Notice => ({ what: 'logged-out' })

const noticeWords: Readonly<Record<Notice['what'], string>> = {
  'signed-up': 'You are signed up. Log in with the password that you chose.',
  'logged-out': 'You are logged out.',
}

const authView =
  ({ views, frameOf, notices }: Pick<AuthRouteParts, 'views' | 'frameOf' | 'notices'>): View =>
  (ctx, { page, username, error, wrongField, csrfToken }) => {
    const frame = { ...frameOf(ctx), csrfToken }
    if (page !== 'login') {
      const wrong = wrongField === 'newPassword' ? undefined : wrongField
      ctx.body = views.signup(frame, { username, error, wrongField: wrong })
      return
    }
    const left = ctx.method === 'GET' && error === undefined ? notices.take(ctx) : undefined
    const notice = left === undefined ? erasedNotice(ctx) : noticeWords[left.what]
    ctx.body = views.login(frame, { username: username || left?.username, error, notice })
  }

/** A fixed text for a known word, never the word itself. */
const erasedNotice = (ctx: Koa.Context): string | undefined =>
  ctx.query['notice'] === 'erased' ? 'Your account and all that was yours are erased.' : undefined
