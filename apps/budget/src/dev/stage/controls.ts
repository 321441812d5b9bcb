import { Router } from '@koa/router'
import { bodyParser } from '@koa/bodyparser'
import { dashboard } from '@grapevine/dashboard'
import Koa from 'koa'
import { reasonOf } from '@grapevine/std'
import { seeOther, textOf } from '@grapevine/koa/http'
import { favicon } from '@grapevine/koa/pages'
import { actions, type Acting } from './actions.ts'
import { controlPage, replayPage } from './control-page.ts'
import { controlStyle } from './control-style.ts'

const path = '/live'
/** Not the button's own: a live view answers nothing but GET. */
const replayPath = '/replayed'

export interface ControlsOptions extends Omit<Acting, 'say'> {
  /** Ends the streams of those who watch. */
  readonly stopping: AbortSignal
}

/**
 * The page of `pnpm dev` from which a cluster is watched, cut and healed. It is no part of the app: what it does
 * reaches the processes through `local-cluster`, as a test would.
 */
export const createControls = (options: ControlsOptions): Koa => {
  const { cluster, above, network, people, replay, stopping } = options
  let said: string | undefined
  const app = new Koa()
  app.silent = true
  app.use(onlyFromHere)
  const live = { mode: 'development', interval: 500, signal: stopping } as const
  app.use(
    dashboard({
      ...live,
      source: above,
      path,
      frame: (_ctx, framed) =>
        controlPage(
          {
            nodes: cluster.nodes,
            sides: network.sides(),
            people: people.list(),
            said,
            canReplay: replay.hasSomething(),
          },
          framed,
        ),
    }),
  )
  app.use(
    dashboard({ ...live, source: replay, path: replayPath, frame: (_ctx, framed) => replayPage(framed) }),
  )
  app.use(bodyParser({ enableTypes: ['form'], formLimit: '1kb' }))
  app.use(routes({ ...options, say: (text) => void (said = text) }).routes())
  return app
}

const routes = (acting: Acting): Router => {
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
  router.post('/replay', (ctx) => {
    acting.replay.start()
    seeOther(ctx, replayPath)
  })
  for (const [name, action] of Object.entries(actions)) {
    router.post(`/${name}`, async (ctx) => {
      try {
        const text = await action(acting, { node: textOf(ctx, 'node', 64), side: textOf(ctx, 'side', 8) })
        acting.say(text)
        acting.above.tell(text)
      } catch (error) {
        acting.say(`That did not work: ${reasonOf(error)}`)
      }
      seeOther(ctx, path)
    })
  }
  return router
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
