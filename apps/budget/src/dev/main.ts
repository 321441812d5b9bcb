import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { ancestors, launchingChain, lookUpProcess, whenChainBreaks } from './launching-chain.ts'
import { startInstance, type Instance } from './instance.ts'
import { developmentSecret } from './secret.ts'

/** `pnpm dev`: a few instances of the app on this machine, which find each other by mDNS. */
const wholeNumber = (variable: string, otherwise: number, least: number, most: number): number => {
  const value = process.env[variable]
  const number = Number(value ?? otherwise)
  if (Number.isInteger(number) && number >= least && number <= most) return number
  process.stderr.write(
    `${variable}: ${JSON.stringify(value)} is not a whole number from ${least} to ${most}\n`,
  )
  return process.exit(1)
}

const count = wholeNumber('INSTANCES', 3, 1, 20)
/** Of the first instance; the others follow. */
const firstPort = wholeNumber('PORT', 4001, 1, 65_000)
const dataDir = process.env['DATA_DIR'] ?? '.data'
const secret = developmentSecret(join(dataDir, 'development-secret'))
const env = {
  NODE_ENV: 'development',
  // Clones of this repository on one network have different secrets, and so need not hear of each other.
  CLUSTER_NAME: `budget-${createHash('sha256').update(secret).digest('hex').slice(0, 8)}`,
  CLUSTER_SECRET: secret,
  CLUSTER_LISTEN: '/ip4/127.0.0.1/tcp/0',
  CLUSTER_DISCOVERY: 'mdns',
}

const names = Array.from({ length: count }, (_, index) => `node-${index + 1}`)
const width = Math.max(...names.map((name) => name.length))
const printFor =
  (name: string) =>
  (line: string): void => {
    process.stdout.write(`${name.padEnd(width)} │ ${line}\n`)
  }

const instances: Instance[] = names.map((name, index) =>
  startInstance({ name, port: firstPort + index, dataDir: join(dataDir, name) }, env, printFor(name)),
)
process.stdout.write(`\nGrapevine: ${count} instances of the budget app, one cluster\n\n`)
for (const { name, url } of instances) process.stdout.write(`  ${name.padEnd(width)}  ${url}\n`)
process.stdout.write('\nSign up on one, log in on another. Ctrl-C ends all of them.\n\n')

let stopping = false
const stopAll = async (code: number): Promise<void> => {
  if (stopping) return
  stopping = true
  unwatch()
  await Promise.all(instances.map((instance) => instance.stop()))
  process.exit(code)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stopAll(0))

/** A signal to one of the processes above, or its crash, does not reach this one. */
const chain = launchingChain(ancestors(process.pid, lookUpProcess))
const unwatch = whenChainBreaks(chain.length > 0 ? chain : [process.ppid], () => void stopAll(1))

for (const { name, ended } of instances) {
  void ended.then((how) => {
    if (stopping) return undefined
    printFor(name)(how)
    return stopAll(1)
  })
}
