import { told, type Change } from '@grapevine/dashboard'
import type { Membership } from '@grapevine/membership'
import type { UserCache } from '@grapevine/user-cache'
import type { Logger } from 'pino'

export interface HistoryLogParts {
  readonly membership: Pick<Membership, 'members' | 'view'>
  readonly users: Pick<UserCache, 'claimants'>
  readonly log: Pick<Logger, 'info' | 'warn'>
}

/** Names whose accounts are told in one line. */
const mostNames = 5

/** Writes what happens to the cluster into the log, in the words of the live view. */
export const logChanges = ({ membership, users, log }: HistoryLogParts): ((change: Change) => void) => {
  const seen = (): object => ({ view: membership.view(), ...countsOf(membership) })
  return ({ kind, entry }) => {
    if (kind === 'counted') return
    const { what, more } = told(entry)
    if (entry.kind === 'contested') {
      const accounts = Object.fromEntries(
        entry.names.slice(0, mostNames).map((name) => [name, users.claimants(name).map(({ id }) => id)]),
      )
      return log.warn(
        { accounts },
        `${what}: each password opens its own account, and who came second is asked for another name`,
      )
    }
    if (entry.kind !== 'disturbance') {
      if (kind === 'came') log.info(seen(), what)
      return
    }
    if (kind === 'came' || kind === 'grew') {
      const { reached, all } = countsOf(membership)
      return log.warn(seen(), `${what}; ${reached} of ${all} members are there (${membership.view()})`)
    }
    log.info(seen(), `${what}. ${more.join(' ')}`)
  }
}

const countsOf = (
  membership: Pick<Membership, 'members'>,
): { readonly reached: number; readonly all: number } => {
  const known = membership.members().filter(({ state }) => state !== 'left')
  return { reached: known.filter(({ state }) => state !== 'down').length, all: known.length }
}
