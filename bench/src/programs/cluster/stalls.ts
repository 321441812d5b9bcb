import { monitorEventLoopDelay } from 'node:perf_hooks'

/** Watches how long the event loop of this process is held up. @returns the longest stall so far, in milliseconds */
export const watchStalls = (): (() => number) => {
  const delays = monitorEventLoopDelay({ resolution: 1 })
  delays.enable()
  return () => delays.max / 1e6
}
