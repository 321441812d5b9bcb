// A thread that runs one seed after the other.
import { parentPort } from 'node:worker_threads'
import { reasonOf } from '@grapevine/std'
import { runSeed, type Outcome } from './outcome.ts'

const outcomeOf = async (seed: number): Promise<Outcome> => {
  try {
    return await runSeed(seed)
  } catch (error) {
    const words = `the run itself failed: ${reasonOf(error)}`
    return {
      seed,
      findings: [{ kind: 'unexpected-answer', words }],
      faults: [],
      acts: [],
      virtualMs: 0,
      digest: '',
    }
  }
}

parentPort?.on('message', (seed: number) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  void outcomeOf(seed).then((outcome) => parentPort?.postMessage(outcome))
})
