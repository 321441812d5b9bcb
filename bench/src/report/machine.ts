import { execFileSync } from 'node:child_process'
import { cpus, release, totalmem, type as system } from 'node:os'
import type { RedisState } from '../measurement.ts'

/** What the figures were taken on. */
export interface Machine {
  readonly cores: number
  readonly cpu: string
  /** GiB. */
  readonly memory: number
  readonly system: string
  readonly node: string
  readonly redis: string
  /** Of the project; `+` where the tree differs from it. */
  readonly revision: string
}

export const describeMachine = (redis: RedisState): Machine => ({
  cores: cpus().length,
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  memory: Math.round(totalmem() / 2 ** 30),
  system: `${system()} ${release()}`,
  node: process.version,
  redis: redis.type === 'installed' ? redis.version : redis.why,
  revision: revision(),
})

const revision = (): string => {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty=+'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return 'unknown'
  }
}
