import type { ClusterNode } from '@grapevine/local-cluster'

/** What a process holds at one moment, as it says itself at `/metrics`. */
export interface Holdings {
  readonly heapMb: number
  readonly residentMb: number
  /** Open file descriptors: sockets, files, pipes. */
  readonly descriptors: number
  /** What keeps the event loop alive, timers aside. */
  readonly handles: number
  readonly timers: number
}

export const holdingsOf = async (node: ClusterNode): Promise<Holdings> => {
  const metrics = await (await node.fetch('/metrics')).text()
  const value = (name: string): number => {
    const line = metrics.split('\n').find((each) => each.startsWith(`${name} `))
    return Number(line?.slice(name.length + 1) ?? Number.NaN)
  }
  const timers = value('nodejs_active_resources{type="Timeout"}')
  return {
    heapMb: value('nodejs_heap_size_used_bytes') / 2 ** 20,
    residentMb: value('process_resident_memory_bytes') / 2 ** 20,
    descriptors: value('process_open_fds'),
    handles: activeIn(metrics) - timers,
    timers,
  }
}

/** Of all types together. */
const activeIn = (metrics: string): number =>
  [...metrics.matchAll(/^nodejs_active_resources\{.*\} (\d+)$/gm)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  )

/** The least of each that was ever held: what remains when all that comes and goes has gone, as garbage has after a collection. */
export const floorOf = (samples: readonly Holdings[]): Holdings => {
  const least = (held: (sample: Holdings) => number): number => Math.min(...samples.map(held))
  return {
    heapMb: least(({ heapMb }) => heapMb),
    residentMb: least(({ residentMb }) => residentMb),
    descriptors: least(({ descriptors }) => descriptors),
    handles: least(({ handles }) => handles),
    timers: least(({ timers }) => timers),
  }
}

export const showHoldings = ({ heapMb, residentMb, descriptors, handles, timers }: Holdings): string =>
  `heap ${heapMb.toFixed(1)} MB, resident ${Math.round(residentMb)} MB, ${descriptors} descriptors, ${handles} handles, ${timers} timers`
