import type { Contestant, Context, Measurement } from '../../measurement.ts'
import type { LookUpCalls } from '../../programs/look-up.ts'

const grapevine = 'user cache'
const map = 'Map.get'

export const lookUp: Measurement = {
  name: 'look-up',
  title: 'Looking a user up',
  how:
    '100,000 users, each looked up by id in a random order, many times, in a process of its own for each kind. The ' +
    'ids are strings of their own, as those of requests are, and not the very keys.',
  comparisons: [
    {
      what: 'look-up of a user by id',
      unit: 'ns',
      subject: { contestant: grapevine, reading: 'nanoseconds' },
      relation: 'ratio',
      rival: { contestant: map, reading: 'nanoseconds' },
      reach: { type: 'at most', value: 2 },
    },
  ],
  prepare: async (context) => [
    await contestant(grapevine, 'user cache', context),
    await contestant(map, 'Map', context),
  ],
}

const contestant = async (
  name: string,
  kind: 'user cache' | 'Map',
  { supervisor, pick }: Context,
): Promise<Contestant> => {
  const program = supervisor.spawn<LookUpCalls>('look-up')
  await program.call('prepare', { users: pick({ quick: 10_000, full: 100_000 }), kind })
  await program.call('time', 2)
  return {
    type: 'present',
    name,
    run: async () => ({ nanoseconds: await program.call('time', pick({ quick: 10, full: 50 })) }),
  }
}
