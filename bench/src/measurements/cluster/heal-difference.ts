import type { Measurement } from '../../measurement.ts'
import { healWithGrapevine, healWithYjs } from './heal.ts'

const grapevine = 'Grapevine'
const everything = 're-sending all users'
const difference = 'the bare difference over TCP'

export const healDifference: Measurement = {
  name: 'heal-difference',
  title: 'Healing a split: 100,000 shared users, 1,000 new on each side',
  how:
    'Two members are started from copies of one disk, unlinked; each registers 1,000 users; then one is told the ' +
    'address of the other. Time is from the link to the last change on either side, after which their digests are ' +
    'equal. Bytes are all that crosses the sockets both ways: encryption, multiplexing and the membership’s own talk ' +
    'included. The rivals are two Yjs documents in one process with TCP between, without members, guard or disk: ' +
    'one sends all of the document each way and applies it; the other knows exactly what lacks, and only sends it.',
  comparisons: [
    {
      what: 'bytes to heal 1,000 new users a side',
      unit: 'B',
      subject: { contestant: grapevine, reading: 'bytes' },
      relation: 'ratio',
      rival: { contestant: difference, reading: 'bytes' },
      reach: { type: 'at most', value: 1.1 },
    },
    {
      what: 'bytes to heal 1,000 new users a side',
      unit: 'B',
      subject: { contestant: grapevine, reading: 'bytes' },
      relation: 'ratio',
      rival: { contestant: everything, reading: 'bytes' },
    },
    {
      what: 'time from link up to equal digests',
      unit: 'ms',
      subject: { contestant: grapevine, reading: 'milliseconds' },
      relation: 'absolute',
      reach: { type: 'at most', value: 1_000 },
    },
    {
      what: 'time from link up to equal digests',
      unit: 'ms',
      subject: { contestant: grapevine, reading: 'milliseconds' },
      relation: 'ratio',
      rival: { contestant: everything, reading: 'milliseconds' },
    },
    {
      what: 'time from link up to equal digests',
      unit: 'ms',
      subject: { contestant: grapevine, reading: 'milliseconds' },
      relation: 'ratio',
      rival: { contestant: difference, reading: 'milliseconds' },
    },
  ],
  prepare: async (context) => {
    const split = context.pick({ quick: { shared: 2_000, own: 100 }, full: { shared: 100_000, own: 1_000 } })
    return [
      await healWithGrapevine(grapevine, context, split),
      ...(await healWithYjs({ everything, difference }, context, split)),
    ]
  },
}
