import { step } from '../core/step.ts'
import type { State } from '../core/state/state.ts'
import type { Effect } from '../core/state/effect.ts'
import type { Input } from '../core/state/input.ts'

/** The core at work: inputs in, effects performed. */
export interface Protocol {
  readonly state: State
  handle(input: Input): void
}

/** One input at a time: what an effect causes meanwhile waits its turn. */
export const runProtocol = (
  initial: State,
  perform: (effect: Effect) => void,
  now: () => number,
): Protocol => {
  const inbox: Input[] = []
  let state = initial
  let working = false

  const work = (): void => {
    for (let input = inbox.shift(); input !== undefined; input = inbox.shift()) {
      const result = step(state, input, now())
      state = result.state
      for (const effect of result.effects) perform(effect)
    }
  }

  return {
    get state() {
      return state
    },
    handle: (input) => {
      inbox.push(input)
      if (working) return
      working = true
      try {
        work()
      } finally {
        working = false
      }
    },
  }
}
