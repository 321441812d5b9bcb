import { networkInterfaces } from 'node:os'
import { inWords, multicastInterfaces, type Attempts, type DiscoveryReport } from './report.ts'
import type { State } from '../core/state/state.ts'

interface Watched {
  readonly attempts: Attempts
  readonly usesMdns: boolean
  readonly state: () => State
  /** Milliseconds, monotonic. */
  readonly now: () => number
}

/** Alone is said, never assumed: how long nobody has been linked, and what was tried meanwhile. */
export const watchAlone = ({ attempts, usesMdns, state, now }: Watched): (() => DiscoveryReport) => {
  let linkedAt = now()
  return () => {
    const isAlone = state().reachable.size === 0
    if (!isAlone) linkedAt = now()
    return {
      expectsOthers: expectsOthers(state(), attempts),
      isAlone,
      aloneFor: isAlone ? now() - linkedAt : 0,
      names: [...attempts.names.values()],
      addresses: [...attempts.addresses.values()],
      interfaces: usesMdns ? multicastInterfaces(networkInterfaces()) : [],
    }
  }
}

const expectsOthers = ({ peers, remembered, targets }: State, { addresses, names }: Attempts): boolean =>
  remembered.size > 0 ||
  [...peers.values()].some(({ member }) => member.state !== 'left') ||
  [...targets].some(
    ([key, { origin }]) => origin.type !== 'member' && addresses.get(key)?.outcome !== 'self',
  ) ||
  [...names.values()].some(({ answers, failure }) => answers.length === 0 && failure !== undefined)

/** One line, every ten seconds for as long as nobody is linked. */
export const aloneInterval = 10_000

export const aloneLine = (cluster: string, report: DiscoveryReport): string =>
  `no other member of cluster "${cluster}" is linked after ${Math.round(report.aloneFor / 1_000)} s: ${inWords(report)}`
