import type { VirtualClock } from './virtual-clock.ts'

/** Whether a host's program runs. Paused is SIGSTOP: what reaches it waits. Crashed is SIGKILL. */
export type HostState = 'running' | 'paused' | 'crashed'

/** Everything that happens to one host goes through here, so that it can be stopped, continued and killed. */
export interface Mailbox {
  readonly state: HostState
  /** Runs the task now; when the host is resumed, if it is paused; never, if it has crashed. */
  run(task: () => void): void
  after(ms: number, task: () => void): () => void
  /** As setInterval: a paused host fires it once when it is resumed, not once for each time missed. */
  every(ms: number, task: () => void): () => void
  pause(): void
  resume(): void
  crash(): void
}

export const createMailbox = (clock: VirtualClock): Mailbox => {
  let state: HostState = 'running'
  let waiting: (() => void)[] = []

  const run = (task: () => void): void => {
    if (state === 'running') task()
    else if (state === 'paused') waiting.push(task)
  }

  return {
    get state() {
      return state
    },
    run,
    after: (ms, task) => clock.after(ms, () => run(task)),
    every: (ms, task) => {
      let isCancelled = false
      const fire = (): void => {
        if (isCancelled) return
        clock.after(ms, () => run(fire))
        task()
      }
      clock.after(ms, () => run(fire))
      return () => {
        isCancelled = true
      }
    },
    pause: () => {
      if (state === 'running') state = 'paused'
    },
    resume: () => {
      if (state !== 'paused') return
      state = 'running'
      const missed = waiting
      waiting = []
      for (const task of missed) run(task)
    },
    crash: () => {
      state = 'crashed'
      waiting = []
    },
  }
}
