/** What happened to an account after a time, for its owner to be told: as the facts have it, whoever wrote them. */
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

/** @param claims stamps of the claims of its name by others */
export const newsOf = (
  recorded: readonly RecordedFact[],
  claims: readonly Stamp[],
  since: number,
): readonly AccountEvent[] => {
  const told = recorded.flatMap(({ fact: { kind: of, at } }): AccountEvent[] => {
    const kind = kinds[of]
    return kind === undefined ? [] : [{ kind, at: msOf(at) }]
  })
  const contests = claims.map((at): AccountEvent => ({ kind: 'name-contested', at: msOf(at) }))
  return [...told, ...contests].filter(({ at }) => at > since).toSorted((one, other) => other.at - one.at)
}
