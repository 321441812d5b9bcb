import { sleep } from '../../clock.ts'
import { startRedis } from '../../processes/redis.ts'
import type { Persistence } from '../../programs/redis/redis-keeper.ts'
import type { Contestant, Context, Measurement } from '../../measurement.ts'
import type { RedisNodeCalls } from '../../programs/redis/redis-node.ts'
import { startCluster } from './cluster.ts'
import { delays, tails } from './delays.ts'

const grapevine = 'Grapevine'
const snapshots = 'Redis, snapshots now and then'
const always = 'Redis, appendfsync always'

const beside = (
  rival: string,
  reading: 'p50' | 'p99',
  target: boolean,
): Measurement['comparisons'][number] => ({
  what: `sign-up known to all 3, ${reading}`,
  unit: 'ms',
  subject: { contestant: grapevine, reading },
  relation: 'ratio',
  rival: { contestant: rival, reading },
  ...(target ? { reach: { type: 'at most', value: 1 } } : {}),
})

export const signUp: Measurement = {
  name: 'sign-up',
  title: 'A sign-up acknowledged by all of three nodes, without the hash',
  how:
    'Three processes each, all on this machine; sign-ups one after the other from one of them. Grapevine: from the ' +
    'call to the acknowledgement that all three members have the user on disk (fsync). Redis: from the call of ' +
    '`MULTI SET PUBLISH EXEC` to when the last of the three has got the message (it is not told so, and Debian’s ' +
    'Redis has not synced anything to disk by then; the row with `appendfsync always` is the one that promises as ' +
    'much). The clock is the machine’s monotonic one, the same in all processes.',
  comparisons: [
    beside(snapshots, 'p50', true),
    beside(snapshots, 'p99', true),
    beside(always, 'p50', false),
    beside(always, 'p99', false),
  ],
  prepare: async (context) => [
    await overGrapevine(context),
    await overRedis(context, snapshots, 'snapshots'),
    await overRedis(context, always, 'always'),
  ],
}

/** Until all contestants run compiled code. */
const warmUp = async (run: () => Promise<unknown>): Promise<void> => {
  for (let times = 0; times < 3; times += 1) await run()
}

const sizes = { quick: 50, full: 1_000 }

const overGrapevine = async ({ supervisor, pick }: Context): Promise<Contestant> => {
  const [writer] = await startCluster(supervisor, 3)
  let from = 0
  const run = async () => {
    const count = pick(sizes)
    const times = await writer?.call('signUps', { from, count, members: 3 })
    from += count
    return tails(times ?? [])
  }
  await warmUp(run)
  return { type: 'present', name: grapevine, run }
}

const overRedis = async (
  { supervisor, redis, pick }: Context,
  name: string,
  persistence: Persistence,
): Promise<Contestant> => {
  if (redis.type === 'missing') return { type: 'absent', name, why: redis.why }
  const { port } = await startRedis(supervisor, persistence)
  const nodes = [1, 2, 3].map(() => supervisor.spawn<RedisNodeCalls>('redis/redis-node'))
  for (const node of nodes) await node.call('start', { port })
  let from = 0
  const run = async () => {
    for (const node of nodes) await node.call('forget')
    const count = pick(sizes)
    const begun = await nodes[0]?.call('signUps', { from, count })
    from += count
    await sleep(50)
    return tails(delays(begun ?? new Map(), await Promise.all(nodes.map((node) => node.call('arrivals')))))
  }
  await warmUp(run)
  return { type: 'present', name, run }
}
