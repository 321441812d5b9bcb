import { Router } from '@koa/router'
import { favicon } from '../../markup/favicon.ts'
import { showPassword } from '../../markup/show-password.ts'
import { metricsAccess } from './metrics-access.ts'
import type Koa from 'koa'
import type { Site } from '../../markup/site.ts'
import type { Metrics } from '../../metrics/metrics.ts'
import type { Settings } from '../../settings/settings.ts'
import type { Readiness } from './readiness.ts'

export interface OperationsParts {
  readonly readiness: () => Readiness
  readonly metrics: Pick<Metrics, 'contentType' | 'render'>
  readonly site: Pick<Site, 'styleSheet'>
  readonly settings: Pick<Settings, 'mode' | 'metricsListen'>
}

/** What needs neither a session nor an instance that is ready. */
export const operations = ({ readiness, metrics, site, settings }: OperationsParts): Router => {
  const router = new Router()
  router.get('/healthz', (ctx) => {
    ctx.body = { status: 'up' }
  })
  router.get('/readyz', (ctx) => {
    const now = readiness()
    ctx.status = now.status === 'ready' ? 200 : 503
    ctx.set('Cache-Control', 'no-store')
    ctx.body = now
  })
  router.get('/metrics', metricsAccess(settings), async (ctx) => {
    ctx.type = metrics.contentType
    ctx.body = await metrics.render()
  })
  router.get('/style.css', (ctx) => asset(ctx, 'text/css', site.styleSheet))
  router.get('/show-password.js', (ctx) => asset(ctx, 'text/javascript', showPassword))
  router.get('/favicon.svg', (ctx) => asset(ctx, 'image/svg+xml', favicon))
  return router
}

/** The content's hash is in the URL. */
const asset = (ctx: Koa.Context, type: string, body: string): void => {
  ctx.set('Cache-Control', 'public, max-age=31536000, immutable')
  ctx.type = type
  ctx.body = body
}
