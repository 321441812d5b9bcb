import { step } from '../core/step.ts'
import type { State } from '../core/state/state.ts'
import type { Effect } from '../core/state/effect.ts'
import type { Input } from '../core/state/input.ts'

/** The core at work: inputs in, effects performed. */
export interface CoreRunner {
  readonly state: State
  /** One input at a time: what an effect causes meanwhile waits its turn, and what comes before `run` waits for that. */
  handle(input: Input): void
  /** Works on inputs from now on; what performs their effects may itself need `handle`. */
  run(perform: (effect: Effect) => void): void
}

export const createCoreRunner = (initial: State, now: () => number): CoreRunner => {
  const inbox: Input[] = []
  let state = initial
  let perform: ((effect: Effect) => void) | undefined
  let isWorking = false

  const work = (): void => {
    if (isWorking || perform === undefined) return
    isWorking = true
    try {
      for (let input = inbox.shift(); input !== undefined; input = inbox.shift()) {
        const result = step(state, input, now())
        state = result.state
        for (const effect of result.effects) perform(effect)
      }
    } finally {
      isWorking = false
    }
  }

  return {
    get state() {
      return state
    },
    handle: (input) => {
      inbox.push(input)
      work()
    },
    run: (performer) => {
      perform = performer
      work()
    },
  }
}
