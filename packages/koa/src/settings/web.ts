import { basePathOf, hasIpv6, hostAndPortOf, publicUrlOf, type HostAndPort } from './addresses.ts'
import { secondsOf } from './durations.ts'
import { textOf, type Environment } from './environment.ts'
import { trustedProxiesOf, type TrustedProxies } from './proxies.ts'
import { portOf } from './values.ts'
import type { Mode } from './mode.ts'

/** How people and proxies reach an instance. */
export interface WebSettings {
  /** `HOST`. @default every address: '::' where there is IPv6, else '0.0.0.0'; in development '127.0.0.1' */
  readonly host: string
  /** `PORT`. @default 3000 */
  readonly port: number
  /** `PUBLIC_URL`: the origin at which browsers see the app, when a proxy changes it. @default that of each request */
  readonly publicUrl: string | undefined
  /** `BASE_PATH`: the path below which browsers see the app, '' for none. @default that of `PUBLIC_URL` */
  readonly basePath: string
  /** `TRUSTED_PROXIES`: whose word about the address of a client is taken. @default nobody's */
  readonly trustedProxies: TrustedProxies
  /** `METRICS_LISTEN`: where `/metrics` is instead. @default with the app; in production for this machine alone */
  readonly metricsListen: HostAndPort | undefined
  /** `DRAIN_DELAY`: how long it serves on after it said that it is not ready any more, in ms. @default 5000; in development 0 */
  readonly drainDelay: number
}

const everyAddress = (): string => (hasIpv6() ? '::' : '0.0.0.0')

export const readWebSettings = (
  env: Environment,
  mode: Mode,
  overrides: Partial<WebSettings>,
): WebSettings => {
  const isDevelopment = mode === 'development'
  const publicUrl = textOf(env, 'PUBLIC_URL')
  const url = publicUrl === undefined ? undefined : publicUrlOf(publicUrl)
  const metrics = textOf(env, 'METRICS_LISTEN')
  return {
    host: textOf(env, 'HOST') ?? (isDevelopment ? '127.0.0.1' : everyAddress()),
    port: overrides.port ?? portOf('PORT', textOf(env, 'PORT') ?? '3000'),
    publicUrl: url?.origin,
    basePath: basePathOf('BASE_PATH', textOf(env, 'BASE_PATH') ?? url?.pathname ?? ''),
    trustedProxies: trustedProxiesOf(textOf(env, 'TRUSTED_PROXIES')),
    metricsListen: metrics === undefined ? undefined : hostAndPortOf('METRICS_LISTEN', metrics),
    drainDelay: secondsOf('DRAIN_DELAY', textOf(env, 'DRAIN_DELAY') ?? (isDevelopment ? '0' : '5')),
    ...overrides,
  }
}
