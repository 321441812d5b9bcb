import { codeOf } from '@grapevine/std'
import { bodyParser } from '@koa/bodyparser'
import { Router } from '@koa/router'
import {
  antiForgery,
  authentication,
  deriveSessionKeys,
  refuseUntilReady,
  sessions,
  type AuditEvent,
} from '@grapevine/auth-middleware'
import { dashboard } from '@grapevine/dashboard'
import Koa from 'koa'
import { authRoutes } from '../routes/auth-routes.ts'
import { framing, type FrameOf } from '../routes/page-frame.ts'
import { noticeCookie } from '../routes/notice-cookie.ts'
import { isOperator } from '../routes/operators.ts'
import { clusterStatus } from '../status/cluster-status.ts'
import { dashboardSource } from '../status/dashboard-source.ts'
import { clientAddresses } from '../proxy/client-address.ts'
import { underBase } from '../proxy/base-path.ts'
import { proxyWarnings } from '../proxy/proxy-warnings.ts'
import { lastAnswers } from './draining.ts'
import { operations } from './health/health-routes.ts'
import { problemPages, problems } from './problems.ts'
import { readinessOf, type Draining } from './health/readiness.ts'
import { requestLog } from './request-log.ts'
import { securityHeaders } from './security-headers.ts'
import type { CountedHasher } from '../routes/counted-hasher.ts'
import type { Instance } from '../instance/instance.ts'
import type { Ports } from '../instance/ports.ts'
import type { PageFrame } from '../markup/layout.ts'
import type { Site } from '../markup/site.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { Views } from '../pages/views.ts'
import type { Settings } from '../settings/settings.ts'

export interface AppParts {
  readonly instance: Instance
  readonly settings: Settings
  readonly ports: Pick<Ports, 'log' | 'clock' | 'randomBytes'>
  readonly site: Site
  readonly views: Views
  readonly hasher: CountedHasher
  readonly metrics: Metrics
  readonly draining: Draining
  /** Aborted when it ends: streams that would never end by themselves end then. */
  readonly stopping: AbortSignal
}

export interface App {
  readonly koa: Koa
  /** For the routes of the app's own, where there is a user, a body, and no forged form any more. */
  readonly router: Router
  readonly frameOf: FrameOf
}

/** The Koa app over an instance. The order of the middleware is part of its meaning. */
export const createApp = (parts: AppParts): App => {
  const { instance, settings, site, views, metrics } = parts
  const { log, clock, randomBytes } = parts.ports
  const { now } = instance
  const koa = new Koa()
  const router = new Router()
  const seesCluster = isOperator(settings)
  const frameOf = framing(site, instance.membership.self.name, seesCluster)
  const showProblem = problemPages({
    view: views.problem,
    guest: guestFrame(site, instance, settings),
    frameOf,
  })
  koa.on('error', (error: unknown, ctx?: Koa.Context) => {
    if (!isHangUp(error)) log.error({ err: error, path: ctx?.path }, 'a request failed')
  })
  koa.use(clientAddresses(settings.trustedProxies))
  koa.use(underBase(settings.basePath))
  koa.use(requestLog(log))
  koa.use(lastAnswers(parts.draining))
  koa.use(securityHeaders(settings))
  koa.use(problems(showProblem))
  const readiness = () => readinessOf(instance, parts.draining)
  koa.use(operations({ readiness, metrics, site, settings }).routes())
  koa.use(proxyWarnings(settings, log))
  koa.use(refuseUntilReady({ isReady: instance.hasUsers }))
  const keys = deriveSessionKeys(settings.secrets)
  koa.use(sessions(koa, { keys, mode: settings.mode, now, monotonic: clock.now, random: randomBytes }))
  koa.use(
    authentication({
      accounts: instance.accounts,
      ledger: instance.ledger,
      devices: instance.devices,
      history: { since: instance.users.news },
      onAudit: auditing(parts),
    }),
  )
  const mayLook = watchedGuard(parts)
  koa.use(liveView(parts, frameOf, mayLook))
  koa.use(bodyParser({ enableTypes: ['form', 'json'], formLimit: '16kb', jsonLimit: '16kb' }))
  const problem = (ctx: Koa.Context, message: string): void => showProblem(ctx, ctx.status, message)
  const { publicUrl } = settings
  koa.use(antiForgery({ problem, ...(publicUrl === undefined ? {} : { origins: [publicUrl] }) }))
  const auth = authRoutes({ ...parts, frameOf, problem, notices: noticeCookie(settings.mode) })
  koa.use(auth.routes()).use(auth.allowedMethods())
  koa.use(clusterRoute(parts, mayLook).routes())
  koa.use(router.routes()).use(router.allowedMethods())
  return { koa, router, frameOf }
}

const guestFrame = (site: Site, { membership }: Instance, { mode }: Pick<Settings, 'mode'>): PageFrame => ({
  site,
  node: membership.self.name,
  user: undefined,
  seesCluster: mode === 'development',
  csrfToken: undefined,
})

const auditing =
  ({ instance, metrics, ports: { log } }: AppParts) =>
  (event: AuditEvent): void => {
    metrics.count(event)
    if (event.type === 'logged-in') instance.activity.countLogin()
    log.info({ audit: event }, event.type)
  }

/** As `isOperator`; who is refused is noted down. */
const watchedGuard =
  (parts: AppParts) =>
  (ctx: Koa.Context): boolean => {
    if (isOperator(parts.settings)(ctx)) return true
    const { user } = ctx.state
    const actor = user === undefined ? {} : { actor: user.id }
    const requestId = ctx.response.get('X-Request-Id')
    auditing(parts)({
      type: 'access-refused',
      path: ctx.path,
      at: parts.instance.now(),
      ip: ctx.ip,
      requestId,
      ...actor,
    })
    return false
  }

const liveView = (
  { instance, settings, views, stopping, ports: { log } }: AppParts,
  frameOf: FrameOf,
  mayLook: (ctx: Koa.Context) => boolean,
): Koa.Middleware =>
  dashboard({
    source: dashboardSource(instance),
    path: '/cluster',
    mode: settings.mode,
    guard: mayLook,
    frame: (ctx, framed) => views.cluster(frameOf(ctx), framed),
    signal: stopping,
    onError: (error) => log.warn({ err: error }, 'the dashboard could not be drawn'),
  })

const clusterRoute = ({ instance }: AppParts, mayLook: (ctx: Koa.Context) => boolean): Router => {
  const router = new Router()
  router.get('/cluster.json', (ctx) => {
    if (!mayLook(ctx)) ctx.throw(403, 'What the cluster is like is for its operators.')
    ctx.body = clusterStatus(instance)
  })
  return router
}

/** Somebody closed a tab while a stream was on its way; nothing failed. */
const isHangUp = (error: unknown): boolean => codeOf(error) === 'ERR_STREAM_PREMATURE_CLOSE'
