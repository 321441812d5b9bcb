import { grantNames, type NameGrants, type UserCache } from '@grapevine/user-cache'
import type { Membership } from '@grapevine/membership'
import type { FactsReplica } from '@grapevine/replica'
import type { Ports } from '../instance/ports.ts'

export interface NameGrantsParts {
  readonly membership: Membership
  readonly users: UserCache
  readonly replica: FactsReplica
  readonly ports: Pick<Ports, 'signUpStore' | 'clock' | 'log'>
  /** It has heard of the others, or has waited for them long enough. */
  readonly isReady: () => boolean
}

/** Who gets which name, agreed on with the other members. */
export const openNameGrants = ({
  membership,
  users,
  replica,
  ports,
  isReady,
}: NameGrantsParts): Promise<NameGrants> => {
  const { signUpStore: store, clock, log } = ports
  return grantNames({
    users,
    facts: replica.set,
    peers: membership,
    write: (change) => replica.write(change),
    stored: (key) => replica.stored([key]),
    ready: replica.ready,
    isReady,
    clock,
    log,
    ...(store === undefined ? {} : { store }),
  })
}
