import { checkOptions, orElse, textLike, wholeNumber, withMethods, type Checks } from '@grapevine/std'
import { failureOf, isNoSuchName, systemResolver, type NameResolver } from './names.ts'
import { hostProtocol } from './seeds.ts'
import type { Discovery, DiscoveryContext } from './discovery.ts'

export interface DnsOptions {
  /** Port of the addresses in A and AAAA records; SRV records carry their own. @default 4100 */
  readonly port?: number
  /** Milliseconds between two look-ups. @default 5000 */
  readonly interval?: number
  readonly resolver?: NameResolver
}

const hostName = textLike(/^[\w.-]{1,253}$/, 'a name of 1 to 253 letters, digits, dots, dashes, underscores')

const checks = {
  port: orElse(wholeNumber(1, 65_535), 4100),
  interval: orElse(wholeNumber(100, 3_600_000), 5_000),
  resolver: orElse(withMethods<NameResolver>('lookup', 'resolveSrv'), systemResolver),
} satisfies Checks<DnsOptions>

/**
 * Finds members by the addresses and SRV records of a name, asked again regularly, by the rules of the system (hosts file, search
 * domains, the resolv.conf of now): a Kubernetes headless service, or a compose service. Addresses that are no longer in the
 * answer are no longer dialled; while the name server does not answer, those of its last answer are.
 */
export const dns = (name: string, options: DnsOptions = {}): Discovery => {
  const host = hostName('dns.name', name)
  const { port, interval, resolver } = checkOptions(options, checks, 'dns')
  return {
    type: 'active',
    name: `dns:${host}`,
    start: (context) => {
      const ask = asking(context, host, port, resolver)
      const timer = setInterval(ask, interval)
      context.signal.addEventListener('abort', () => clearInterval(timer), { once: true })
      ask()
    },
  }
}

/** A look-up at a dead name server can take longer than the interval: the next one is begun all the same, and no more. */
const mostAtOnce = 2

const asking = (
  context: DiscoveryContext,
  name: string,
  port: number,
  resolver: NameResolver,
): (() => void) => {
  let last: readonly string[] = []
  let underWay = 0
  const ask = async (): Promise<void> => {
    underWay += 1
    const answer = await lookUp(resolver, name, port)
    underWay -= 1
    if (context.signal.aborted) return
    if (!answer.isUnknown) last = answer.addresses
    const failure = answer.failure === undefined ? {} : { failure: answer.failure }
    context.tried?.name({ name: `dns:${name}`, answers: last, ...failure })
    context.found({ type: 'configured', addresses: last })
  }
  return () => {
    if (underWay < mostAtOnce) void ask()
  }
}

interface Answer {
  readonly addresses: readonly string[]
  readonly failure?: string
  /** No answer, which is not the answer "no addresses". */
  readonly isUnknown: boolean
}

const lookUp = async (resolver: NameResolver, name: string, port: number): Promise<Answer> => {
  const multiaddr = (host: string, at: number): string => `/${hostProtocol(host)}/${host}/tcp/${at}`
  const services = resolver
    .resolveSrv(name)
    .then((records) => records.map((record) => multiaddr(record.name, record.port)))
    .catch(() => [])
  try {
    const hosts = await resolver.lookup(name)
    const addresses = [...hosts.map((host) => multiaddr(host, port)), ...(await services)]
    return { addresses: [...new Set(addresses)], isUnknown: false }
  } catch (error) {
    const addresses = await services
    if (addresses.length > 0) return { addresses, isUnknown: false }
    return { addresses, failure: failureOf(error), isUnknown: !isNoSuchName(error) }
  }
}
