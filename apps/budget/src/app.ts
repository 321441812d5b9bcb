import { bodyParser } from '@koa/bodyparser'
import { antiForgery, authentication, deriveSessionKeys, sessions } from '@grapevine/auth-middleware'
import Koa from 'koa'
import { createMetrics } from './metrics.ts'
import { problemPage } from './pages/index.ts'
import { operations, site } from './routes.ts'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import type { Node } from './node.ts'

/** The Koa app over a node. The order of the middleware is part of its meaning. */
export const createApp = (node: Node, config: Config, log: Logger): Koa => {
  const app = new Koa()
  const metrics = createMetrics(node)
  app.on('error', (error: unknown, ctx?: Koa.Context) =>
    log.error({ err: error, path: ctx?.path }, 'a request failed'),
  )
  app.use(securityHeaders)
  app.use(problems(node.membership.self.name))
  app.use(operations(node, metrics).routes())
  app.use(readinessGate(node))
  app.use(sessions(app, { keys: deriveSessionKeys(config.secrets), mode: config.mode }))
  app.use(authentication({ accounts: node.accounts, ledger: node.ledger }))
  app.use(bodyParser({ enableTypes: ['form', 'json'], formLimit: '16kb', jsonLimit: '16kb' }))
  app.use(antiForgery())
  const pages = site(node, metrics, config.mode, log)
  app.use(pages.routes()).use(pages.allowedMethods())
  return app
}

const contentSecurityPolicy =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

const securityHeaders: Koa.Middleware = (ctx, next) => {
  ctx.set('Content-Security-Policy', contentSecurityPolicy)
  ctx.set('X-Content-Type-Options', 'nosniff')
  ctx.set('Referrer-Policy', 'same-origin')
  return next()
}

/** A node that has not caught up would tell people that they do not exist. */
const readinessGate =
  (node: Node): Koa.Middleware =>
  (ctx, next) => {
    const { ready } = node.replicas.users.status()
    if (ready) return next()
    ctx.set('Retry-After', '1')
    return ctx.throw(503, 'This instance is starting and has not caught up yet. Try again in a moment.')
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

const statusOf = (error: unknown): number =>
  error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : 500

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
