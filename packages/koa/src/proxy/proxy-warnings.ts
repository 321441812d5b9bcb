import type Koa from 'koa'
import type { Log } from '@grapevine/std'
import type { Settings } from '../settings/settings.ts'

/** What a request shows that a setting is missing for; each is said once. */
export const proxyWarnings = (
  { mode, publicUrl, trustedProxies }: Pick<Settings, 'mode' | 'publicUrl' | 'trustedProxies'>,
  log: Pick<Log, 'warn'>,
): Koa.Middleware => {
  if (mode === 'development') return (_ctx, next) => next()
  const said = new Set<string>()
  const warn = (about: string, fields: object, message: string): void => {
    if (said.has(about)) return
    said.add(about)
    log.warn(fields, message)
  }
  return (ctx, next) => {
    if (trustedProxies.kind === 'none' && ctx.get('X-Forwarded-For') !== '') {
      warn('addresses', {}, words.addresses)
    }
    const origin = originOf(ctx)
    if (publicUrl === undefined && origin?.protocol === 'http:') warn('http', {}, words.http)
    if (publicUrl === undefined && origin !== undefined && origin.host !== ctx.host.toLowerCase()) {
      warn('origin', { origin: origin.origin, host: ctx.host.slice(0, 256) }, words.origin)
    }
    return next()
  }
}

const words = {
  addresses:
    'requests come through a proxy (X-Forwarded-For), and TRUSTED_PROXIES is not set: everybody seems to have its address, so that wrong passwords of one lock out all. Set TRUSTED_PROXIES to the number of proxies, or to their networks',
  http: 'a form was sent over http: in production the session cookie is kept by browsers over https only, so nobody stays logged in. Put TLS in front, or ask for NODE_ENV=development on your own machine',
  origin:
    'a form came from an origin that is not the Host of its request, and was refused. If a proxy changes the Host header, set PUBLIC_URL to what browsers see',
}

/** Where the form stood that was sent, if one was. */
const originOf = (ctx: Koa.Context): URL | undefined => {
  if (ctx.method !== 'POST') return undefined
  const origin = ctx.get('Origin').slice(0, 512)
  return URL.canParse(origin) ? new URL(origin) : undefined
}
