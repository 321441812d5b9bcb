import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { freePorts } from './free-ports.ts'

test('all ports differ and can be listened on', async () => {
  const ports = await freePorts(32)
  expect(new Set(ports).size).toBe(32)
  const server = createServer().listen(ports[0], '127.0.0.1')
  await once(server, 'listening')
  server.close()
})
