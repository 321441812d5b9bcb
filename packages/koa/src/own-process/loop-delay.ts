import { monitorEventLoopDelay } from 'node:perf_hooks'

/** The 99th percentile since it was last asked for, of this process: measured from the first question on. */
export const systemLoopDelay = (): (() => number) => {
  const resolution = 20
  let histogram: ReturnType<typeof monitorEventLoopDelay> | undefined
  return () => {
    if (histogram === undefined) {
      histogram = monitorEventLoopDelay({ resolution })
      histogram.enable()
      return 0
    }
    const late = histogram.count === 0 ? 0 : histogram.percentile(99) / 1e6 - resolution
    histogram.reset()
    return Math.max(0, late)
  }
}
