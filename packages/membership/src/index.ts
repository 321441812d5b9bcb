/**
 * Who is in the cluster: members find each other, admit only those who know the cluster's secret, and
 * agree on who is up, without a broker.
 *
 * @example
 * ```ts
 * import { createMembership, mdns } from '@grapevine/membership'
 *
 * const membership = await createMembership({
 *   cluster: 'chat',
 *   secrets: ['correct horse battery staple'],
 *   discovery: [mdns()],
 *   topics: ['lines'],
 * })
 * membership.on('member:up', ({ member }) => console.log(`${member.name} is here`))
 * const lines = membership.topic('lines')
 * lines.subscribe((bytes) => console.log(new TextDecoder().decode(bytes)))
 * await lines.publish(new TextEncoder().encode('hello'))
 * await membership.leave()
 * ```
 *
 * @module
 */

// The member
export { createMembership } from './create-membership.ts'
export type { Membership } from './membership.ts'
export { defaultTimings, type MembershipOptions, type Timings } from './config.ts'
export { limits } from './limits.ts'
export type { Member, MemberState } from './core/state/member.ts'
export type { Spoken, Versions } from './core/state/versions.ts'
export type { Upgrade } from './shell/upgrade.ts'
export type { Hindrance, UpgradeStatus } from './core/upgrade/upgrade.ts'
export type { ClusterView } from './core/roster/view.ts'
export type { MembershipEvent } from './core/state/effect.ts'
export type { MembershipListener } from './shell/emitter.ts'
export type { Topic } from './network/topics.ts'
export type { RequestHandler } from './network/requests/answering.ts'
export type { Log } from '@grapevine/std'

// How members are found
export { mdns } from './discovery/mdns.ts'
export { seedAddress, seeds } from './discovery/seeds.ts'
export { dns, type DnsOptions } from './discovery/dns.ts'
export type { NameResolver } from './discovery/names.ts'
export { inWords as discoveryInWords } from './discovery/report.ts'
export type { DiscoveryReport, MulticastInterface, TriedAddress, TriedName } from './discovery/report.ts'
export type { Discovery, DiscoveryContext, Found } from './discovery/discovery.ts'

// What can go wrong
export { InvalidOptionError } from '@grapevine/std'
export {
  AdmissionRefusedError,
  CorruptIdentityError,
  ListenError,
  MalformedMessageError,
  MessageTooLargeError,
  MissingHookError,
  NewerClusterError,
  NotFinalisedError,
  RequestFailedError,
  type RequestFailure,
  UnreachableMemberError,
} from './errors.ts'
