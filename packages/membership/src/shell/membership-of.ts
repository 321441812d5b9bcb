import { checkMetadata } from '../config.ts'
import { viewOf } from '../core/roster/view.ts'
import { memberOf } from '../core/state/statement.ts'
import { commonVersions } from '../core/state/versions.ts'
import { membersOf } from './members.ts'
import type { Member } from '../core/state/member.ts'
import type { Membership } from '../membership.ts'
import type { Requests } from '../network/requests/requests.ts'
import type { Emitter } from './emitter.ts'
import type { Upgrade } from './upgrade.ts'
import type { CoreRunner } from './core-runner.ts'

export interface MembershipParts extends Pick<Membership, 'topic' | 'discovery' | 'leave'> {
  readonly protocol: CoreRunner
  readonly events: Emitter
  readonly requests: Requests
  readonly upgrade: Upgrade
  /** Monotonic, in milliseconds. */
  readonly now: () => number
}

/** What the application sees of a member that runs. */
export const membershipOf = (parts: MembershipParts): Membership => {
  const { protocol, events, requests, upgrade, topic, discovery, now, leave } = parts
  const members = (): readonly Member[] => membersOf(protocol.state, now())
  return {
    get self() {
      return memberOf(protocol.state.self)
    },
    members,
    reachable: () => [...protocol.state.reachable],
    view: () => viewOf(members()),
    size: () => members().filter(({ state }) => state !== 'left').length,
    forget: (id) => {
      const isDown = members().some((member) => member.id === id && member.state === 'down')
      protocol.handle({ type: 'forget', id })
      return isDown
    },
    on: events.on,
    topic,
    request: requests.request,
    handle: requests.handle,
    speaks: (id) => {
      const { self, peers, remembered } = protocol.state
      const member = id === self.id ? self : (peers.get(id)?.member ?? remembered.get(id))
      return member === undefined ? undefined : commonVersions(self.speaks, member.speaks)
    },
    allSpeak: (feature) =>
      members().every((member) => member.state === 'left' || hasFeature(member, feature)),
    upgrade: { status: upgrade.status, finalise: upgrade.finalise, onFinalised: upgrade.onFinalised },
    ignored: () => protocol.state.ignored,
    discovery,
    setMetadata: (metadata) => {
      protocol.handle({ type: 'changed', self: { metadata: checkMetadata('metadata', metadata) } })
    },
    leave,
    [Symbol.asyncDispose]: () => leave(),
  }
}

const hasFeature = ({ speaks }: Member, feature: string): boolean =>
  speaks?.features.includes(feature) === true
