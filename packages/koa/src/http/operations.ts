import { Router } from '@koa/router'
import { favicon } from '../markup/favicon.ts'
import type Koa from 'koa'
import type { Instance } from '../instance/instance.ts'
import type { Site } from '../markup/site.ts'
import type { Metrics } from '../metrics/metrics.ts'

export interface OperationsParts {
  readonly instance: Pick<Instance, 'isReady'>
  readonly metrics: Pick<Metrics, 'contentType' | 'render'>
  readonly site: Pick<Site, 'styleSheet'>
}

/** What needs neither a session nor an instance that is ready. */
export const operations = ({ instance, metrics, site }: OperationsParts): Router => {
  const router = new Router()
  router.get('/healthz', (ctx) => {
    ctx.body = { status: 'up' }
  })
  router.get('/readyz', (ctx) => {
    const isReady = instance.isReady()
    ctx.status = isReady ? 200 : 503
    ctx.body = { status: isReady ? 'ready' : 'not ready' }
  })
  router.get('/metrics', async (ctx) => {
    ctx.type = metrics.contentType
    ctx.body = await metrics.render()
  })
  router.get('/style.css', (ctx) => asset(ctx, 'text/css', site.styleSheet))
  router.get('/favicon.svg', (ctx) => asset(ctx, 'image/svg+xml', favicon))
  return router
}

/** The content's hash is in the URL. */
const asset = (ctx: Koa.Context, type: string, body: string): void => {
  ctx.set('Cache-Control', 'public, max-age=31536000, immutable')
  ctx.type = type
  ctx.body = body
}
