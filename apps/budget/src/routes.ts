import { Router } from '@koa/router'
import {
  antiForgeryToken,
  form,
  login,
  logout,
  passwordHasher,
  requireUser,
  signUp,
  type AuditEvent,
  type View,
} from '@grapevine/auth-middleware'
import { clusterStatus } from './cluster-status.ts'
import {
  accountPage,
  budgetPage,
  clusterPage,
  favicon,
  loginPage,
  signupPage,
  styleSheet,
  type Chrome,
} from './pages/index.ts'
import type { User } from '@grapevine/user-cache'
import type Koa from 'koa'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import type { Metrics } from './metrics.ts'
import type { Node } from './node.ts'

const loginPath = '/'
const budget = '/budget'

/** What needs neither a session nor a ready node. */
export const operations = (node: Node, metrics: Metrics): Router => {
  const router = new Router()
  router.get('/healthz', (ctx) => {
    ctx.body = { status: 'up' }
  })
  router.get('/readyz', (ctx) => {
    ctx.status = node.isReady() ? 200 : 503
    ctx.body = { status: node.isReady() ? 'ready' : 'not ready' }
  })
  router.get('/cluster.json', (ctx) => {
    ctx.body = clusterStatus(node)
  })
  router.get('/metrics', async (ctx) => {
    ctx.type = metrics.contentType
    ctx.body = await metrics.render()
  })
  router.get('/style.css', (ctx) => asset(ctx, 'text/css', styleSheet))
  router.get('/favicon.svg', (ctx) => asset(ctx, 'image/svg+xml', favicon))
  return router
}

/** The content's hash is in the URL. */
const asset = (ctx: Koa.Context, type: string, body: string): void => {
  ctx.set('Cache-Control', 'public, max-age=31536000, immutable')
  ctx.type = type
  ctx.body = body
}

/** What people see. */
export const site = (node: Node, metrics: Metrics, mode: Config['mode'], log: Logger): Router => {
  const router = new Router()
  const { accounts, ledger } = node
  const hasher = passwordHasher()
  const view = createView(node)
  const onAudit = (event: AuditEvent): void => {
    metrics.count(event)
    log.info({ audit: event }, event.type)
  }

  router.get(loginPath, form({ page: 'login', view }))
  router.post(loginPath, login({ accounts, hasher, view, ledger, defaultPath: budget, onAudit }))
  router.get('/signup', form({ page: 'signup', view }))
  router.post('/signup', signUp({ accounts, hasher, view, onAudit }))
  router.post('/logout', logout({ ledger, onAudit }))

  router.get(budget, requireUser(), (ctx) => {
    const { username, registeredAt } = userOf(ctx)
    ctx.body = budgetPage(chrome(node, ctx), { username, registeredAt: new Date(registeredAt) })
  })
  router.get('/account', requireUser(), (ctx) => {
    const { id, username, registeredAt, claim } = userOf(ctx)
    ctx.body = accountPage(chrome(node, ctx), { id, username, registeredAt: new Date(registeredAt), claim })
  })
  router.get('/cluster', (ctx) => {
    const refresh = ctx.query['refresh'] === 'paused' ? 'paused' : 'live'
    const { self, ...status } = clusterStatus(node)
    // Who has an account is not for everybody to read.
    const contested = mode === 'development' ? node.users.contestedNames() : []
    ctx.body = clusterPage(chrome(node, ctx), { ...status, self: self.id, contested, refresh })
  })
  return router
}

const createView =
  (node: Node): View =>
  (ctx, { page, username, error, csrfToken }) => {
    const frame = { ...chrome(node, ctx), csrfToken }
    ctx.type = 'html'
    ctx.body =
      page === 'login'
        ? loginPage(frame, { username, error, notice: undefined })
        : signupPage(frame, { username, error })
  }

const chrome = (node: Node, ctx: Koa.Context): Chrome => {
  const user: User | undefined = ctx.state['user']
  ctx.type = 'html'
  ctx.set('Cache-Control', 'no-store')
  return {
    node: node.membership.self.name,
    user: user === undefined ? undefined : { username: user.username },
    // Guests see no form on the pages that use this.
    csrfToken: user === undefined ? undefined : antiForgeryToken(ctx),
  }
}

/** After `requireUser`, whose accounts are this app's users. */
const userOf = (ctx: Koa.Context): User => {
  const user: User | undefined = ctx.state['user']
  if (user === undefined) throw new Error('a page that needs a user was reached without one')
  return user
}
