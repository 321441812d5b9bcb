import { Resolver } from 'node:dns/promises'
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
 * service, or a compose service.
 */
export const dns = (name: string, options: DnsOptions = {}): Discovery => ({
  type: 'active',
  name: `dns:${name}`,
  start: (context) => {
    const resolver = options.resolver ?? new Resolver({ timeout: 2_000, tries: 1 })
    const lookUp = (): void => {
      void resolveAll(resolver, name, options.port ?? 4100).then((addresses) =>
        report(context, name, addresses),
      )
    }
    const timer = setInterval(lookUp, options.interval ?? 5_000)
    context.signal.addEventListener('abort', () => clearInterval(timer), { once: true })
    lookUp()
  },
})

const report = (
  { signal, found, log }: DiscoveryContext,
  name: string,
  addresses: readonly string[],
): void => {
  if (signal.aborted) return
  if (addresses.length === 0) log.debug({ name }, 'dns discovery: the name has no A, AAAA or SRV record now')
  else found({ addresses })
}

const resolveAll = async (resolver: NameResolver, name: string, port: number): Promise<string[]> => {
  const [v4, v6, srv] = await Promise.allSettled([
    resolver.resolve4(name),
    resolver.resolve6(name),
    resolver.resolveSrv(name),
  ])
  const hosts = [v4, v6].flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
  const services = srv.status === 'fulfilled' ? srv.value : []
  return [
    ...hosts.map((host) => `/${hostProtocol(host)}/${host}/tcp/${port}`),
    ...services.map((service) => `/${hostProtocol(service.name)}/${service.name}/tcp/${service.port}`),
  ]
}
