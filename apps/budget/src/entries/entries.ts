import { InvalidEntryError } from './errors.ts'
import { entryKey, isAmount, labelProblem, limits } from './entry.ts'
import { randomId, removeEntries } from './removal.ts'
import type { OpenDocument } from '@grapevine/koa'
import type * as Y from 'yjs'
import type { Budget, Budgets } from './budgets.ts'

/** The budgets of all users, on every member. Each person sees and changes their own only. */
export interface Entries {
  of(user: string): Budget
  /** @throws InvalidEntryError; UnavailableError when it is not known whether it will come to exist */
  add(user: string, entry: { readonly label: string; readonly amount: number }): Promise<void>
  /** Removes one of the user's own; what is not there is removed already. @throws UnavailableError */
  remove(user: string, entry: string): Promise<void>
}

export interface EntriesOptions {
  readonly map: Y.Map<unknown>
  readonly budgets: Budgets
  readonly write: OpenDocument['write']
  /** Ms since 1970. @default Date.now */
  readonly now?: () => number
}

export const createEntries = ({ map, budgets, write, now = Date.now }: EntriesOptions): Entries => {
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
      await write(() => removeEntries(map, user, [{ id: entry }]))
    },
  }
}

const amountProblem = (amount: number): string | undefined =>
  isAmount(amount) ? undefined : `The amount must be above 0 and at most ${limits.amount / 100}.`

const roomProblem = ({ entries }: Budget): string | undefined =>
  entries.length < limits.entries
    ? undefined
    : `There are ${limits.entries} entries, which is all that a budget holds. Remove some first.`
