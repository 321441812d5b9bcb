import { readFileSync } from 'node:fs'
import { onAbort } from '@grapevine/std'
import { assetUrl } from '@grapevine/std/node'
import { resolveConfig, type DashboardConfig, type DashboardOptions } from './config.ts'
import { placeOf } from './document.ts'
import { createFeed, type Feed } from './feed.ts'
import { fragment } from './rendering/fragment.ts'
import { createRecorder, type Recorder } from './model/series.ts'
import { pageStyle, styleSheet } from './style.ts'
import type Koa from 'koa'

const script = readFileSync(new URL('../browser/dashboard.js', import.meta.url), 'utf8')

/** Runs only what it serves itself, whatever the app allows elsewhere. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "connect-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/**
 * A live picture of a cluster at `path`: members and their states, who is linked to whom, splits, who holds what.
 * Requests for other paths pass.
 *
 * @throws `INVALID_OPTION` at once, for an option that cannot work or is unknown
 */
export const dashboard = (options: DashboardOptions): Koa.Middleware => {
  const config = resolveConfig(options)
  const recorder = createRecorder()
  const feed = openFeed(config, recorder)
  const pages: ReadonlyMap<string, (ctx: Koa.Context) => void | Promise<void>> = new Map([
    [config.path, (ctx: Koa.Context) => showPage(ctx, config, recorder)],
    [`${config.path}/feed`, (ctx: Koa.Context) => streamFeed(ctx, feed)],
    [`${config.path}/dashboard.js`, asset('text/javascript', script)],
    [`${config.path}/dashboard.css`, asset('text/css', styleSheet)],
    [`${config.path}/page.css`, asset('text/css', pageStyle)],
  ])
  return async (ctx, next) => {
    const page = pages.get(ctx.path)
    if (page === undefined) return next()
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return ctx.throw(405)
    if (!(await config.guard(ctx))) return ctx.throw(403, closedWords(options))
    ctx.set('Content-Security-Policy', contentSecurityPolicy)
    ctx.set('X-Content-Type-Options', 'nosniff')
    return page(ctx)
  }
}

const closedWords = ({ mode, guard }: DashboardOptions): string =>
  mode === 'production' && guard === undefined
    ? 'The dashboard is closed: in production it needs a guard that says who may see it.'
    : 'The dashboard is not open to you.'

const openFeed = ({ source, signal, ...rest }: DashboardConfig, recorder: Recorder): Feed => {
  const feed = createFeed({
    ...rest,
    read: async () => {
      const picture = await source.read()
      recorder.observe(picture)
      return fragment(picture, recorder)
    },
    every: (ms, action) => {
      const timer = setInterval(action, ms)
      return () => clearInterval(timer)
    },
  })
  const stopListening = source.onChange?.(() => feed.hurry())
  const close = (): void => {
    stopListening?.()
    feed.close()
  }
  onAbort(signal, close)
  return feed
}

const showPage = async (ctx: Koa.Context, config: DashboardConfig, recorder: Recorder): Promise<void> => {
  const { source, path, frame, interval } = config
  const picture = await source.read()
  const body = placeOf({
    feedUrl: `${path}/feed`,
    pageUrl: path,
    at: picture.at,
    interval,
    picture: fragment(picture, recorder),
  })
  ctx.type = 'html'
  ctx.set('Cache-Control', 'no-store')
  ctx.body = frame(ctx, {
    title: 'Cluster',
    body,
    styleUrl: assetUrl(`${path}/dashboard.css`, styleSheet),
    scriptUrl: assetUrl(`${path}/dashboard.js`, script),
  })
}

const streamFeed = (ctx: Koa.Context, feed: Feed): void => {
  const stream = feed.watch()
  if (stream === undefined) {
    ctx.set('Retry-After', '10')
    ctx.throw(503, 'Too many are watching, or this server is stopping.')
  }
  ctx.type = 'text/event-stream'
  ctx.set('Cache-Control', 'no-store')
  // Or nginx collects what should arrive at once.
  ctx.set('X-Accel-Buffering', 'no')
  ctx.body = stream
}

const asset =
  (type: string, text: string) =>
  (ctx: Koa.Context): void => {
    // The URL that the page gives carries a hash of the content.
    ctx.set('Cache-Control', 'private, max-age=31536000, immutable')
    ctx.type = type
    ctx.body = text
  }
