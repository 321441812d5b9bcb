/** One member as a process, for the measurements: tells its parent all that it sees, with the wall-clock time. */
import { createMembership, mdns, seeds, type MembershipEvent } from '../index.ts'

const {
  BENCH_CLUSTER: cluster = 'bench',
  BENCH_NAME: name = 'member',
  BENCH_SEEDS: seedList = '',
} = process.env

const membership = await createMembership({
  cluster,
  secrets: ['only for measurements'],
  name,
  listen: [process.env['BENCH_LISTEN'] ?? '/ip4/127.0.0.1/tcp/0'],
  discovery: seedList === '' ? [mdns()] : [seeds(seedList.split(','))],
  topics: ['bench'],
})
const types = ['up', 'suspect', 'down', 'left', 'linked', 'unlinked'] as const
const report = (message: object): void => void process.send?.({ ...message, at: Date.now() })
const tell = ({ type, member }: MembershipEvent): void => report({ type, member: member.name })
for (const type of types) membership.on(`member:${type}`, tell)
for (const { name: member, state, id } of membership.members()) {
  if (id !== membership.self.id && state === 'alive') report({ type: 'member:up', member })
}
const topic = membership.topic('bench')
topic.subscribe((bytes) => report({ type: 'heard', member: new TextDecoder().decode(bytes) }))

process.on('message', (message) => {
  if (message === 'publish') void topic.publish(new TextEncoder().encode(name))
  if (message === 'usage') {
    const { user, system } = process.cpuUsage()
    report({ type: 'usage', cpu: (user + system) / 1_000, rss: process.memoryUsage.rss() })
  }
})
process.on('disconnect', () => process.exit())
report({ type: 'ready', address: membership.self.addresses[0] })
