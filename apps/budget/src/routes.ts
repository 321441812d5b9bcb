import { Router } from '@koa/router'
import { form, login, logout, signUp, type AuditEvent, type View } from '@grapevine/auth-middleware'
import { accountRoutes } from './account-routes.ts'
import { budgetRoutes } from './budget-routes.ts'
import { clusterStatus } from './cluster-status.ts'
import { isOperator } from './operators.ts'
import { chrome } from './page-context.ts'
import { favicon, loginPage, signupPage, styleSheet } from './pages/index.ts'
import type Koa from 'koa'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import type { CountedHasher } from './counted-hasher.ts'
import type { Metrics } from './metrics/metrics.ts'
import type { Node } from './node.ts'

const loginPath = '/'

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

export interface SiteParts {
  readonly node: Node
  readonly config: Config
  readonly hasher: CountedHasher
  readonly metrics: Metrics
  readonly log: Logger
}

/** What people see. */
export const site = ({ node, config, hasher, metrics, log }: SiteParts): Router => {
  const router = new Router()
  const { accounts, ledger, attempts } = node
  const view = createView(node)
  const onAudit = (event: AuditEvent): void => {
    metrics.count(event)
    log.info({ audit: event }, event.type)
  }

  const door = { accounts, hasher, view, attempts, onAudit }
  router.get(loginPath, form({ page: 'login', view }))
  router.post(loginPath, login({ ...door, ledger, defaultPath: '/budget', renamePath: '/account/name' }))
  router.get('/signup', form({ page: 'signup', view }))
  router.post('/signup', signUp({ accounts, hasher, view, onAudit }))
  router.post('/logout', logout({ ledger, onAudit }))
  router.use(budgetRoutes(node).routes())
  router.use(accountRoutes({ node, hasher, attempts, onAudit }).routes())

  const mayLook = isOperator(config)
  router.get('/cluster.json', (ctx) => {
    if (!mayLook(ctx)) ctx.throw(403, 'What the cluster is like is for its operators.')
    ctx.body = clusterStatus(node)
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
        ? loginPage(frame, { username, error, notice: noticeOf(ctx) })
        : signupPage(frame, { username, error })
  }

/** What led to the log-in page; a fixed text for a known word, never the word itself. */
const noticeOf = (ctx: Koa.Context): string | undefined =>
  ctx.query['notice'] === 'erased' ? 'Your account and its budget are erased.' : undefined
