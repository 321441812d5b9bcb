import { randomBytes } from 'node:crypto'
import { unavailable } from '../unavailable.ts'
import { InvalidEntryError } from './errors.ts'
import { entryKey, isAmount, labelProblem, limits, removalKey, removed } from './entry.ts'
import type { Replica } from '@grapevine/replica'
import type * as Y from 'yjs'
import type { Budget, Budgets } from './budgets.ts'

/** The budgets of all users, on every member. Each person sees and changes their own only. */
export interface Entries {
  of(user: string): Budget
  /** @throws InvalidEntryError; UnavailableError when it is not known whether it will come to exist */
  add(user: string, entry: { readonly label: string; readonly amount: number }): Promise<void>
  /** Removes one of the user's own; what is not there is removed already. @throws UnavailableError */
  remove(user: string, entry: string): Promise<void>
  /** Removes all of a person who leaves, as far as they are known here. @throws UnavailableError */
  removeAll(user: string): Promise<void>
}

export interface EntriesOptions {
  readonly map: Y.Map<unknown>
  readonly budgets: Budgets
  readonly replica: Pick<Replica, 'write'>
  /** Ms since 1970. @default Date.now */
  readonly now?: () => number
}

export const createEntries = ({ map, budgets, replica, now = Date.now }: EntriesOptions): Entries => {
  const write = async (change: () => void): Promise<void> => {
    try {
      await replica.write(change)
    } catch (error) {
      throw unavailable(error)
    }
  }

  /** The fact and the loss of the content are one transaction: no member ever sees one without the other. */
  const drop = (user: string, entry: string): void => {
    map.set(removalKey(user, entry, randomId()), removed)
    map.delete(entryKey(user, entry))
  }

  return {
    of: budgets.of,
    add: async (user, { label, amount }) => {
      const problem = labelProblem(label) ?? amountProblem(amount) ?? roomProblem(budgets.of(user))
      if (problem !== undefined) throw new InvalidEntryError(problem)
      const content = Object.freeze({ label, amount, at: Math.max(0, Math.floor(now())) })
      await write(() => void map.set(entryKey(user, randomId()), content))
    },
    remove: async (user, entry) => {
      const key = entryKey(user, entry)
      if (!map.has(key) || budgets.isRemoved(key)) return
      await write(() => drop(user, entry))
    },
    removeAll: async (user) => {
      const { entries } = budgets.of(user)
      if (entries.length === 0) return
      await write(() => entries.forEach(({ id }) => drop(user, id)))
    },
  }
}

const randomId = (): string => randomBytes(16).toString('base64url')

const amountProblem = (amount: number): string | undefined =>
  isAmount(amount) ? undefined : `The amount must be above 0 and at most ${limits.amount / 100}.`

const roomProblem = ({ entries }: Budget): string | undefined =>
  entries.length < limits.entries
    ? undefined
    : `There are ${limits.entries} entries, which is all that a budget holds. Remove some first.`
