import { createSocket, Socket } from 'node:dgram'
import { once } from 'node:events'
import { expect, onTestFinished, test, vi } from 'vitest'
import { withOwnSockets } from './own-socket.ts'

test('in a worker of node:cluster a socket is bound for this process alone, and only while it is asked for', async () => {
  const original = Socket.prototype.bind
  const bind = vi.spyOn(Socket.prototype, 'bind')
  onTestFinished(() => bind.mockRestore())
  const socket = createSocket({ type: 'udp4', reuseAddr: true })
  onTestFinished(() => void socket.close())
  const told = vi.fn<() => void>()
  withOwnSockets(() => socket.bind(0, undefined, told), true)
  await once(socket, 'listening')
  expect(bind).toHaveBeenCalledExactlyOnceWith({ exclusive: true, port: 0 }, told)
  expect(told).toHaveBeenCalledOnce()
  bind.mockRestore()
  expect(Socket.prototype.bind).toBe(original)
})

test('elsewhere nothing is changed', () => {
  const { bind } = Socket.prototype
  expect(withOwnSockets(() => Socket.prototype.bind, false)).toBe(bind)
})
