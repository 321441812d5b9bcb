import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { developmentSecret } from './secret.ts'

/** What `pnpm dev` starts, and where. */
export interface DevOptions {
  readonly names: readonly string[]
  readonly portOf: (index: number) => number
  /** Of the page from which the cluster is watched and cut. */
  readonly controlPort: number
  readonly folderOf: (name: string) => string
  readonly env: Readonly<Record<string, string>>
}

type Environment = Readonly<Record<string, string | undefined>>

/** @throws RangeError in one line that names the variable, for a number that is none */
export const readDevOptions = (env: Environment): DevOptions => {
  const count = wholeNumber(env, 'INSTANCES', 3, 1, 20)
  const firstPort = wholeNumber(env, 'PORT', 4001, 2, 65_000)
  const dataDir = env['DATA_DIR'] ?? '.data'
  const secret = developmentSecret(join(dataDir, 'development-secret'))
  return {
    names: Array.from({ length: count }, (_, index) => `node-${index + 1}`),
    portOf: (index) => firstPort + index,
    controlPort: firstPort - 1,
    folderOf: (name) => join(dataDir, name),
    env: {
      NODE_ENV: 'development',
      // Clones of this repository on one network have different secrets, and so need not hear of each other.
      CLUSTER_NAME: `budget-${createHash('sha256').update(secret).digest('hex').slice(0, 8)}`,
      CLUSTER_SECRET: secret,
      CLUSTER_LISTEN: '/ip4/127.0.0.1/tcp/0',
      CLUSTER_DISCOVERY: 'mdns',
      ...(env['LOG_LEVEL'] === undefined ? {} : { LOG_LEVEL: env['LOG_LEVEL'] }),
    },
  }
}

const wholeNumber = (
  env: Environment,
  variable: string,
  otherwise: number,
  least: number,
  most: number,
): number => {
  const value = env[variable]
  const number = Number(value ?? otherwise)
  if (Number.isInteger(number) && number >= least && number <= most) return number
  throw new RangeError(`${variable}: ${JSON.stringify(value)} is not a whole number from ${least} to ${most}`)
}
