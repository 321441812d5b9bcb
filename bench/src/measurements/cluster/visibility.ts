import { sleep } from '../../clock.ts'
import { startRedis } from '../../processes/redis.ts'
import type { Contestant, Context, Measurement } from '../../measurement.ts'
import type { Remote } from '../../processes/remote.ts'
import type { RedisNodeCalls } from '../../programs/redis/redis-node.ts'
import type { StreamNodeCalls } from '../../programs/cluster/stream-node.ts'
import { startCluster } from './cluster.ts'
import { delays, tails } from './delays.ts'

const grapevine = 'Grapevine'
const overPubSub = 'Redis pub/sub'
const overStream = 'plain libp2p stream'
const subject = { contestant: grapevine, reading: 'p50' }
const what = 'a change seen on another node, one way, p50'

export const visibility: Measurement = {
  name: 'visibility',
  title: 'A change made on one node, seen on another',
  how:
    'Two processes; users are registered on one with a pause of 10 ms between, so that none waits for another. From the call to when the other one ' +
    'tells of the user: for Grapevine its `user:registered` event (sent while the writer’s disk is written, judged and ' +
    'applied), for the others the handler of the message with the user as JSON, which is neither judged nor kept. ' +
    'The clock is the machine’s monotonic one, the same in all processes: nothing is halved.',
  comparisons: [
    {
      what,
      unit: 'ms',
      subject,
      relation: 'ratio',
      rival: { contestant: overPubSub, reading: 'p50' },
      reach: { type: 'at most', value: 1.5 },
    },
    { what, unit: 'ms', subject, relation: 'ratio', rival: { contestant: overStream, reading: 'p50' } },
  ],
  prepare: async (context) => [
    await grapevineContestant(context),
    await redisContestant(context),
    await streamContestant(context),
  ],
}

/** What the three kinds of nodes have in common. */
type Teller = Pick<Remote<StreamNodeCalls>, 'call'>

const contestant = async (name: string, from: Teller, to: Teller, { pick }: Context): Promise<Contestant> => {
  let next = 0
  const play = async (count: number, pause: number) => {
    await to.call('forget')
    const begun = await from.call('changes', { from: next, count, pause })
    next += count
    await sleep(200)
    return tails(delays(begun, [await to.call('arrivals')]))
  }
  // So that all three run compiled code.
  await play(pick({ quick: 50, full: 3_000 }), 1)
  return { type: 'present', name, run: () => play(pick({ quick: 50, full: 500 }), 10) }
}

const grapevineContestant = async (context: Context): Promise<Contestant> => {
  const [from, to] = await startCluster(context.supervisor, 2)
  if (from === undefined || to === undefined) throw new Error('two members are needed')
  return await contestant(grapevine, from, to, context)
}

const redisContestant = async (context: Context): Promise<Contestant> => {
  const { supervisor, redis } = context
  if (redis.type === 'missing') return { type: 'absent', name: overPubSub, why: redis.why }
  const { port } = await startRedis(supervisor, 'snapshots')
  const [from, to] = [
    supervisor.spawn<RedisNodeCalls>('redis/redis-node'),
    supervisor.spawn<RedisNodeCalls>('redis/redis-node'),
  ]
  await from.call('start', { port })
  await to.call('start', { port })
  return await contestant(overPubSub, from, to, context)
}

const streamContestant = async (context: Context): Promise<Contestant> => {
  const { supervisor } = context
  const [from, to] = [
    supervisor.spawn<StreamNodeCalls>('cluster/stream-node'),
    supervisor.spawn<StreamNodeCalls>('cluster/stream-node'),
  ]
  await from.call('start')
  const { address } = await to.call('start')
  await from.call('dial', address)
  return await contestant(overStream, from, to, context)
}
