import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { socketAddress } from './socket-address.ts'

const folderOf = async (...below: readonly string[]): Promise<string> => {
  const root = await mkdtemp(join(tmpdir(), 'socket-'))
  onTestFinished(() => rm(root, { recursive: true }))
  const folder = join(root, ...below)
  await mkdir(folder, { recursive: true })
  return folder
}

test('a short path is its own address', () => {
  expect(socketAddress('/run/app/admin.sock').address).toBe('/run/app/admin.sock')
})

test.runIf(process.platform === 'linux').each([
  ['with spaces and umlauts', ['a folder', 'übung']],
  ['of 103 bytes and more', ['x'.repeat(100)]],
  ['deeper than any address', Array.from({ length: 12 }, () => 'a folder with a long name: ü')],
])('whoever listens in a folder %s is found there, and leaves nothing behind', async (_what, below) => {
  const path = join(await folderOf(...below), 'admin.sock')
  const [server, listening] = [createServer((socket) => socket.end('here')), socketAddress(path)]
  server.listen(listening.address)
  await once(server, 'listening')
  expect(existsSync(path)).toBe(true)
  const connecting = socketAddress(path)
  const socket = connect(connecting.address)
  const [heard] = await once(socket, 'data')
  connecting.release()
  expect(String(heard)).toBe('here')
  server.close()
  await once(server, 'close')
  listening.release()
  listening.release()
  expect(existsSync(path)).toBe(false)
})

test.runIf(process.platform === 'linux')('a folder that is not there is told', () => {
  expect(() => socketAddress(join('/', 'x'.repeat(120), 'admin.sock'))).toThrow('ENOENT')
})
