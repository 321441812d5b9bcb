import { keyOf, type Fact, type FactSet } from '@grapevine/facts'
import { breather, turnWatch } from '../shared/event-loop.ts'
import type { Clock } from '@grapevine/std'
import { limits } from '../limits.ts'
import type { Saver } from './persistence/saver.ts'

/** Takes in what members send: a portion in a turn of the event loop, then to disk. */
export interface Intake {
  /**
   * Resolves when each of the facts is held here and on this disk, or its subject is erased.
   *
   * @param from - who sends them: what one member sends waits for what it sent before, and one message of each other
   */
  take(facts: readonly Fact[], from?: string): Promise<void>
  /** Facts that wait for their turn. */
  readonly waiting: number
}

export interface IntakeContext {
  readonly set: FactSet
  readonly saver: Saver
  readonly clock: Clock
  readonly origin: symbol
}

/** Facts that are inserted in one go: about a millisecond of work. */
const portion = 100

export const createIntake = ({ set, saver, clock, origin }: IntakeContext): Intake => {
  const breathe = breather(clock, limits.turn)
  const isTurnOver = turnWatch(clock, limits.turn)
  /** Of each member that sends, what it sent last. */
  const lines = new Map<string, Promise<void>>()
  let waiting = 0
  /** One after the other, so that many who send wait in line instead of sharing each turn. */
  let before: Promise<void> = Promise.resolve()

  const insert = async (facts: readonly Fact[]): Promise<void> => {
    for (let at = 0; at < facts.length; at += portion) {
      await breathe()
      set.insert(facts.slice(at, at + portion), origin)
    }
  }
  const enqueue = (facts: readonly Fact[]): Promise<void> => {
    const turn = before.then(() => insert(facts))
    before = turn.catch(() => undefined)
    return turn
  }
  const inLine = (facts: readonly Fact[], from: string): Promise<void> => {
    const turn = (lines.get(from) ?? Promise.resolve()).then(() => enqueue(facts))
    const line = turn
      .catch(() => undefined)
      .then(() => {
        if (lines.get(from) === line) lines.delete(from)
      })
    lines.set(from, line)
    return turn
  }
  const inTurn = async (facts: readonly Fact[], from: string | undefined): Promise<void> => {
    waiting += facts.length
    const turn = from === undefined ? enqueue(facts) : inLine(facts, from)
    try {
      await turn
    } finally {
      waiting -= facts.length
    }
  }

  return {
    take: async (given, from) => {
      const facts = distinct(given)
      // What comes alone is taken in the event that brought it.
      if (waiting === 0 && facts.length <= portion && !isTurnOver()) set.insert(facts, origin)
      else await inTurn(facts, from)
      await saver.saved(facts.map(keyOf))
    },
    get waiting() {
      return waiting
    },
  }
}

/** One message may hold one fact many times: it is hashed once. */
const distinct = (facts: readonly Fact[]): readonly Fact[] => {
  if (facts.length < 2) return facts
  const byContent = new Map(facts.map((fact) => [contentOf(fact), fact]))
  return byContent.size === facts.length ? facts : [...byContent.values()]
}

const contentOf = (fact: Fact): string =>
  fact.mark === '!' ? `!${fact.subject}` : `.${fact.subject}/${fact.text}`
