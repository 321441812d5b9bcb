import { InvalidOptionError, shown } from '@grapevine/std'

/**
 * Which hosts hear which: everybody everybody, until a fault says otherwise. The words mean what they mean for a cluster,
 * but that single cuts stay when `partition`, `bridge` or `ring` take each other's place.
 */
export interface Connectivity {
  /** True when what `from` sends arrives at `to`. */
  hears(to: string, from: string): boolean
  /**
   * Hosts of different groups do not hear each other. Hosts that no group names, also later ones, form one further group.
   *
   * @throws InvalidOptionError if a host is named twice, or nobody is named
   */
  partition(...groups: readonly (readonly string[])[]): void
  /** Two hosts hear each other only if some group has both; who is in two groups is the bridge, who is in none is alone. */
  bridge(...groups: readonly (readonly string[])[]): void
  /** Each hears only its two neighbours; who is not named is alone. */
  ring(hosts: readonly string[]): void
  /** Neither hears the other. */
  cut(a: string, b: string): void
  /** What `from` sends no longer arrives at `to`; the other way it does. */
  cutOneWay(from: string, to: string): void
  /** Ends one `cut` of these two; what else parts them stays. */
  mend(a: string, b: string): void
  /** Ends one `cutOneWay`; what else parts them stays. */
  mendOneWay(from: string, to: string): void
  /** Ends all of the above. */
  heal(): void
}

/** @param changed - called after each fault and each heal */
export const createConnectivity = (changed: () => void): Connectivity => {
  /** How many faults cut a direction. */
  const cuts = new Map<string, number>()
  let share: (a: string, b: string) => boolean = () => true

  const direction = (from: string, to: string): string => JSON.stringify([from, to])
  const count = (from: string, to: string, change: 1 | -1): void => {
    const place = direction(from, to)
    const left = Math.max(0, (cuts.get(place) ?? 0) + change)
    if (left === 0) cuts.delete(place)
    else cuts.set(place, left)
  }
  const restrict = (rule: typeof share): void => {
    share = rule
    changed()
  }

  return {
    hears: (to, from) => share(from, to) && (cuts.size === 0 || !cuts.has(direction(from, to))),
    partition: (...groups) => {
      checkGroups(groups)
      const numbers = new Map(groups.flatMap((group, number) => group.map((host) => [host, number] as const)))
      restrict((a, b) => numbers.get(a) === numbers.get(b))
    },
    bridge: (...groups) => {
      const sets = groups.map((group) => new Set(group))
      restrict((a, b) => sets.some((set) => set.has(a) && set.has(b)))
    },
    ring: (hosts) => {
      const place = new Map(hosts.map((host, index) => [host, index]))
      restrict((a, b) => {
        const from = place.get(a)
        const to = place.get(b)
        if (from === undefined || to === undefined) return false
        const apart = Math.abs(from - to)
        return apart === 1 || apart === hosts.length - 1
      })
    },
    cut: (a, b) => {
      count(a, b, 1)
      count(b, a, 1)
      changed()
    },
    cutOneWay: (from, to) => {
      count(from, to, 1)
      changed()
    },
    mend: (a, b) => {
      count(a, b, -1)
      count(b, a, -1)
      changed()
    },
    mendOneWay: (from, to) => {
      count(from, to, -1)
      changed()
    },
    heal: () => {
      cuts.clear()
      restrict(() => true)
    },
  }
}

const checkGroups = (groups: readonly (readonly string[])[]): void => {
  const named = groups.flat()
  if (named.length === 0)
    throw new InvalidOptionError('groups', 'without a host', 'at least one group with a host in it')
  const twice = named.find((host, index) => named.indexOf(host) !== index)
  if (twice !== undefined)
    throw new InvalidOptionError('groups', shown(twice), 'each host in one group, named once')
}
