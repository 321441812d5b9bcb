import type { VirtualClock } from '../clock/virtual-clock.ts'

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
  let dueTimers: (() => void)[] = []
  let waiting: (() => void)[] = []

  const runOrKeep = (task: () => void, kept: (() => void)[]): void => {
    if (state === 'running') task()
    else if (state === 'paused') kept.push(task)
  }
  const run = (task: () => void): void => runOrKeep(task, waiting)
  const runTimer = (task: () => void): void => runOrKeep(task, dueTimers)

  return {
    get state() {
      return state
    },
    run,
    after: (ms, task) => clock.after(ms, () => runTimer(task)),
    every: (ms, task) => {
      let isCancelled = false
      const fire = (): void => {
        if (isCancelled) return
        clock.after(ms, () => runTimer(fire))
        task()
      }
      clock.after(ms, () => runTimer(fire))
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
      // Timers first, then what came from others: so does the event loop after SIGCONT.
      const missed = [...dueTimers, ...waiting]
      dueTimers = []
      waiting = []
      for (const task of missed) run(task)
    },
    crash: () => {
      state = 'crashed'
      dueTimers = []
      waiting = []
    },
  }
}
