import { networkInterfaces } from 'node:os'
import { BoundedMap } from '@grapevine/std'
import { limits } from '../limits.ts'

/** What was tried to find other members, and what came of it. */
export interface DiscoveryReport {
  /** Whether this member has reason to believe in others: a name that has addresses, a seed, a roster on its disk, a peer heard of. */
  readonly expectsOthers: boolean
  /** Whether no other member is linked now. */
  readonly isAlone: boolean
  /** Milliseconds for which it has been alone; 0 if it is not. */
  readonly aloneFor: number
  readonly names: readonly TriedName[]
  readonly addresses: readonly TriedAddress[]
  /** Where multicast is sent, if mDNS is used. */
  readonly interfaces: readonly MulticastInterface[]
}

export interface TriedName {
  readonly name: string
  /** Multiaddrs, of the last answer that there was. */
  readonly answers: readonly string[]
  /** Why the last look-up gave none. */
  readonly failure?: string
}

export interface TriedAddress {
  readonly address: string
  readonly outcome: 'linked' | 'failed' | 'self'
  readonly reason?: string
}

export interface MulticastInterface {
  readonly name: string
  readonly address: string
  /** The group that is joined there; none where mDNS cannot work. */
  readonly group?: string
  readonly problem?: string
}

export interface Attempts {
  name(tried: TriedName): void
  address(tried: TriedAddress): void
  readonly names: ReadonlyMap<string, TriedName>
  readonly addresses: ReadonlyMap<string, TriedAddress>
}

/** Bounded: anybody on the network can announce any address. */
export const attempts = (): Attempts => {
  const names = new BoundedMap<string, TriedName>(limits.discoveries * 8)
  const addresses = new BoundedMap<string, TriedAddress>(limits.strangers)
  return {
    name: (tried) => void names.set(tried.name, tried),
    address: (tried) => void addresses.set(tried.address, tried),
    names,
    addresses,
  }
}

const mdnsGroup = '224.0.0.251'

/** Interfaces as mDNS sees them: it speaks IPv4, and its answers are heeded on private addresses only. */
export const multicastInterfaces = (
  all: ReturnType<typeof networkInterfaces>,
): readonly MulticastInterface[] =>
  Object.entries(all).flatMap(([name, addresses = []]) => {
    const outward = addresses.filter(({ internal }) => !internal)
    const v4 = outward.filter(({ family }) => family === 'IPv4')
    if (v4.length > 0)
      return v4.map(({ address }) =>
        isPrivate(address)
          ? { name, address, group: mdnsGroup }
          : { name, address, problem: 'mDNS announces private addresses only' },
      )
    const [first] = outward
    return first === undefined
      ? []
      : [{ name, address: first.address, problem: 'mDNS needs an IPv4 address' }]
  })

const isPrivate = (address: string): boolean =>
  /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|127\.)/.test(address)

/** The report in one line. */
export const inWords = ({ names, addresses, interfaces }: DiscoveryReport): string => {
  const parts = [
    ...names.map(({ name, answers, failure }) => `${name}: ${failure ?? `${answers.length} addresses`}`),
    ...addresses
      .slice(-mostInWords)
      .map(
        ({ address, outcome, reason }) =>
          `${address}: ${reason ?? (outcome === 'self' ? 'this member itself' : outcome)}`,
      ),
    ...interfaces.map(
      ({ name, address, group, problem }) => `mdns on ${name} ${address}: ${problem ?? `asked ${group}`}`,
    ),
  ]
  return parts.length === 0 ? 'nothing to try' : parts.join('; ')
}

const mostInWords = 8
