import type Koa from 'koa'
import { callback, checkOptions, oneOf, orElse, type Checks } from '@grapevine/std'

/** How much of the cluster a node sees, counted over all members that have not left. */
export type ClusterView = 'whole' | 'majority' | 'minority'

export interface OnSplitOptions {
  /** Synchronous: it is asked on every request. */
  readonly view: () => ClusterView
  /**
   * What must be seen for nothing to be restricted. With `majority` the larger side of a split goes on as ever, and so
   * does a cluster in which one instance has crashed; with `whole` neither does. @default 'majority'
   */
  readonly needs?: 'majority' | 'whole'
}

const cutOff = 'This instance cannot reach enough of the others now. Try again in a moment.'
/** What changes nothing. */
export const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

const policies = oneOf('allow', 'readOnly', 'deny')
const onSplitChecks = {
  view: callback<OnSplitOptions['view']>(),
  needs: orElse(oneOf('majority', 'whole'), 'majority'),
} satisfies Checks<OnSplitOptions>

/**
 * What a route does while the cluster may be split: goes on (`allow`), answers only to GET, HEAD, OPTIONS and TRACE
 * (`readOnly`), or not at all (`deny`). Throws a 503 with Retry-After, for the app's error page.
 */
export const onSplit = (policy: 'allow' | 'readOnly' | 'deny', options: OnSplitOptions): Koa.Middleware => {
  const restriction = policies('policy', policy)
  const { view, needs } = checkOptions(options, onSplitChecks)
  const enough: ReadonlySet<ClusterView> = new Set(needs === 'whole' ? ['whole'] : ['whole', 'majority'])
  return (ctx, next) => {
    const isHarmless = restriction === 'readOnly' && safeMethods.has(ctx.method)
    if (restriction === 'allow' || isHarmless || enough.has(view())) return next()
    return unavailable(ctx, cutOff, '5')
  }
}

export interface UntilReadyOptions {
  /** Synchronous: it is asked on every request. */
  readonly isReady: () => boolean
}

const untilReadyChecks = { isReady: callback<() => boolean>() } satisfies Checks<UntilReadyOptions>
const starting = 'This instance is starting and has not caught up yet. Try again in a moment.'

/**
 * Lets nobody in before this node has caught up: it would tell people that they do not exist. Before `sessions()`, and
 * after what an operator needs to see. Throws a 503 with Retry-After, for the app's error page.
 */
export const refuseUntilReady = (options: UntilReadyOptions): Koa.Middleware => {
  const { isReady } = checkOptions(options, untilReadyChecks)
  return (ctx, next) => (isReady() ? next() : unavailable(ctx, starting, '1'))
}

const unavailable = (ctx: Koa.Context, message: string, retryAfterSeconds: string): never => {
  ctx.set('Retry-After', retryAfterSeconds)
  return ctx.throw(503, message, { expose: true, headers: { 'Retry-After': retryAfterSeconds } })
}
