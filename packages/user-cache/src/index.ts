/**
 * Users as facts in a Yjs map: whatever two documents hold, their merge discards no account.
 *
 * ```ts
 * import { createFactSet } from '@grapevine/facts'
 * import { createUserCache } from '@grapevine/user-cache'
 * import * as Y from 'yjs'
 *
 * const facts = createFactSet({ doc: new Y.Doc(), root: 'users' })
 * const users = createUserCache({ facts, nodeId: 'node-1' })
 * const passwordHash = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNo'
 * const { id } = users.register({ username: 'Ada', passwordHash })
 * users.get(id)?.username // 'Ada'
 * users.claimants('ada')[0]?.id === id // true
 * ```
 *
 * @module
 */

// The cache
export { createUserCache } from './user-cache.ts'
export type { UserCache } from './user-cache.ts'
export type { UserCacheOptions } from './config.ts'
export type { Claim, User } from './user.ts'
export type { Commands, Registration } from './commands/commands.ts'

// Events
export type { UserEvent, UserEventOf, UserEventType } from './lookup/events.ts'

// What happened to an account
export type { AccountEvent } from './lookup/news.ts'

// Names
export { maxUsernameLength, normaliseUsername } from './names/username.ts'
export { unicodeVersion } from './names/tables.ts'

// Granting a name once
export { grantNames } from './sign-up/name-grants.ts'
export type { GrantOptions, NameGrants } from './sign-up/name-grants.ts'
export type { NameGrantsOptions } from './sign-up/name-grants-config.ts'
export type { Peers } from './sign-up/asking.ts'
export { markFile } from './sign-up/mark-file.ts'
export type { MarkStore } from './sign-up/marks.ts'
export type { Draft } from './commands/drafts.ts'
export { confirmed, decide, isEarlierClaim, openRound, without } from './sign-up/round.ts'
export type { Confirmation, Decision, RankedClaim, Round } from './sign-up/round.ts'
export type { LiveClaim, SignUps } from './sign-up/sign-ups.ts'

// What is held and not read
export type { UnreadReason } from './facts/read-fact.ts'
export type { UnreadCount } from './fold/unread.ts'

// Export and import
export { exportVersion, maxLineLength } from './export-import/line.ts'
export type { Progress, Write } from './export-import/batches.ts'
export type { ExportOptions } from './export-import/export.ts'
export type { ImportOptions, ImportReport } from './export-import/import.ts'

// Accounts kept elsewhere
export { accountIdOf } from './commands/adoption.ts'
export type { Adoption, ExternalAccount } from './commands/adoption.ts'
export { hydrate } from './database/hydrate.ts'
export type { HydrateOptions, HydrateReport } from './database/hydrate.ts'
export { writeThrough } from './database/write-through.ts'
export type { SignUp, WriteThroughOptions } from './database/write-through.ts'
export type { MirroredDatabase, UserDatabase } from './database/user-database.ts'
export { mirrorDatabase } from './database/mirror/mirror.ts'
export type { DatabaseMirror, MirrorStatus } from './database/mirror/mirror.ts'
export type { MirrorEvent, MirrorOptions, MirrorTimings } from './database/mirror/config.ts'
export type { PendingStore } from './database/mirror/pending.ts'

// Errors
export {
  CacheClosedError,
  InvalidExternalAccountError,
  InvalidLineError,
  InvalidPasswordHashError,
  InvalidRoleError,
  InvalidUsernameError,
  NameUnconfirmedError,
  TooManyChangesError,
  UnknownUserError,
  UsernameTakenError,
} from './errors.ts'
