import { createHash, randomBytes } from 'node:crypto'
import { factOf, hashOf, type OpenFacts } from '@grapevine/koa'
import { followBudgets, type Budget } from './budgets.ts'
import { createPace } from '@grapevine/std'
import { InvalidEntryError, TooManyEntriesError } from './errors.ts'
import {
  encodeEntryFact,
  isAmount,
  labelProblem,
  limits,
  parseEntryFact,
  type Entry,
  type EntryFact,
} from './entry.ts'

/** The budgets of all users, on every member. Each person sees and changes their own only. */
export interface Entries {
  of(user: string): Budget
  /** @throws InvalidEntryError, TooManyEntriesError; UnavailableError when it is not known whether it will come to exist */
  add(user: string, entry: { readonly label: string; readonly amount: number }): Promise<void>
  /** Removes one of the user's own; what is not there is removed already. @throws as `add` */
  remove(user: string, entry: string): Promise<void>
  /** One of the user's own that was removed, as long as it is kept. */
  removed(user: string, entry: string): Omit<Entry, 'id'> | undefined
  /** Adds again what was removed, where it stood. Twice is once. @throws as `add` */
  undoRemoval(user: string, entry: string): Promise<void>
}

export interface EntriesOptions extends Pick<OpenFacts, 'set' | 'write'> {
  /** Ms since 1970. @default Date.now */
  readonly now?: () => number
  /** Unguessable. @default those of node:crypto */
  readonly salt?: () => string
}

export const createEntries = (options: EntriesOptions): Entries => {
  const { set, write, now = Date.now, salt = () => randomBytes(16).toString('base64url') } = options
  const budgets = followBudgets(set)
  const pace = createPace({
    now,
    perMinute: limits.changesPerMinute,
    perLife: limits.lifetime,
    keptOf: (user) => set.of(user).length,
  })
  const say = async (user: string, content: EntryFact, salted = salt()): Promise<void> => {
    const wait = pace.take(user)
    if (wait > 0) throw new TooManyEntriesError(wait)
    await write(() => set.insert([factOf(user, encodeEntryFact(content, salted))]))
  }
  const isThere = (user: string, entry: string): boolean =>
    budgets.of(user).entries.some(({ id }) => id === entry)
  const removed: Entries['removed'] = (user, entry) => {
    const key = isThere(user, entry) ? undefined : set.of(user).find((held) => hashOf(held) === entry)
    const content = key === undefined ? undefined : parseEntryFact(set.text(key) ?? '')
    return content?.kind === 'added' ? content : undefined
  }
  return {
    of: budgets.of,
    add: async (user, { label, amount }) => {
      const problem = labelProblem(label) ?? amountProblem(amount) ?? roomProblem(budgets.of(user))
      if (problem !== undefined) throw new InvalidEntryError(problem)
      await say(user, { kind: 'added', label, amount, at: Math.max(0, Math.floor(now())) })
    },
    remove: async (user, entry) => {
      if (isThere(user, entry)) await say(user, { kind: 'removed', entry })
    },
    removed,
    undoRemoval: async (user, entry) => {
      const content = removed(user, entry)
      if (content === undefined) return
      const problem = roomProblem(budgets.of(user))
      if (problem !== undefined) throw new InvalidEntryError(problem)
      const { label, amount, at } = content
      await say(user, { kind: 'added', label, amount, at }, undoSalt(entry))
    },
  }
}

/** The same for each try, so that a form that is sent twice adds one entry. */
const undoSalt = (entry: string): string =>
  createHash('sha256').update(`undo ${entry}`).digest('base64url').slice(0, 22)

const amountProblem = (amount: number): string | undefined =>
  isAmount(amount) ? undefined : `The amount must be above 0 and at most ${limits.amount / 100}.`

const roomProblem = ({ entries }: Budget): string | undefined =>
  entries.length < limits.entries
    ? undefined
    : `There are ${limits.entries} entries, which is all that a budget holds. Remove some first.`
