import { Router } from '@koa/router'
import { bodyParser } from '@koa/bodyparser'
import { dashboard } from '@grapevine/dashboard'
import Koa from 'koa'
import { seeOther, textOf } from '@grapevine/koa/http'
import { favicon } from '@grapevine/koa/pages'
import { controlPage } from './control-page.ts'
import { controlStyle } from './control-style.ts'
import type { Cluster } from '@grapevine/local-cluster'
import type { FromAbove } from './from-above.ts'

const path = '/live'

export interface ControlsOptions {
  readonly cluster: Cluster
  readonly above: FromAbove
  /** Ends the streams of those who watch. */
  readonly stopping: AbortSignal
}

/**
 * The page of `pnpm dev` from which a cluster is watched, cut and healed. It is no part of the app: what it does
 * reaches the processes through `local-cluster`, as a test would.
 */
export const createControls = ({ cluster, above, stopping }: ControlsOptions): Koa => {
  const app = new Koa()
  app.silent = true
  app.use(onlyFromHere)
  app.use(
    dashboard({
      source: above,
      mode: 'development',
      path,
      interval: 500,
      signal: stopping,
      frame: (_ctx, framed) => controlPage(cluster.nodes, framed),
    }),
  )
  app.use(bodyParser({ enableTypes: ['form'], formLimit: '1kb' }))
  app.use(routes(cluster, above).routes())
  return app
}

const routes = (cluster: Cluster, above: FromAbove): Router => {
  const router = new Router()
  router.get('/', (ctx) => ctx.redirect(path))
  router.get('/control.css', (ctx) => {
    ctx.type = 'text/css'
    ctx.body = controlStyle
  })
  router.get('/favicon.svg', (ctx) => {
    ctx.type = 'image/svg+xml'
    ctx.body = favicon
  })
  for (const [name, action] of Object.entries(actions)) {
    router.post(`/${name}`, async (ctx) => {
      await action(cluster, above, textOf(ctx, 'node', 64))
      seeOther(ctx, path)
    })
  }
  return router
}

type Action = (cluster: Cluster, above: FromAbove, node: string) => Promise<void>

const actions: Readonly<Record<string, Action>> = {
  split: async (cluster, above) => {
    const names = cluster.nodes.map(({ name }) => name)
    const half = Math.floor(names.length / 2)
    const sides = [names.slice(0, half), names.slice(half)]
    await cluster.partition(sides)
    above.tell(`You cut the network: ${sides.map((side) => side.join(', ')).join(' | ')}`)
  },
  isolate: async (cluster, above, node) => {
    await cluster.isolate(node)
    above.tell(`You cut ${node} off`)
  },
  heal: async (cluster, above) => {
    above.expectHealing()
    await cluster.heal()
    above.tell('You healed the network')
  },
  stop: async (cluster, above, node) => {
    await cluster.node(node).stop()
    above.tell(`You stopped ${node}; it said goodbye`)
  },
  crash: async (cluster, above, node) => {
    await cluster.node(node).kill()
    above.tell(`You crashed ${node}`)
  },
  start: async (cluster, above, node) => {
    await cluster.node(node).restart()
    above.tell(`You started ${node}`)
  },
}

/** Other sites that the same browser shows can neither look nor press a button, also not by a name of their own. */
const onlyFromHere: Koa.Middleware = (ctx, next) => {
  const isHere = /^(127\.0\.0\.1|localhost):\d+$/.test(ctx.host)
  const site = ctx.get('Sec-Fetch-Site')
  const isOwn = ctx.method === 'GET' || site === '' || site === 'same-origin' || site === 'none'
  const origin = ctx.get('Origin')
  const isOwnOrigin = origin === '' || origin === `http://${ctx.host}`
  if (!isHere || !isOwn || !isOwnOrigin)
    return ctx.throw(403, 'This page is for the browser on this machine.')
  return next()
}
