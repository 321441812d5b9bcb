/**
 * A chat without a server: `node chat.js <name> [host:port of anybody in it]`, in as many terminals or machines
 * as you like. On one network nobody needs an address: mDNS finds the others.
 */
import { createInterface } from 'node:readline'
import { createMembership, mdns, seeds } from '../index.ts'

const [name = 'somebody', seed] = process.argv.slice(2)

const membership = await createMembership({
  cluster: 'chat',
  secrets: [process.env['CHAT_SECRET'] ?? 'everybody may chat here'],
  name,
  discovery: seed === undefined ? [mdns()] : [seeds([seed])],
  topics: ['lines'],
})
console.log(`* listening on ${membership.self.addresses.join(' ')}`)
membership.on('member:linked', ({ member }) => console.log(`* ${member.name} is here`))
membership.on('member:left', ({ member }) => console.log(`* ${member.name} left`))
membership.on('member:down', ({ member }) => console.log(`* ${member.name} is gone`))

const lines = membership.topic('lines')
lines.subscribe((bytes) => console.log(new TextDecoder().decode(bytes)))

for await (const line of createInterface({ input: process.stdin })) {
  await lines.publish(new TextEncoder().encode(`${name}: ${line}`))
}
await membership.leave()
