// A chat without a server: membership, and nothing else.
//   CHAT_SECRET=… node main.mjs ada      in as many terminals and on as many machines of one network as you like
import { createInterface } from 'node:readline'
import { createMembership } from '@grapevine/membership'

const [name = 'somebody'] = process.argv.slice(2)
const membership = await createMembership({
  cluster: process.env.CHAT_NAME ?? 'chat',
  secrets: [process.env.CHAT_SECRET],
  name,
  topics: ['lines'],
})
membership.on('member:linked', ({ member }) => console.log(`* ${member.name} is here`))
membership.on('member:left', ({ member }) => console.log(`* ${member.name} left`))
membership.on('member:down', ({ member }) => console.log(`* ${member.name} is gone`))

const lines = membership.topic('lines')
lines.subscribe((bytes) => console.log(new TextDecoder().decode(bytes)))
for await (const line of createInterface({ input: process.stdin })) {
  await lines.publish(new TextEncoder().encode(`${name}: ${line}`))
}
await membership.leave()
