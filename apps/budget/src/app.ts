import { bodyParser } from '@koa/bodyparser'
import {
  antiForgery,
  authentication,
  deriveSessionKeys,
  passwordHasher,
  readyGate,
  sessions,
} from '@grapevine/auth-middleware'
import { dashboard } from '@grapevine/dashboard'
import Koa from 'koa'
import { countedHasher } from './counted-hasher.ts'
import { dashboardSource } from './live/dashboard-source.ts'
import { createMetrics } from './metrics/metrics.ts'
import { isOperator } from './operators.ts'
import { chrome } from './page-context.ts'
import { clusterPage, problemPage } from './pages/index.ts'
import { requestLog } from './request-context.ts'
import { operations, site } from './routes.ts'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import type { Node } from './node.ts'

export interface AppParts {
  readonly node: Node
  readonly config: Config
  readonly log: Logger
  /** Aborted when the process is told to end: streams that would never end by themselves end then. */
  readonly stopping: AbortSignal
}

/** The Koa app over a node. The order of the middleware is part of its meaning. */
export const createApp = ({ node, config, log, stopping }: AppParts): Koa => {
  const app = new Koa()
  const hasher = countedHasher(passwordHasher())
  const metrics = createMetrics(node, hasher)
  app.on('error', (error: unknown, ctx?: Koa.Context) => {
    if (isHangUp(error)) return
    log.error({ err: error, path: ctx?.path }, 'a request failed')
  })
  app.use(requestLog(log))
  app.use(securityHeaders)
  app.use(problems(node.membership.self.name))
  app.use(operations(node, metrics).routes())
  app.use(readyGate({ isReady: () => node.replicas.users.status().ready }))
  app.use(sessions(app, { keys: deriveSessionKeys(config.secrets), mode: config.mode }))
  app.use(authentication({ accounts: node.accounts, ledger: node.ledger }))
  app.use(liveView(node, config, log, stopping))
  app.use(bodyParser({ enableTypes: ['form', 'json'], formLimit: '16kb', jsonLimit: '16kb' }))
  app.use(antiForgery())
  const pages = site({ node, config, hasher, metrics, log })
  app.use(pages.routes()).use(pages.allowedMethods())
  return app
}

const liveView = (node: Node, config: Config, log: Logger, signal: AbortSignal): Koa.Middleware =>
  dashboard({
    source: dashboardSource(node),
    path: '/cluster',
    mode: config.mode,
    guard: isOperator(config),
    frame: (ctx, framed) => clusterPage(chrome(node, ctx), framed),
    signal,
    onError: (error) => log.warn({ err: error }, 'the dashboard could not be drawn'),
  })

/** Somebody closed a tab while a stream was on its way; nothing failed. */
const isHangUp = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'

const contentSecurityPolicy =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

const securityHeaders: Koa.Middleware = (ctx, next) => {
  ctx.set('Content-Security-Policy', contentSecurityPolicy)
  ctx.set('X-Content-Type-Options', 'nosniff')
  ctx.set('Referrer-Policy', 'same-origin')
  return next()
}

/** Every problem is a page, or JSON for programs; nothing of the inside is told. */
const problems =
  (nodeName: string): Koa.Middleware =>
  async (ctx, next) => {
    try {
      await next()
      if (ctx.status === 404 && ctx.body === undefined) showProblem(ctx, nodeName, 404)
    } catch (error) {
      const status = statusOf(error)
      if (status >= 500 && status !== 503) ctx.app.emit('error', error, ctx)
      showProblem(ctx, nodeName, status, status < 500 || status === 503 ? messageOf(error) : undefined)
    }
  }

const statusOf = (error: unknown): number => {
  if (!(error instanceof Error)) return 500
  if ('code' in error && error.code === 'OVERLOADED') return 503
  return 'status' in error && typeof error.status === 'number' ? error.status : 500
}

const messageOf = (error: unknown): string | undefined =>
  error instanceof Error && 'expose' in error && error.expose === true ? error.message : undefined

const titles: Readonly<Record<number, string>> = {
  400: 'That request could not be read',
  403: 'Not allowed',
  404: 'Page not found',
  405: 'Not possible here',
  413: 'That was too much',
  415: 'That request could not be read',
  500: 'Something went wrong here',
  503: 'Not ready',
}

const showProblem = (ctx: Koa.Context, node: string, status: number, detail?: string): void => {
  const title = titles[status] ?? 'That did not work'
  ctx.status = status
  if (ctx.accepts('html', 'json') === 'json') {
    ctx.body = { error: title, message: detail }
    return
  }
  ctx.type = 'html'
  ctx.body = problemPage(
    { node, user: undefined, csrfToken: undefined },
    { status, title, detail: detail ?? '' },
  )
}
