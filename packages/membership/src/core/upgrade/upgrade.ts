import { setSelf } from '../roster/roster.ts'
import { finalisedAt } from '../state/finalised.ts'
import { firstVersions } from '../state/versions.ts'
import type { Member } from '../state/member.ts'
import type { State, Turn } from '../state/state.ts'

/** Who stands in the way of the next version: it speaks an older one at most, or is not there to be asked. */
export interface Hindrance {
  readonly id: string
  readonly name: string
  readonly reason: 'older' | 'absent'
}

export interface UpgradeStatus {
  readonly finalised: number
  /** The highest version of this build. */
  readonly highest: number
  /** What could be finalised now. */
  readonly next: number | undefined
  readonly hindrances: readonly Hindrance[]
}

const highestOf = ({ speaks = firstVersions }: Pick<Member, 'speaks'>): number => speaks.protocols[1]

/** Who has left is not asked; who is down may come back as whatever was installed meanwhile. */
export const upgradeStatus = (state: State): UpgradeStatus => {
  const { self, peers, remembered, upgrade } = state
  const { finalised } = upgrade
  const highest = highestOf(self)
  const others = [...[...peers.values()].map(({ member }) => member), ...remembered.values()]
  const asked = others.filter((member) => member.state !== 'left')
  const hindrances = asked.flatMap((member): Hindrance[] => {
    const { id, name } = member
    if (member.state !== 'alive') return [{ id, name, reason: 'absent' }]
    return highestOf(member) < highest ? [{ id, name, reason: 'older' }] : []
  })
  const common = Math.min(highest, ...asked.map(highestOf))
  const isAnyAbsent = hindrances.some(({ reason }) => reason === 'absent')
  return { finalised, highest, next: isAnyAbsent || common <= finalised ? undefined : common, hindrances }
}

/** What others say that the cluster was finalised at. */
export const hearFinalised = (turn: Turn, statements: readonly Member[]): void => {
  for (const { speaks } of statements) if (speaks?.finalised !== undefined) keep(turn, speaks.finalised)
}

/** An operator's word. Where not every member speaks more than is finalised it is none. */
export const finalise = (turn: Turn): void => {
  const { next } = upgradeStatus(turn.state)
  if (next !== undefined) keep(turn, next)
}

/** Without an operator: when every member has spoken it for so long without a break. A time that goes back begins anew. */
export const finaliseWhenDue = (turn: Turn): void => {
  const { state, now } = turn
  const { upgrade, timings } = state
  if (timings.finaliseAfter === Infinity) return
  const { next } = upgradeStatus(state)
  if (next === undefined) upgrade.candidate = undefined
  else if (next !== upgrade.candidate?.version || now < upgrade.candidate.since)
    upgrade.candidate = { version: next, since: now }
  else if (now - upgrade.candidate.since >= timings.finaliseAfter) keep(turn, next)
}

const keep = ({ state: { upgrade, self }, effects }: Turn, version: number): void => {
  if (version <= upgrade.finalised || version <= (upgrade.keeping ?? 0) || version > highestOf(self)) return
  upgrade.keeping = version
  effects.push({ type: 'keep', version })
}

/** It is on the disk: from now on this member goes by it and says so, also to itself when it starts again. */
export const kept = (turn: Turn, version: number): void => {
  const { state } = turn
  const { self, upgrade } = state
  if (version >= (upgrade.keeping ?? 0)) upgrade.keeping = undefined
  if (version <= upgrade.finalised) return
  upgrade.finalised = version
  setSelf(turn, {
    incarnation: self.incarnation + 1,
    speaks: finalisedAt(self.speaks ?? firstVersions, version),
  })
  turn.effects.push({ type: 'notify', notice: { type: 'finalised', version } })
}

/** The disk did not take it; whoever says it next, or the operator, begins anew. */
export const notKept = ({ state: { upgrade } }: Turn, version: number): void => {
  if (upgrade.keeping === version) upgrade.keeping = undefined
}

/** One word about each member that is two versions behind: the next upgrade would leave it out. */
export const tellBehind = (turn: Turn, id: string): void => {
  const { state } = turn
  const { behindTold } = state.upgrade
  const member = state.peers.get(id)?.member
  if (member === undefined || highestOf(member) > highestOf(state.self) - 2 || behindTold.has(id)) return
  behindTold.add(id)
  turn.effects.push({
    type: 'notify',
    notice: { type: 'behind', peer: id, by: highestOf(state.self) - highestOf(member) },
  })
}
