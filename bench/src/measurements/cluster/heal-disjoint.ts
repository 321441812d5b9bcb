import type { Measurement } from '../../measurement.ts'
import { healWithGrapevine, healWithYjs } from './heal.ts'

const grapevine = 'Grapevine'
const yjs = 'Yjs over TCP, one process'

export const healDisjoint: Measurement = {
  name: 'heal-disjoint',
  title: 'Healing a split: 50,000 different users on each side',
  how:
    'As the heal of a small difference, but nothing is shared. The rival is `Y.encodeStateAsUpdate`, TCP and ' +
    '`Y.applyUpdate` both ways, in one process and without members, guard, disk, digest or user cache. A stall is the ' +
    'longest that a timer of 1 ms was late in either member from before the link until the digests are equal.',
  comparisons: [
    {
      what: 'time to heal 50,000 users a side',
      unit: 'ms',
      subject: { contestant: grapevine, reading: 'milliseconds' },
      relation: 'ratio',
      rival: { contestant: yjs, reading: 'milliseconds' },
      reach: { type: 'at most', value: 2 },
    },
    {
      what: 'longest stall of the event loop while healing',
      unit: 'ms',
      subject: { contestant: grapevine, reading: 'stall' },
      relation: 'absolute',
      reach: { type: 'at most', value: 50 },
    },
    {
      what: 'longest stall of the event loop while healing',
      unit: 'ms',
      subject: { contestant: grapevine, reading: 'stall' },
      relation: 'ratio',
      rival: { contestant: yjs, reading: 'stall' },
    },
  ],
  prepare: async (context) => {
    const split = { shared: 0, own: context.pick({ quick: 1_000, full: 50_000 }) }
    return [
      await healWithGrapevine(grapevine, context, split),
      ...(await healWithYjs({ everything: yjs }, context, split)),
    ]
  },
}
