/** One account and its row: what is to be done about them. */
import { codeOf } from '@grapevine/std'
import { isId } from '../../facts/id.ts'
import { accountIdOf, isAdoptedUnderAnotherId, type ExternalAccount } from '../../commands/adoption.ts'
import { differenceOf, knownOf, saidOf, verdictOf, type Verdict } from './compare.ts'
import type { MirrorOptions } from './config.ts'

export interface Rows {
  /** Learns which row is whose, where ids are not made here. @returns the id of the account */
  meet(row: ExternalAccount): string
  rowIdOf(id: string): string
  /** It was taken in from a row of another id, by a member that met it: which one is known after a look at all rows. */
  isUnmet(id: string): boolean
  /** Its row is gone, or another's: from now on it is written under the account's own id. */
  giveUp(id: string): void
  /** `missing`: not known here, and not erased. */
  judge(id: string, row: ExternalAccount): Verdict | 'missing'
  /** Makes the row what the account is now. */
  save(id: string, signal: AbortSignal): Promise<void>
  isLive(id: string): boolean
  isErased(id: string): boolean
  /** Makes the account what its row says that nobody here has heard. @returns what changed */
  takeIn(id: string, row: ExternalAccount): readonly string[]
}

export const createRows = ({ users, facts, database }: MirrorOptions): Rows => {
  /** Of accounts whose rows have ids that are not those of the accounts. */
  const foreign = new Map<string, string>()
  const known = (id: string) => knownOf(facts, users, id)
  const rowIdOf = (id: string): string => foreign.get(id) ?? id
  return {
    meet: (row) => {
      const id = accountIdOf(row.id)
      if (id !== row.id) foreign.set(id, row.id)
      return id
    },
    rowIdOf,
    isUnmet: (id) => !foreign.has(id) && saidOf(facts, id).some((fact) => isAdoptedUnderAnotherId(id, fact)),
    giveUp: (id) => void foreign.set(id, id),
    isLive: (id) => isId(id) && users.get(id) !== undefined,
    isErased: (id) => facts.isErased(id),
    judge: (id, row) => {
      if (facts.isErased(id)) return 'behind'
      const account = known(id)
      return account === undefined ? 'missing' : verdictOf(differenceOf(row, account, database.keepsDisabled))
    },
    save: async (id, signal) => {
      if (facts.isErased(id)) return database.remove(rowIdOf(id), { signal })
      const user = users.get(id)
      if (user === undefined) return undefined
      const { username, passwordHash, registeredAt, disabled } = user
      return database.save({ id: rowIdOf(id), username, passwordHash, registeredAt, disabled }, { signal })
    },
    takeIn: (id, row) => {
      const account = known(id)
      if (account === undefined) return []
      const { passwordHash, username, disabled } = differenceOf(row, account, database.keepsDisabled)
      const steps: readonly (readonly [string, Verdict, () => unknown])[] = [
        ['disabled', disabled, () => users.disable(id)],
        ['password', passwordHash, () => users.changePassword(id, row.passwordHash)],
        ['name', username, () => users.rename(id, row.username)],
      ]
      const taken = steps.filter(([, verdict]) => verdict === 'ahead')
      for (const [, , take] of taken) take()
      return taken.map(([what]) => what)
    },
  }
}

/** That the server refuses this row, and not that it cannot be asked: data errors, violated rules, a name that is taken. */
export const isAboutTheRow = (error: unknown): boolean =>
  /^(22|23)[0-9A-Z]{3}$|^USERNAME_TAKEN$/.test(codeOf(error) ?? '')
