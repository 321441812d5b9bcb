/**
 * Users as immutable facts in a Yjs map: whatever two documents hold, their merge discards no account.
 *
 * ```ts
 * import { createUserCache } from '@grapevine/user-cache'
 * import * as Y from 'yjs'
 *
 * const users = createUserCache({ doc: new Y.Doc(), nodeId: 'node-1' })
 * const passwordHash = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNo'
 * const { id } = users.register({ username: 'Ada', passwordHash })
 * users.get(id)?.username // 'Ada'
 * users.claimants('ada')[0]?.id === id // true
 * ```
 */

// The cache
export { createUserCache } from './user-cache.ts'
export type { UserCache } from './user-cache.ts'
export type { UserCacheOptions } from './config.ts'
export type { Claim, User } from './user.ts'

// Events
export type { UserEvent, UserEventOf, UserEventType } from './lookup/events.ts'

// For the replica's guard
export { USERS_ROOT } from './guard/policy.ts'
export type { Change, Policy, Verdict } from './guard/policy.ts'

// Names
export { MAX_USERNAME_LENGTH, normaliseUsername } from './names/username.ts'

// Errors
export {
  CacheClosedError,
  ClockOutOfRangeError,
  InvalidOptionError,
  InvalidPasswordHashError,
  InvalidUsernameError,
  UnknownUserError,
  UsernameTakenError,
} from './errors.ts'
