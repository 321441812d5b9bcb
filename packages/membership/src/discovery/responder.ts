/**
 * When to ask and when to answer on a multicast network. All hear all: where each of n members asks, and each answers
 * every question, each reads n² answers an interval. So nobody answers more often than once a second (RFC 6762, section 6), and who
 * heard the question of another does not ask it again (section 7.3).
 */
export interface Responder {
  /** Asks at once. */
  begin(): void
  /** Once an interval: asks, unless somebody has. */
  tick(): void
  /** Somebody asked, perhaps this member itself. */
  asked(): void
}

export interface ResponderOptions {
  /** Milliseconds between two questions on the network. */
  readonly interval: number
  readonly now: () => number
  readonly after: (milliseconds: number, work: () => void) => void
  readonly ask: () => void
  readonly answer: () => void
}

/** Milliseconds between two answers. */
export const answerInterval = 1_000

/** Timers come a little early or late. */
const tolerance = 0.1

export const openResponder = ({ interval, now, after, ask, answer }: ResponderOptions): Responder => {
  let askedAt = -Infinity
  let answeredAt = -Infinity
  let isAnswerDue = false
  const give = (): void => {
    isAnswerDue = false
    answeredAt = now()
    answer()
  }
  return {
    begin: ask,
    tick: () => {
      if (now() - askedAt >= interval * (1 - tolerance)) ask()
    },
    asked: () => {
      askedAt = now()
      if (isAnswerDue) return
      const wait = answeredAt + answerInterval - now()
      if (wait <= 0) return give()
      // Who asks may have come after the last answer.
      isAnswerDue = true
      after(wait, give)
    },
  }
}
