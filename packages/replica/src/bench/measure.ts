import { setTimeout as delay } from 'node:timers/promises'
import type { Bus } from '../bus.ts'
import type { MemoryNetwork } from '../testing/memory-bus.ts'

export interface Measure {
  readonly ms: number
  /** Processor time of all threads of the process, in milliseconds. */
  readonly cpu: number
  /** Longest time between two turns of the event loop, in milliseconds; on a busy machine others had part of it. */
  readonly stall: number
  /** Most processor time, of all threads, between two turns. */
  readonly cpuStall: number
}

const spent = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

export const measured = async (work: () => Promise<unknown>): Promise<Measure> => {
  // What was set up before is not measured, nor its garbage.
  globalThis.gc?.()
  await delay(50)
  const probe = probeStalls()
  const [before, cpuBefore] = [performance.now(), spent()]
  await work()
  const [ms, cpu] = [performance.now() - before, spent() - cpuBefore]
  await delay(5)
  return { ms, cpu, ...probe() }
}

const interval = 2

/** @returns how to end it, with what was longest */
const probeStalls = (): (() => Pick<Measure, 'stall' | 'cpuStall'>) => {
  let [stall, cpuStall, at, cpuAt] = [0, 0, performance.now(), spent()]
  const timer = setInterval(() => {
    const [now, cpuNow] = [performance.now(), spent()]
    stall = Math.max(stall, now - at - interval)
    cpuStall = Math.max(cpuStall, cpuNow - cpuAt)
    at = now
    cpuAt = cpuNow
  }, interval)
  return () => {
    clearInterval(timer)
    return { stall, cpuStall }
  }
}

/** The network with a turn of the event loop for each message, as sockets have, and a count of all bytes. */
export const counted = (network: MemoryNetwork): { join(id: string): Bus; bytes(): number } => {
  let bytes = 0
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  return {
    bytes: () => bytes,
    join: (id) => {
      const bus = network.join(id)
      return {
        ...bus,
        request: async (member, protocol, message, options) => {
          bytes += message.length
          await turn()
          const answer = await bus.request(member, protocol, message, options)
          bytes += answer.length
          await turn()
          return answer
        },
      }
    },
  }
}
