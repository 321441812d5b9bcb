import type Koa from 'koa'
import { oneOf } from '../config.ts'

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

const MESSAGE = 'This instance cannot reach enough of the others now. Try again in a moment.'
const RETRY_AFTER_SECONDS = '5'
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/**
 * What a route does while the cluster may be split: goes on (`allow`), answers only to GET, HEAD, OPTIONS and TRACE
 * (`readOnly`), or not at all (`deny`). Throws a 503 with Retry-After, for the app's error page.
 */
export function onSplit(
  policy: 'allow' | 'readOnly' | 'deny',
  { view, needs = 'majority' }: OnSplitOptions,
): Koa.Middleware {
  const restriction = oneOf('policy', policy, ['allow', 'readOnly', 'deny'])
  const enough: ReadonlySet<ClusterView> = new Set(
    oneOf('needs', needs, ['majority', 'whole']) === 'whole' ? ['whole'] : ['whole', 'majority'],
  )
  return function onSplit(ctx, next) {
    const isHarmless = restriction === 'readOnly' && SAFE_METHODS.has(ctx.method)
    if (restriction === 'allow' || isHarmless || enough.has(view())) return next()
    ctx.set('Retry-After', RETRY_AFTER_SECONDS)
    return ctx.throw(503, MESSAGE, { expose: true, headers: { 'Retry-After': RETRY_AFTER_SECONDS } })
  }
}
