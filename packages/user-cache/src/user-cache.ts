/** The shell: puts the parts over one document, and turns changes of its facts into look-ups and events. */
import { registrationOf } from './accounts/adoption.ts'
import type { Adoption, ExternalAccount } from './accounts/adoption.ts'
import { createCommands } from './accounts/commands.ts'
import type { Commands } from './accounts/commands.ts'
import { createClock } from './clock/clock.ts'
import { checkOptions } from './config.ts'
import type { UserCacheOptions } from './config.ts'
import { createFactStore } from './facts/fact-store.ts'
import type { FactStore } from './facts/fact-store.ts'
import { foldAccount } from './facts/fold.ts'
import type { Account } from './facts/fold.ts'
import { createPolicy } from './guard/policy.ts'
import type { Policy } from './guard/policy.ts'
import { createDirectory } from './lookup/directory.ts'
import type { AccountChange } from './lookup/directory.ts'
import { createEvents } from './lookup/events.ts'
import type { UserEventOf, UserEventType } from './lookup/events.ts'
import { checkUsername } from './names/username.ts'
import { exportFacts } from './transfer/export.ts'
import type { ExportOptions } from './transfer/export.ts'
import { importLines } from './transfer/import.ts'
import type { ImportOptions, ImportReport } from './transfer/import.ts'
import type { User } from './user.ts'

/** Look-ups and commands are synchronous; a look-up costs as one of a `Map` does, the first of a user a little more. */
export interface UserCache extends Commands {
  get(id: string): User | undefined
  /** All live accounts that claim the name, owner first; `[]` for a malformed name. */
  claimants(username: string): readonly User[]
  /** Live users. */
  readonly size: number
  /** Names, normalised and sorted, that more than one live account claims. */
  contestedNames(): readonly string[]

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
  /** Judges what another member would do to the document, before it is applied. */
  readonly policy: Policy
  /** Stops following the document; look-ups keep their last answer, writes throw `CACHE_CLOSED`. */
  close(): void
}

/** @throws `INVALID_OPTION` */
export const createUserCache = (options: UserCacheOptions): UserCache => {
  const { doc, randomBytes, onListenerError, ...rest } = checkOptions(options)
  const clock = createClock(rest)
  const events = createEvents(onListenerError)
  const store = createFactStore({ doc, onFact: ({ at }) => clock.witness(at) })
  const accountOf = (id: string): Account | undefined => foldAccount(id, store.facts(id))
  const directory = createDirectory(accountOf)
  store.follow((former) => {
    const changes: AccountChange[] = []
    for (const [id, facts] of former) {
      changes.push({ id, before: foldAccount(id, facts), after: accountOf(id) })
    }
    events.emit(directory.update(changes, events.isHeard ? 'telling' : 'silently'))
  })

  const commands = createCommands({ store, directory, clock, randomBytes })
  return {
    ...commands,
    get: (id) => directory.get(id),
    claimants(username) {
      const checked = checkUsername(username)
      return checked.kind === 'valid' ? directory.claimants(checked.normalised) : []
    },
    get size() {
      return directory.size
    },
    contestedNames: () => [...directory.contested].sort(),
    adopt: (account) => adopt(store, account),
    export: (exportOptions) => exportFacts(store, exportOptions),
    import: (lines, importOptions) =>
      importLines({ store, register: commands.register }, lines, importOptions),
    transact: (change) => store.transact(change),
    on: (type, listener) => events.on(type, listener),
    policy: createPolicy(store),
    close() {
      store.close()
      events.clear()
    },
  }
}

const adopt = (store: FactStore, account: ExternalAccount): Adoption => {
  const registration = registrationOf(account)
  const { user } = registration.fact
  if (store.isErased(user)) return 'erased'
  if (store.facts(user).some(({ fact }) => fact.kind === 'registered')) return 'known'
  store.insert([registration])
  return 'adopted'
}
