import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { socketAddress } from '@grapevine/std/node'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { member, servedInstance } from '../testing/served-instance.ts'
import { openAdmin } from './server.ts'

interface Answer {
  readonly status: number | undefined
  readonly body: string
}

/** An instance whose socket is in a folder below a new one. */
const opened = async (...below: readonly string[]) => {
  const root = await mkdtemp(join(tmpdir(), 'admin-'))
  const dataDir = join(root, ...below)
  await mkdir(dataDir, { recursive: true })
  const { grapevine, browser } = await servedInstance()
  const settings = { ...grapevine.settings, dataDir }
  const parts = { instance: grapevine, settings, unreadSlots: () => [join(dataDir, 'slot-2')] }
  const server = await openAdmin(parts, pino({ level: 'silent' }))
  onTestFinished(async () => {
    await server.drain()
    await rm(root, { recursive: true })
  })
  const path = join(dataDir, 'admin.sock')
  const ask = async (method: string, url: string, body = ''): Promise<Answer> => {
    const { address, release } = socketAddress(path)
    const answer = await new Promise<Answer>((resolve, reject) => {
      const call = request({ socketPath: address, method, path: url }, (response) => {
        text(response).then((said) => resolve({ status: response.statusCode, body: said }), reject)
      })
      call.once('error', reject).end(body)
    })
    release()
    return answer
  }
  return { path, ask, server, browser, grapevine }
}

test.each([
  ['a folder with spaces and umlauts', ['ein Ordner mit ü']],
  ['one deeper than a socket’s address', Array.from({ length: 8 }, () => 'ein tiefer Ordner')],
])('in %s it is found, is its owner’s alone, and goes with the instance', async (_what, below) => {
  const { path, ask, server } = await opened(...below)
  expect((await ask('GET', '/members')).status).toBe(200)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  await server.drain()
  expect(existsSync(path)).toBe(false)
})

test('the doctor is asked about this instance: its slots, and that it is alone', async () => {
  const { ask } = await opened()
  const { body } = await ask('GET', '/doctor')
  const { findings, passed } = JSON.parse(body)
  expect(findings.map(({ check }: { check: string }) => check)).toEqual(['alone', 'slots'])
  expect(passed).toContain('disk')
})

test('a backup that was asked for is taken back by the same instance, and changes nothing', async () => {
  const { ask, browser, grapevine } = await opened()
  await member(browser(), 'ada')
  const { body } = await ask('GET', '/backup')
  const answer = await ask('POST', '/restore', body)
  const last = answer.body.trimEnd().split('\n').at(-1) ?? ''
  expect(JSON.parse(last)).toMatchObject({ report: { inserted: 0, erased: 0 } })
  expect(grapevine.users.size).toBe(1)
  const broken = await ask('POST', '/restore', body.slice(0, -20))
  expect(broken.body).toMatch(/"error":"(BROKEN|INVALID)_BACKUP"/)
})

test('what no node knows is told so', async () => {
  const { ask } = await opened()
  expect(await ask('POST', '/explode')).toMatchObject({ status: 404 })
})
