import { defaultTimings } from '../config.ts'
import { initialState, type State } from '../core/state/state.ts'
import { step } from '../core/step.ts'
import type { Statement } from '../core/state/statement.ts'
import type { Effect } from '../core/state/effect.ts'
import type { Input } from '../core/state/input.ts'

/** A statement that a member of this id is alive, but for the changes. */
export const member = (id: string, changes: Partial<Statement> = {}): Statement => ({
  id,
  name: id,
  incarnation: 1,
  addresses: [`/ip4/192.0.2.1/tcp/${id.length}`],
  metadata: {},
  state: 'alive',
  ...changes,
})

/** One member, its clock in the hands of the test. */
export interface LoneMember {
  readonly state: State
  input(next: Input): readonly Effect[]
  /** Ticks for so long; all effects. */
  pass(ms: number): readonly Effect[]
  /** Time goes by without a tick: SIGSTOP, or a stalled event loop. */
  stall(ms: number): void
  /** Member b, linked or not, says so. */
  tell(...statements: readonly Statement[]): readonly Effect[]
  /** A link opens, and whoever is there introduces itself. */
  link(id: string): readonly Effect[]
}

/** @param remembered - from its disk */
export const alone = (remembered: readonly Statement[] = []): LoneMember => {
  let state: State = initialState(member('self'), defaultTimings, () => 0.5, 0, { remembered })
  let now = 0
  const input = (next: Input): readonly Effect[] => {
    const result = step(state, next, now)
    state = result.state
    return result.effects
  }
  return {
    get state() {
      return state
    },
    input,
    /** Ticks for so long; all effects. */
    pass: (ms: number): readonly Effect[] => {
      const effects: Effect[] = []
      for (const end = now + ms; now < end;) {
        now += defaultTimings.tick
        effects.push(...input({ type: 'tick' }))
      }
      return effects
    },
    /** Time goes by without a tick: SIGSTOP, or a stalled event loop. */
    stall: (ms: number) => {
      now += ms
    },
    tell: (...statements: Statement[]) =>
      input({ type: 'received', from: 'b', message: { type: 'gossip', statements } }),
    link: (id: string) => {
      input({ type: 'linked', peer: id })
      return input({ type: 'received', from: id, message: { type: 'gossip', statements: [member(id)] } })
    },
  }
}

/** What was told to the application: type and member. */
export const typesOf = (effects: readonly Effect[]): string[] =>
  effects.flatMap((effect) =>
    effect.type === 'emit' ? [`${effect.event.type} ${effect.event.member.id}`] : [],
  )

/** Who was pinged. */
export const pings = (effects: readonly Effect[]): string[] =>
  effects.flatMap((effect) => (effect.type === 'send' && effect.message.type === 'ping' ? [effect.to] : []))

/** Acks every ping, as if all were well. */
export const answerAll = (self: LoneMember, effects: readonly Effect[]): void => {
  for (const effect of effects) {
    if (effect.type !== 'send' || effect.message.type !== 'ping') continue
    self.input({
      type: 'received',
      from: effect.to,
      message: { type: 'ack', seq: effect.message.seq, statements: [] },
    })
  }
}
