import { Resolver } from 'node:dns/promises'
import {
  checkOptions,
  optional,
  orElse,
  textLike,
  wholeNumber,
  withMethods,
  type Checks,
} from '@grapevine/std'
import { hostProtocol } from './seeds.ts'
import type { Discovery, DiscoveryContext } from './discovery.ts'

/** The look-ups that are used of `node:dns`. */
export interface NameResolver {
  resolve4(name: string): Promise<string[]>
  resolve6(name: string): Promise<string[]>
  resolveSrv(name: string): Promise<readonly { readonly name: string; readonly port: number }[]>
}

export interface DnsOptions {
  /** Port of the addresses in A and AAAA records; SRV records carry their own. @default 4100 */
  readonly port?: number
  /** Milliseconds between two look-ups. @default 5000 */
  readonly interval?: number
  readonly resolver?: NameResolver
}

/**
 * Finds members by the A, AAAA and SRV records of a name, asked again regularly: a Kubernetes headless
 * service, or a compose service. Addresses that are no longer in the records are no longer dialled; while the
 * name server does not answer, those of its last answer are.
 */
export const dns = (name: string, options: DnsOptions = {}): Discovery => {
  const host = hostName('dns.name', name)
  const {
    port,
    interval,
    resolver = new Resolver({ timeout: 2_000, tries: 1 }),
  } = checkOptions(options, checks, 'dns')
  return {
    type: 'active',
    name: `dns:${host}`,
    start: (context) => {
      const lookUp = rememberingLookUp(resolver, host, port)
      const ask = (): void => void lookUp().then((addresses) => report(context, host, addresses))
      const timer = setInterval(ask, interval)
      context.signal.addEventListener('abort', () => clearInterval(timer), { once: true })
      ask()
    },
  }
}

const hostName = textLike(/^[\w.-]{1,253}$/, 'a name of 1 to 253 letters, digits, dots, dashes, underscores')

const checks = {
  port: orElse(wholeNumber(1, 65_535), 4100),
  interval: orElse(wholeNumber(100, 3_600_000), 5_000),
  resolver: optional(withMethods<NameResolver>('resolve4', 'resolve6', 'resolveSrv')),
} satisfies Checks<DnsOptions>

const report = (
  { signal, found, log }: DiscoveryContext,
  name: string,
  addresses: readonly string[],
): void => {
  if (signal.aborted) return
  if (addresses.length === 0) log.debug({ name }, 'dns discovery: the name has no A, AAAA or SRV record now')
  found({ type: 'configured', addresses })
}

const rememberingLookUp = (
  resolver: NameResolver,
  name: string,
  port: number,
): (() => Promise<readonly string[]>) => {
  const address = (host: string, port: number): string => `/${hostProtocol(host)}/${host}/tcp/${port}`
  const hosts = (found: readonly string[]): string[] => found.map((host) => address(host, port))
  const records = [
    remembering(async () => hosts(await resolver.resolve4(name))),
    remembering(async () => hosts(await resolver.resolve6(name))),
    remembering(async () => {
      const services = await resolver.resolveSrv(name)
      return services.map((service) => address(service.name, service.port))
    }),
  ]
  return async () => (await Promise.all(records.map((record) => record()))).flat()
}

/** Its last answer, where the name server gives none; no answer is not the answer "no records". */
const remembering = (ask: () => Promise<readonly string[]>): (() => Promise<readonly string[]>) => {
  let last: readonly string[] = []
  return async () => {
    try {
      last = await ask()
    } catch (error) {
      if (isNoRecord(error)) last = []
    }
    return last
  }
}

const isNoRecord = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOTFOUND' || error.code === 'ENODATA')
