/**
 * What it costs to know who asks: the same app with its users known in other ways, all in one run, in turns.
 *
 * ```sh
 * node dist/bench/authenticated-request.js [rounds] [seconds]
 * ```
 */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { openClient, type Client } from './client.ts'
import { variants } from './variants.ts'

const userCount = 1000
const connectionCount = 32
const [rounds, seconds] = [Number(process.argv[2] ?? 5), Number(process.argv[3] ?? 2)]

interface Runner {
  readonly name: string
  readonly child: ChildProcess
  readonly client: Client
  readonly perSecond: number[]
  /** Microseconds of processor time for one request, on the side of the server. */
  readonly cost: number[]
}

const start = async (name: string): Promise<Runner> => {
  const child = fork(fileURLToPath(new URL('./server.js', import.meta.url)), [name])
  const port = await number(child)
  const cookies = await Promise.all(
    Array.from({ length: userCount }, (_, index) => logIn(port, `user-${index}`)),
  )
  return { name, child, client: await openClient(port, cookies, connectionCount), perSecond: [], cost: [] }
}

const logIn = async (port: number, user: string): Promise<string> => {
  const answer = await fetch(`http://127.0.0.1:${port}/enter?user=${user}`)
  await answer.text()
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ')
}

const measure = async ({ child, client, perSecond, cost }: Runner): Promise<void> => {
  const before = await cpu(child)
  const answers = await client.run(seconds)
  perSecond.push(answers / seconds)
  cost.push(((await cpu(child)) - before) / answers)
}

const cpu = async (child: ChildProcess): Promise<number> => {
  child.send('cpu')
  return number(child)
}

/** What the server says next. */
const number = async (child: ChildProcess): Promise<number> => {
  const [message]: unknown[] = await once(child, 'message')
  return Number(message)
}

const median = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN

const report = (): void => {
  const koa = median(runners[0]?.cost ?? [])
  console.log(
    `Node ${process.version}, ${availableParallelism()} cores, ${rounds} rounds of ${seconds} s each`,
  )
  for (const { name, perSecond, cost } of runners) {
    const figures = [median(perSecond).toFixed(0), median(cost).toFixed(1), (median(cost) - koa).toFixed(1)]
    console.log(`| ${name} | ${figures.join(' | ')} |`)
  }
}

const runners = await Promise.all(Object.keys(variants).map(start))
for (const runner of runners) await runner.client.run(seconds)
for (let round = 0; round < rounds; round += 1) for (const runner of runners) await measure(runner)
for (const { client, child } of runners) {
  client.close()
  child.disconnect()
}
report()
