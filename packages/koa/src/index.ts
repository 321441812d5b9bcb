/**
 * One call: a Koa app whose users, sessions and log-outs are shared by all of its instances, without a broker.
 *
 * ```ts
 * import { createGrapevine } from '@grapevine/koa'
 *
 * const grapevine = await createGrapevine({ name: 'hello', home: '/me' })
 * grapevine.router.get('/me', grapevine.requireUser, (ctx) => {
 *   ctx.body = `Hello ${ctx.state.user?.username}`
 * })
 * await grapevine.listen()
 * ```
 *
 * @packageDocumentation
 */

// The call
export { createGrapevine } from './create-grapevine.ts'
export type { GrapevineOptions } from './config.ts'
export type { Grapevine } from './grapevine.ts'

// What it is made of
export type { Instance } from './instance/instance.ts'
export type { DocumentOptions, FactsOptions } from './instance/document-options.ts'
export type { OpenDocument } from './instance/documents.ts'
export type { OpenFacts } from './instance/facts.ts'
export type { ReplicatedAccounts } from './instance/accounts.ts'
export type { Disk } from './instance/disk.ts'
export type { Ports } from './instance/ports.ts'
export type { DatabaseOptions } from './database/database-options.ts'
export type { OpenDatabase } from './database/postgres.ts'
export type { Settings } from './settings/settings.ts'
export type { ClusterStatus, MemberStatus } from './status/cluster-status.ts'
export type { SiteLink } from './markup/site.ts'
export type { Views } from './pages/views.ts'

// Sessions, for who has proved by a mail link, OpenID Connect or a passkey who they are
export { endSession, openSession, type OpenSessionOptions } from '@grapevine/auth-middleware'
export { antiForgeryToken, type SignedInUser } from '@grapevine/auth-middleware'

// Facts of the app's own
export { createFactSet, erasureOf, factOf, hashOf, keyOf, type Fact, type FactSet } from '@grapevine/facts'

// What judges a document of the app's own
export type { Change, Place, Policy, Verdict } from '@grapevine/replica'

// What can go wrong
export { UnknownAccountError } from '@grapevine/auth-middleware'
export { InvalidOptionError } from '@grapevine/std'
export { SettingError } from './settings/setting-error.ts'
export { UnavailableError } from './instance/unavailable.ts'
