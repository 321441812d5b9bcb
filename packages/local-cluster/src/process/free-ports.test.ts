import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { expect, test } from 'vitest'
import { systemClock } from '@grapevine/std'
import { eagerClock } from '../testing/eager-clock.ts'
import { becomesFree, freePorts } from './free-ports.ts'

test('ports are different, are not those taken, and no system gives them to who asks for any', async () => {
  const taken = await freePorts(5)
  const ports = await freePorts(50, taken)
  expect(new Set([...ports, ...taken]).size).toBe(55)
  for (const port of ports) expect(port).toBeLessThan(32_768)
})

test('a port that somebody listens on is passed over', async () => {
  const [port = 0] = await freePorts(1)
  const holder = createServer().listen(port, '127.0.0.1')
  await once(holder, 'listening')
  const draws = [port, port + 1].map((drawn) => (drawn - 16_384 + 0.5) / 16_384)
  await expect(freePorts(1, [], () => draws.shift() ?? 0.5)).resolves.not.toContain(port)
  holder.close()
})

test('a port that is held becomes free when its holder lets go, and is given up on when not', async () => {
  const [port = 0] = await freePorts(1)
  const holder = createServer().listen(port, '127.0.0.1')
  await once(holder, 'listening')
  const inVain = eagerClock()
  await expect(becomesFree(port, inVain)).resolves.toBe(false)
  const clock = eagerClock(async () => await closed(holder))
  await expect(becomesFree(port, clock)).resolves.toBe(true)
  expect(clock.slept).toHaveLength(1)
})

test('a port that may not be listened on here is no port that is held: who gets it may have the right', async () => {
  const refuse = async (): Promise<void> => {
    throw Object.assign(new Error('listen EACCES'), { code: 'EACCES' })
  }
  await expect(becomesFree(80, systemClock, refuse)).resolves.toBe(true)
})

const closed = async (server: Server): Promise<void> => {
  server.close()
  await once(server, 'close')
}
