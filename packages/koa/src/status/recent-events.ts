import type { ClusterEvent } from '@grapevine/dashboard'
import type { Membership, MembershipEvent } from '@grapevine/membership'
import type { UserCache } from '@grapevine/user-cache'

/** The last things that happened to the cluster, newest first. */
export interface RecentEvents {
  list(): readonly ClusterEvent[]
  /** @returns how to stop listening */
  onChange(listener: () => void): () => void
}

const mostKept = 40

const words: Readonly<Partial<Record<MembershipEvent['type'], string>>> = {
  'member:up': 'is up',
  'member:suspect': 'does not answer',
  'member:down': 'is down',
  'member:left': 'left',
  'member:linked': 'can be reached from here',
  'member:unlinked': 'cannot be reached from here',
}

export const followRecentEvents = (
  membership: Pick<Membership, 'on'>,
  users: Pick<UserCache, 'on'>,
  now: () => number,
): RecentEvents => {
  const kept: ClusterEvent[] = []
  const listeners = new Set<() => void>()
  const add = (text: string): void => {
    kept.unshift({ at: now(), text })
    kept.splice(mostKept)
    for (const listener of listeners) listener()
  }
  for (const [type, happened] of Object.entries(words)) {
    if (isType(type)) membership.on(type, ({ member }) => add(`${member.name} ${happened}`))
  }
  users.on('name:contested', ({ name, claimants }) => add(`${claimants.length} accounts claim ${name}`))
  return {
    list: () => [...kept],
    onChange: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

const isType = (type: string): type is MembershipEvent['type'] => type in words
