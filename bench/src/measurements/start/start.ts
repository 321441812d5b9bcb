import { join } from 'node:path'
import { monotonic } from '../../clock.ts'
import type { Contestant, Measurement } from '../../measurement.ts'
import type { ClusterNodeCalls } from '../../programs/cluster/cluster-node.ts'
import type { YjsLoadCalls } from '../../programs/yjs/yjs-load.ts'

const grapevine = 'Grapevine'
const yjs = 'Y.applyUpdate of a file'
/** A million users in one heap are more than Node.js allows itself on small machines. */
const flags = ['--expose-gc', '--max-old-space-size=8192']

export const start: Measurement = {
  name: 'start',
  title: 'Starting with 1,000,000 users on disk',
  how:
    'A member is filled with 1,000,000 users in writes of 1,000, and stopped. Grapevine: from opening its disk to ' +
    '`ready`, alone (discovery window 0: nobody is waited for), with the users checked, folded and indexed by name. ' +
    'Rival: the same document from one file by one `Y.applyUpdate`, not usable as users yet. A new process each ' +
    'time; its own start is not counted. Memory is what lives in heap and buffers after a collection, less what ' +
    'lived before.',
  comparisons: [
    {
      what: 'users on disk to ready',
      unit: 'ms',
      subject: { contestant: grapevine, reading: 'milliseconds' },
      relation: 'ratio',
      rival: { contestant: yjs, reading: 'milliseconds' },
      reach: { type: 'at most', value: 1.5 },
    },
    {
      what: 'memory per user',
      unit: 'B',
      subject: { contestant: grapevine, reading: 'bytesPerUser' },
      relation: 'absolute',
      reach: { type: 'at most', value: 1_000 },
    },
    {
      what: 'memory per user',
      unit: 'B',
      subject: { contestant: grapevine, reading: 'bytesPerUser' },
      relation: 'ratio',
      rival: { contestant: yjs, reading: 'bytesPerUser' },
    },
  ],
  prepare: async ({ supervisor, pick, progress }) => {
    const users = pick({ quick: 5_000, full: 1_000_000 })
    const folder = await supervisor.folder()
    const file = join(await supervisor.folder(), 'users.update')
    progress(`${users} users on disk`)
    const filler = supervisor.spawn<ClusterNodeCalls>('cluster/cluster-node', { flags })
    await filler.call('start', { folder, discoveryWindow: 0 })
    await filler.call('fill', { from: 0, count: users })
    await filler.call('save', file)
    await filler.stop()

    const ours: Contestant = {
      type: 'present',
      name: grapevine,
      run: async () => {
        const node = supervisor.spawn<ClusterNodeCalls>('cluster/cluster-node', { flags })
        const before = await node.call('memory')
        const begun = monotonic()
        await node.call('start', { folder, discoveryWindow: 0 })
        await node.call('ready')
        const milliseconds = monotonic() - begun
        const { users: found } = await node.call('state')
        if (found !== users) throw new Error(`${found} of ${users} users are there`)
        const bytesPerUser = ((await node.call('memory')) - before) / users
        await node.stop()
        return { milliseconds, bytesPerUser }
      },
    }
    const theirs: Contestant = {
      type: 'present',
      name: yjs,
      run: async () => {
        const program = supervisor.spawn<YjsLoadCalls>('yjs/yjs-load', { flags })
        const { milliseconds, bytes } = await program.call('load', file)
        await program.stop()
        return { milliseconds, bytesPerUser: bytes / users }
      },
    }
    return [ours, theirs]
  },
}
