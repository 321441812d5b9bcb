import { execFileSync } from 'node:child_process'
import type { RedisState } from '../measurement.ts'
import type { Persistence, Redis, RedisKeeperCalls } from '../programs/redis/redis-keeper.ts'
import type { Supervisor } from './supervisor.ts'

export interface RunningRedis extends Redis {
  stop(): Promise<void>
}

export const findRedis = (): RedisState => {
  try {
    const line = execFileSync('redis-server', ['--version'], { encoding: 'utf8' })
    return { type: 'installed', version: /v=(\S+)/.exec(line)?.[1] ?? 'unknown' }
  } catch {
    return { type: 'missing', why: 'redis-server is not installed (Debian: apt-get install redis-server)' }
  }
}

/** A server of its own on a free port of 127.0.0.1: app instances on several machines reach it over TCP, too. */
export const startRedis = async (supervisor: Supervisor, persistence: Persistence): Promise<RunningRedis> => {
  const keeper = supervisor.spawn<RedisKeeperCalls>('redis/redis-keeper')
  const redis = await keeper.call('start', { folder: await supervisor.folder(), persistence })
  return { ...redis, stop: () => keeper.stop() }
}
