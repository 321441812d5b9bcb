import { Router } from '@koa/router'
import { form, login, logout, signUp, type View } from '@grapevine/auth-middleware'
import { accountRoutes } from './account-routes.ts'
import { deviceRoutes } from './device-routes.ts'
import { twinRoutes } from './twin-routes.ts'
import type Koa from 'koa'
import type { AuthRouteParts } from './route-parts.ts'

/** Where people come in, go out, and see to their accounts. */
export const authRoutes = (parts: AuthRouteParts): Router => {
  const { hasher, site } = parts
  const { accounts, attempts } = parts.instance
  const router = new Router()
  const view = authView(parts)
  const common = { accounts, hasher, view, attempts }
  router.get('/', form({ page: 'login', view }))
  router.post('/', login({ ...common, defaultPath: site.home, renamePath: '/account/name' }))
  router.get('/signup', form({ page: 'signup', view }))
  router.post('/signup', signUp({ accounts, hasher, view, attempts }))
  router.post('/logout', logout())
  router.use(deviceRoutes(parts).routes())
  router.use(twinRoutes(parts).routes())
  router.use(accountRoutes(parts).routes())
  return router
}

const authView =
  ({ views, frameOf }: Pick<AuthRouteParts, 'views' | 'frameOf'>): View =>
  (ctx, { page, username, error, csrfToken }) => {
    const frame = { ...frameOf(ctx), csrfToken }
    ctx.body =
      page === 'login'
        ? views.login(frame, { username, error, notice: noticeOf(ctx) })
        : views.signup(frame, { username, error })
  }

/** What led to the log-in page; a fixed text for a known word, never the word itself. */
const noticeOf = (ctx: Koa.Context): string | undefined =>
  ctx.query['notice'] === 'erased' ? 'Your account and all that was yours are erased.' : undefined
