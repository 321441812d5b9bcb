import { networkInterfaces } from 'node:os'
import { listOf } from './environment.ts'
import { SettingError } from './setting-error.ts'
import { portOf } from './values.ts'

export interface HostAndPort {
  readonly host: string
  readonly port: number
}

/** `host:port`, or `[ipv6]:port`. */
export const hostAndPortOf = (variable: string, value: string): HostAndPort => {
  const [, bracketed, plain, port] = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]/]+)):(\d{1,5})$/.exec(value) ?? []
  const host = bracketed ?? plain
  if (host !== undefined && port !== undefined) return { host, port: portOf(variable, port) }
  throw new SettingError(variable, `${JSON.stringify(value)} is not host:port, such as 127.0.0.1:9100`)
}

/** The origin at which browsers see the app, and the path below which it is there. */
export const publicUrlOf = (value: string): URL => {
  const url = URL.canParse(value) ? new URL(value) : undefined
  const isPlain = url?.search === '' && url.hash === '' && url.username === '' && url.password === ''
  if (url !== undefined && isPlain && /^https?:$/.test(url.protocol)) return url
  throw new SettingError(
    'PUBLIC_URL',
    `${JSON.stringify(value)} is not the URL of the app as browsers see it, such as https://example.org`,
  )
}

/** '' for the root, else a path with a slash at its beginning and none at its end. */
export const basePathOf = (variable: string, value: string): string => {
  if (value === '/' || value === '') return ''
  const path = value.endsWith('/') ? value.slice(0, -1) : value
  if (/^(\/[A-Za-z0-9._~-]+)+$/.test(path)) return path
  throw new SettingError(variable, `${JSON.stringify(value)} is not a path such as /app`)
}

/** Multiaddrs under which others reach a member. */
export const announceOf = (value: string): readonly string[] => {
  const addresses = listOf(value)
  const wrong = addresses.find(
    (address) => !/^\/(ip4|ip6|dns|dns4|dns6)\/[^\s/]+\/tcp\/\d{1,5}$/.test(address),
  )
  if (wrong === undefined) return addresses
  throw new SettingError(
    'CLUSTER_ANNOUNCE',
    `${JSON.stringify(wrong)} is not a multiaddr such as /dns4/a.example.org/tcp/4100`,
  )
}

/** Whether others may reach this machine by IPv6, and perhaps by nothing else: it has an address that is not of one link alone. */
export const hasIpv6 = (all: ReturnType<typeof networkInterfaces> = networkInterfaces()): boolean =>
  Object.values(all).some((addresses = []) =>
    addresses.some((address) => address.family === 'IPv6' && !address.internal && address.scopeid === 0),
  )
