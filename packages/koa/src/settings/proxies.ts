import { BlockList, isIP } from 'node:net'
import { listOf } from './environment.ts'
import { SettingError } from './setting-error.ts'

/** Whose word about the address of a client is taken. */
export type TrustedProxies =
  | { readonly kind: 'none' }
  /** So many proxies stand between the internet and this process, one behind the other. */
  | { readonly kind: 'count'; readonly count: number }
  /** Whoever connects from these addresses is a proxy of ours. */
  | { readonly kind: 'networks'; readonly networks: Pick<BlockList, 'check'> }

const mostProxies = 16

/** `TRUSTED_PROXIES`: a count such as `1`, or addresses and networks such as `10.0.0.0/8,fd00::/8`. */
export const trustedProxiesOf = (value: string | undefined): TrustedProxies => {
  if (value === undefined) return { kind: 'none' }
  if (/^\d{1,2}$/.test(value) && Number(value) <= mostProxies) {
    return value === '0' ? { kind: 'none' } : { kind: 'count', count: Number(value) }
  }
  const networks = new BlockList()
  for (const item of listOf(value)) addNetwork(networks, item)
  return { kind: 'networks', networks }
}

const addNetwork = (networks: BlockList, item: string): void => {
  const [address = '', prefix, ...rest] = item.split('/')
  const family = isIP(address)
  const bits = family === 4 ? 32 : 128
  const length = Number(prefix ?? bits)
  if (family === 0 || rest.length > 0 || !/^\d{1,3}$/.test(prefix ?? '0') || length > bits) {
    throw new SettingError(
      'TRUSTED_PROXIES',
      `${JSON.stringify(item)} is neither a number of proxies up to ${mostProxies} nor a network such as 10.0.0.0/8`,
    )
  }
  networks.addSubnet(address, length, family === 4 ? 'ipv4' : 'ipv6')
}
