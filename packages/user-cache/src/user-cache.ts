/** The shell: puts the parts over one set of facts, and turns what it takes in into look-ups and events. */
import type { Change, FactSet } from '@grapevine/facts'
import { BoundedMap } from '@grapevine/std'
import { adoptedFacts, type Adoption, type ExternalAccount } from './commands/adoption.ts'
import { createCommands, type Commands } from './commands/commands.ts'
import { createDrafts } from './commands/drafts.ts'
import { changePace } from './commands/pace.ts'
import { createSay, ownOrigin } from './commands/say.ts'
import { createClock } from './clock/clock.ts'
import { checkOptions, type UserCacheOptions } from './config.ts'
import { CacheClosedError } from './errors.ts'
import type { UnreadReason } from './facts/read-fact.ts'
import { createLedger } from './fold/ledger.ts'
import { createUnread, type UnreadCount } from './fold/unread.ts'
import { createDirectory } from './lookup/directory.ts'
import { createEvents, type UserEventOf, type UserEventType } from './lookup/events.ts'
import { newsOf, eventsOnce, type AccountEvent } from './lookup/news.ts'
import { checkUsername, normaliseUsername } from './names/username.ts'
import { createSignUps, type SignUps } from './sign-up/sign-ups.ts'
import { exportFacts, type ExportOptions } from './export-import/export.ts'
import { importLines, type ImportOptions, type ImportReport } from './export-import/import.ts'
import type { User } from './user.ts'

/** Look-ups and commands are synchronous; a look-up costs as one of a `Map` does, the first of a user a little more. */
export interface UserCache extends Commands {
  get(id: string): User | undefined
  /** All live accounts that claim the name, owner first; `[]` for a malformed name. */
  claimants(username: string): readonly User[]
  /** Live users. */
  readonly size: number
  /** Those who have this role, in the order of their ids. */
  withRole(role: string): readonly User[]
  /** Names, normalised and sorted, that more than one live account claims. */
  contestedNames(): readonly string[]
  /** What is held and passed on, and not read, by reason: written by a later version, or by somebody who lies. */
  unread(): Readonly<Partial<Record<UnreadReason, UnreadCount>>>
  /** What happened to a live account after a time, in ms since 1970, the latest first; by whoever, its owner included. */
  news(id: string, since: number): readonly AccountEvent[]
  /** Claims of names, for granting each once. */
  readonly signUps: SignUps

  /** Takes in an account that is kept elsewhere, whoever else claims its name. @throws `INVALID_EXTERNAL_ACCOUNT` */
  adopt(account: ExternalAccount): Adoption
  /** All facts as JSON lines without line ends. They hold password hashes. */
  export(options?: ExportOptions): AsyncIterable<string>
  /** Facts from an export, and users from elsewhere. @throws `INVALID_LINE`, the reason of the signal */
  import(lines: AsyncIterable<string> | Iterable<string>, options?: ImportOptions): Promise<ImportReport>
  /** Runs `change` as one transaction of the document. */
  transact<T>(change: () => T): T

  /** Returns what unsubscribes. */
  on<T extends UserEventType>(type: T, listener: (event: UserEventOf<T>) => void): () => void
  /** Stops following the facts; writes throw `CACHE_CLOSED`. */
  close(): void
}

/** @throws `INVALID_OPTION` */
export const createUserCache = (options: UserCacheOptions): UserCache => {
  const { facts, randomBytes, onListenerError, onUnread, ...rest } = checkOptions(options)
  const clock = createClock(rest)
  const events = createEvents(onListenerError)
  const unread = createUnread(onUnread)
  const ledger = createLedger({ facts, unread, onStamp: clock.witness })
  const directory = createDirectory(ledger.accountOf)
  /** When others last said something of an account; of more than these it is long ago. */
  const arrivals = new BoundedMap<string, number>(10_000)
  let isClosed = false

  for (const id of ledger.load()) directory.enter(id)
  const unfollow = facts.onChange((change: Change): void => {
    const how = events.isHeard ? 'telling' : 'silently'
    const changed = new Map<string, User | undefined>()
    ledger.take(change, (id) => changed.set(id, how === 'telling' ? directory.peek(id) : undefined))
    if (change.origin !== ownOrigin) for (const id of changed.keys()) arrivals.set(id, rest.now())
    events.emit(directory.update(changed, how))
  })

  const sayContext = { facts, ledger, clock, randomBytes, isClosed: () => isClosed }
  const pace = changePace({
    now: rest.now,
    perMinute: rest.changesPerMinute,
    perLife: rest.changesPerLife,
    keptOf: (id) => facts.of(id).length,
  })
  const drafts = createDrafts({ ...sayContext, directory })
  const context = { ...sayContext, directory, drafts, pace, say: createSay(sayContext) }
  const commands = createCommands(context)
  // Whom others have admitted long ago; new names are asked more.
  const register: Commands['register'] = (input) => drafts.registration(input, normaliseUsername).write()
  const signUps = createSignUps({ ...context, arrivedAt: (id) => arrivals.get(id), now: rest.now })
  const eventsOf = eventsOnce((id) => facts.of(id).length, ledger.recordedOf)
  const claimants = (username: string): readonly User[] => {
    const checked = checkUsername(username)
    return checked.kind === 'valid' ? directory.claimants(checked.normalised) : []
  }
  return {
    ...commands,
    get: directory.get,
    claimants,
    get size() {
      return directory.size
    },
    withRole: (role) =>
      ledger
        .withRole(role)
        .toSorted()
        .flatMap((id) => directory.get(id) ?? []),
    contestedNames: () => [...directory.contested].sort(),
    unread: unread.report,
    news: (id, since) => {
      const user = directory.get(id)
      if (user === undefined) return []
      const others = user.claim === 'sole' ? [] : signUps.liveClaims(user.username)
      const claims = others.flatMap((claim) => (claim.id === id ? [] : [claim.at]))
      return newsOf(eventsOf(id), claims, since)
    },
    signUps,
    adopt: (account) => {
      if (isClosed) throw new CacheClosedError()
      return adopt(facts, ledger.accountOf, account)
    },
    export: (exportOptions) => exportFacts(facts, exportOptions),
    import: (lines, importOptions) => importLines({ ...context, register }, lines, importOptions),
    transact: (change) => facts.doc.transact(change),
    on: events.on,
    close: () => {
      isClosed = true
      unfollow()
      events.clear()
    },
  }
}

const adopt = (facts: FactSet, accountOf: (id: string) => unknown, account: ExternalAccount): Adoption => {
  const adopted = adoptedFacts(account)
  const [{ subject }] = adopted
  if (facts.isErased(subject)) return 'erased'
  if (accountOf(subject) !== undefined) return 'known'
  facts.insert(adopted)
  return 'adopted'
}
