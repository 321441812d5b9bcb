import { dialDue, finishDial, redialSoon, remember, resetBackoff } from './dialling.ts'
import { gossip, greet, sync } from './gossip.ts'
import {
  answerPing,
  excuseOwnStall,
  expireProbes,
  expireSuspicions,
  probe,
  probeNext,
  receiveAck,
  relayPing,
} from './probing.ts'
import { announceReachability } from './reachability.ts'
import { claimAbout, learnAll, spread } from './roster.ts'
import { isPresent, send, type Effect, type Input, type State, type Turn } from './state.ts'
import type { Message } from './messages.ts'

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
    case 'found':
      return remember(turn, input.addresses, input.peer)
    case 'dialled':
      return finishDial(turn, input.target, input.outcome)
    case 'tick':
      return tick(turn)
    case 'changed':
      return change(turn, input.self)
    case 'leave':
      return leave(turn)
  }
}

const linked = (turn: Turn, peer: string): void => {
  turn.state.links.add(peer)
  turn.state.probes.delete(peer)
  resetBackoff(turn, peer)
  greet(turn, peer)
}

/** A broken connection is no proof of a dead member: others are asked, and it is dialled again. */
const unlinked = (turn: Turn, peer: string): void => {
  const { state } = turn
  state.links.delete(peer)
  state.probes.delete(peer)
  const member = claimAbout(turn, peer)
  if (member === undefined || state.self.state === 'left') return
  if (isPresent(member)) probe(turn, peer)
  redialSoon(turn, peer)
}

const receive = (turn: Turn, from: string, message: Message): void => {
  learnAll(turn, message.claims)
  switch (message.type) {
    case 'hello':
    case 'gossip':
      return
    case 'ping':
      return answerPing(turn, from, message.seq)
    case 'ack':
      return receiveAck(turn, message.seq, message.claims)
    case 'ping-req':
      return relayPing(turn, from, message.seq, message.target)
  }
}

const tick = (turn: Turn): void => {
  excuseOwnStall(turn)
  expireProbes(turn)
  expireSuspicions(turn)
  probeNext(turn)
  dialDue(turn)
  gossip(turn)
  sync(turn)
}

const change = (turn: Turn, self: Extract<Input, { type: 'changed' }>['self']): void => {
  const { state } = turn
  state.self = { ...state.self, ...self, incarnation: state.self.incarnation + 1 }
  spread(turn, state.self.id)
}

/** Says goodbye to everybody who hears: nobody has to suspect this node first. */
const leave = (turn: Turn): void => {
  const { state } = turn
  state.self = { ...state.self, state: 'left' }
  for (const peer of state.links) send(turn, peer, { type: 'gossip', claims: [state.self] })
}
