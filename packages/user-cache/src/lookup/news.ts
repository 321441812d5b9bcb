/** What happened to an account after a time, for its owner to be told: as the facts have it, whoever wrote them. */
import { BoundedMap } from '@grapevine/std'
import { msOf, type Stamp } from '../clock/stamp.ts'
import type { FactKind, RecordedFact } from '../facts/fact.ts'

export interface AccountEvent {
  readonly kind:
    | 'password-changed'
    | 'renamed'
    | 'sessions-ended'
    | 'disabled'
    | 'enabled'
    | 'role-granted'
    | 'role-revoked'
    /** Another account claims the name too. */
    | 'name-contested'
  /** Ms since 1970, by the clock of the node that wrote it. */
  readonly at: number
}

const kinds: Readonly<Partial<Record<FactKind, AccountEvent['kind']>>> = {
  passwordChanged: 'password-changed',
  renamed: 'renamed',
  sessionsEnded: 'sessions-ended',
  disabled: 'disabled',
  enabled: 'enabled',
  roleGranted: 'role-granted',
  roleRevoked: 'role-revoked',
}

/** Of one account; more is of no use to a person. */
const mostEvents = 100

/** What facts tell of, the latest first; nothing else of them. */
const eventsIn = (recorded: readonly RecordedFact[]): readonly AccountEvent[] =>
  latest(
    recorded.flatMap(({ fact: { kind: of, at } }): AccountEvent[] => {
      const kind = kinds[of]
      return kind === undefined ? [] : [{ kind, at: msOf(at) }]
    }),
  )

const latest = (events: readonly AccountEvent[]): readonly AccountEvent[] =>
  events.toSorted((one, other) => other.at - one.at).slice(0, mostEvents)

/** @param claims stamps of the claims of its name by others */
export const newsOf = (
  told: readonly AccountEvent[],
  claims: readonly Stamp[],
  since: number,
): readonly AccountEvent[] => {
  const contests = claims.map((at): AccountEvent => ({ kind: 'name-contested', at: msOf(at) }))
  return latest([...told, ...contests].filter(({ at }) => at > since))
}

/** Accounts whose facts were read lately. */
const mostRead = 1_000

/** Reads the facts of an account again only when there are more: every page asks, and somebody may have made thousands of them. */
export const eventsOnce = (
  countOf: (id: string) => number,
  read: (id: string) => readonly RecordedFact[],
): ((id: string) => readonly AccountEvent[]) => {
  const kept = new BoundedMap<string, { readonly count: number; readonly told: readonly AccountEvent[] }>(
    mostRead,
  )
  return (id) => {
    const count = countOf(id)
    const known = kept.get(id)
    if (known?.count === count) return known.told
    const told = eventsIn(read(id))
    kept.set(id, { count, told })
    return told
  }
}
