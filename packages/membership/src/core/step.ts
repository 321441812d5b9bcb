import { dialDue, finishDial } from './linking/dialling.ts'
import { answerGreeting, gossip, greet, sync } from './roster/gossip.ts'
import { excuseOwnStall } from './state/health.ts'
import {
  endExcessLinks,
  endSilentLinks,
  hangUp,
  hangUpAfterHello,
  hear,
  linked,
  unlinked,
} from './linking/linking.ts'
import { answerPing, endProbe, expireProbes, probeNext, receiveNack } from './detector/probing.ts'
import { askClock, hearClock } from './detector/skew.ts'
import { forgetMember, retireReplaced } from './roster/forget.ts'
import { tellClone } from './roster/clones.ts'
import { isPenalised, penalise, refuse } from './roster/penalties.ts'
import { announceReachability } from './roster/reachability.ts'
import { expireRelays, passOn, relayPing } from './detector/relaying.ts'
import { forgetAbsent, learnAll, setSelf } from './roster/roster.ts'
import { send, type State, type Turn } from './state/state.ts'
import type { Effect } from './state/effect.ts'
import type { Input } from './state/input.ts'
import { configure, hearAnnouncement } from './linking/strangers.ts'
import { expireSuspicions, lookInto } from './detector/suspecting.ts'
import { commonVersions, firstVersions } from './state/versions.ts'
import { finalise, finaliseWhenDue, hearFinalised, kept, notKept, tellBehind } from './upgrade/upgrade.ts'
import type { Message } from './state/messages.ts'

/**
 * The whole protocol: what happened, at what time (milliseconds, monotonic) → what to do. No sockets, no
 * timers, no clock. The state given is taken over; go on with the one returned.
 */
export const step = (
  state: State,
  input: Input,
  now: number,
): { state: State; effects: readonly Effect[] } => {
  const turn: Turn = { state, now, effects: [] }
  take(turn, input)
  announceReachability(turn)
  return { state: turn.state, effects: turn.effects }
}

const take = (turn: Turn, input: Input): void => {
  switch (input.type) {
    case 'linked':
      return linked(turn, input.peer)
    case 'unlinked':
      return unlinked(turn, input.peer)
    case 'received':
      return receive(turn, input.from, input.message)
    case 'configured':
      configure(turn, input.source, input.addresses)
      return dialDue(turn)
    case 'announced':
      if (hearAnnouncement(turn, input.peer, input.addresses)) dialDue(turn)
      return
    case 'malformed':
      penalise(turn, input.from)
      return hangUp(turn, input.from)
    case 'dialled':
      return finishDial(turn, input.target, input.outcome)
    case 'tick':
      return tick(turn)
    case 'changed':
      return change(turn, input.self)
    case 'cloned':
      return tellClone(turn)
    case 'forget':
      forgetMember(turn, input.id)
      return
    case 'finalise':
      return finalise(turn)
    case 'kept':
      kept(turn, input.version)
      return greetIncompatible(turn)
    case 'notKept':
      return notKept(turn, input.version)
    case 'leave':
      return leave(turn)
  }
}

const receive = (turn: Turn, from: string, message: Message): void => {
  hear(turn, from)
  if (isIncompatible(turn, from, message)) return refuseAfterHello(turn, from)
  learnAll(turn, message.statements, from)
  if (isPenalised(turn, from)) return hangUp(turn, from)
  hearFinalised(turn, message.statements)
  lookInto(turn, message.statements)
  switch (message.type) {
    case 'hello':
      askClock(turn, from)
      tellBehind(turn, from)
      return answerGreeting(turn, from, message.digest)
    case 'gossip':
      return
    case 'unknown':
      turn.state.ignored += 1
      return
    case 'ping':
      return answerPing(turn, from, message.seq)
    case 'ack':
      endProbe(turn, from, message.seq, message.clock)
      hearClock(turn, from, message.seq, message.clock)
      return passOn(turn, message.seq, message.statements)
    case 'nack':
      return receiveNack(turn, message.seq)
    case 'ping-req':
      return relayPing(turn, from, message.seq, message.target, message.statements)
  }
}

/** Who has no version in common with this node is not let in, and both say so: each has told its own when the link opened. */
const isIncompatible = (turn: Turn, from: string, { statements }: Message): boolean => {
  const { self } = turn.state
  // In its own words: what others say that it speaks may be a lie.
  const peer = statements.find(({ id }) => id === from)
  if (peer === undefined || commonVersions(self.speaks, peer.speaks) !== undefined) return false
  refuse(turn, from, {
    type: 'incompatible',
    peer: from,
    name: peer.name,
    theirs: peer.speaks ?? firstVersions,
  })
  return true
}

/** It may hear of this node before there is a link to say hello on: then the link is what it waits for. */
const refuseAfterHello = (turn: Turn, from: string): void => {
  if (turn.state.links.has(from)) hangUpAfterHello(turn, from)
}

/** What was spoken with them is not spoken any more: each is told, says so on its side, and is refused with its next word. */
const greetIncompatible = (turn: Turn): void => {
  const { links, peers, self } = turn.state
  for (const id of links) {
    const member = peers.get(id)?.member
    if (member !== undefined && commonVersions(self.speaks, member.speaks) === undefined) greet(turn, id)
  }
}

const tick = (turn: Turn): void => {
  excuseOwnStall(turn)
  finaliseWhenDue(turn)
  expireProbes(turn)
  expireRelays(turn)
  expireSuspicions(turn)
  forgetAbsent(turn)
  retireReplaced(turn)
  probeNext(turn)
  endSilentLinks(turn)
  endExcessLinks(turn)
  dialDue(turn)
  gossip(turn)
  sync(turn)
}

const change = (turn: Turn, self: Extract<Input, { type: 'changed' }>['self']): void => {
  const { state } = turn
  setSelf(turn, { ...self, incarnation: state.self.incarnation + 1 })
}

/** Says goodbye to everybody who hears: nobody has to suspect this node first. */
const leave = (turn: Turn): void => {
  const { state } = turn
  state.self = { ...state.self, state: 'left' }
  for (const peer of state.links) send(turn, peer, { type: 'gossip', statements: [state.self] })
}
