/**
 * Sessions, sign-up, login, logout and guards for Koa 3. Users are whatever answers to {@link Accounts}: a
 * `Map`, a database read at start, a replicated cache.
 *
 * ```ts
 * const app = new Koa()
 * const ledger = memoryLedger()
 * const hasher = passwordHasher()
 * app.use(sessions(app, { keys: deriveSessionKeys([secret]), mode: 'production' }))
 * app.use(authentication({ accounts, ledger }))
 * app.use(bodyParser())
 * app.use(antiForgery())
 * router.get('/', form({ page: 'login', view }))
 * router.post('/', login({ accounts, hasher, view, defaultPath: '/budget' }))
 * router.get('/signup', form({ page: 'signup', view }))
 * router.post('/signup', signUp({ accounts, hasher, view }))
 * router.post('/logout', logout())
 * router.post('/password', changePassword({ accounts, hasher, view }))
 * router.get('/budget', requireUser(), (ctx) => { ctx.body = `Hello ${ctx.state.user?.username}` })
 * ```
 *
 * The order is part of the meaning: sessions, then who it is, then the body, then the anti-forgery check,
 * then everything that acts. The README has the whole program, and a test runs it.
 *
 * @packageDocumentation
 */

// What the app provides
export type { Account, Accounts, RegisterErrorCode, WriteOptions } from './account.ts'
export { memoryLedger, type EndOptions, type SessionLedger } from './sessions/session-ledger.ts'
export type { FormField, FormModel, View } from './forms/form.ts'
export type { ProblemView } from './http/problem-view.ts'

// How many passwords may be tried
export type { Attempt, AttemptKind, AttemptLimiter } from './throttle/attempt-limiter.ts'
export type { AttemptLimits, AttemptOptions } from './config.ts'
export { memoryAttempts } from './throttle/memory-attempts.ts'
export { clusterAttempts } from './throttle/cluster-attempts.ts'
export type { ClusterAttemptOptions, ClusterAttempts, Peers } from './throttle/cluster-attempts.ts'
export { attemptFile, type AttemptStore } from './throttle/attempt-store.ts'

// Sessions
export { deriveSessionKeys } from './sessions/session-keys.ts'
export { endSession, openSession, type OpenSessionOptions } from './sessions/open-session.ts'
export { sessions } from './sessions/sessions.ts'
export type { SessionsOptions } from './config.ts'
export type { Session } from './sessions/session.ts'

// Devices and news
export { memoryDevices, type DeviceDirectory, type DeviceRecord } from './devices/device-directory.ts'
export { accountNews, dismissNews, ownDevices } from './devices/own-devices.ts'
export type { AccountHistory, AccountNews } from './devices/account-history.ts'
export type { OwnDevice } from './devices/own-devices.ts'

// Guards
export {
  authentication,
  twinOf,
  type AuthenticationOptions,
  type SignedInUser,
} from './guards/authentication.ts'
export { requireUser, type RequireUserOptions } from './guards/require-user.ts'
export { authorize, type AuthorizeOptions } from './guards/authorize.ts'
export { antiForgery, type AntiForgeryOptions } from './guards/anti-forgery.ts'
export { staleForm, type StaleForm } from './guards/stale-form.ts'
export { antiForgeryToken } from './guards/anti-forgery-token.ts'
export { onSplit, type ClusterView, type OnSplitOptions } from './guards/availability.ts'
export { refuseUntilReady, type UntilReadyOptions } from './guards/availability.ts'
export { safeReturnPath } from './http/safe-return-path.ts'

// Pages
export { form, type FormOptions } from './forms/form.ts'
export { signUp, type SignUpOptions } from './forms/sign-up.ts'
export { login, type LoginOptions, type LoginPace } from './forms/login.ts'
export { logout, type LogoutOptions } from './forms/logout.ts'
export { changePassword, type ChangePasswordOptions } from './forms/change-password.ts'
export { endOtherSessions, type EndOtherSessionsOptions } from './forms/end-other-sessions.ts'
export { endDevice } from './forms/end-device.ts'
export { settleTwin, type SettleTwinOptions } from './twins/settle-twin.ts'
export { eraseAccount, type EraseAccountOptions } from './forms/erase-account.ts'
export { rename, type RenameOptions } from './forms/rename.ts'
export type { ConfirmedFormOptions } from './forms/confirmed-form.ts'

// Passwords
export { passwordHasher, type PasswordHasher } from './passwords/password-hasher.ts'
export type { PasswordHasherOptions } from './config.ts'
export { checkPassword } from './passwords/password.ts'

// What happened
export type { AuditEvent, AuditFact, OnAudit } from './audit-event.ts'
export type { RefusalCode } from './http/refusal.ts'

// Errors
export { InvalidOptionError } from '@grapevine/std'
export {
  InvalidChoiceError,
  InvalidPasswordError,
  MissingAuthenticationError,
  MissingSessionsError,
  OverloadedError,
  UnknownAccountError,
  UnknownDeviceError,
  UnknownTwinError,
} from './errors.ts'
