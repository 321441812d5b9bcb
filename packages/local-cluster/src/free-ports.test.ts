import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { freePorts } from './free-ports.ts'

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
