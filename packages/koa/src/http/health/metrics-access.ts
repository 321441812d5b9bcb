import { BlockList, isIPv6 } from 'node:net'
import type Koa from 'koa'
import type { Settings } from '../../settings/settings.ts'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/**
 * Metrics are not for the public: where they have an address of their own they are nowhere else, and in production they
 * are for this machine alone. A request that a proxy on this machine passes on is not this machine's.
 */
export const metricsAccess =
  ({ mode, metricsListen }: Pick<Settings, 'mode' | 'metricsListen'>): Koa.Middleware =>
  (ctx, next) => {
    if (metricsListen !== undefined) return undefined
    if (mode === 'development' || isFromHere(ctx)) return next()
    return ctx.throw(403, 'Metrics are for this machine. METRICS_LISTEN gives them an address of their own.')
  }

const isFromHere = (ctx: Koa.Context): boolean => {
  if (ctx.get('X-Forwarded-For') !== '' || ctx.get('Forwarded') !== '') return false
  const address = ctx.req.socket.remoteAddress ?? ''
  return address !== '' && loopback.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}
