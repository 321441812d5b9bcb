import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { checkedConfig, type MembershipOptions } from './config.ts'
import { startMember } from './create-membership.ts'
import { joining, realMembers, recordingLog, sees, until } from './testing/real-members.ts'
import type { Membership } from './membership.ts'

const { start, stopAll } = realMembers()
let folder = ''
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'upgrade-'))))
afterEach(async () => {
  await stopAll()
  await rm(folder, { recursive: true })
})

/** As another release. */
const startAs = async (
  protocols: readonly [number, number],
  name: string,
  options: Partial<MembershipOptions> = {},
): Promise<Membership> => {
  const config = checkedConfig({
    cluster: 'test',
    secrets: ['a secret of the tests'],
    name,
    listen: ['/ip4/127.0.0.1/tcp/0'],
    discovery: [],
    topics: ['news'],
    ...options,
  })
  const member = await startMember({ ...config, protocols })
  onTestFinished(() => member.leave())
  return member
}

test('V2: an operator finalises once all speak it; it outlives restarts, and an older release is refused in one line on both sides', async () => {
  const a = await start('a', { dataDir: join(folder, 'a') })
  const old = await startAs([1, 2], 'b', { dataDir: join(folder, 'b'), ...joining(a) })
  await sees(a, ['a', 'b'])
  await expect(a.upgrade.finalise()).resolves.toBe(2)
  await expect(a.upgrade.finalise()).rejects.toThrow('Not finalised: b still runs an older release than 3.')
  await old.leave()
  const b = await start('b', { dataDir: join(folder, 'b'), ...joining(a) })
  await sees(a, ['a', 'b'])
  await until(() => a.upgrade.status().next === 3)
  await expect(a.upgrade.finalise()).resolves.toBe(3)
  await until(() => b.upgrade.status().finalised === 3)
  expect(await readFile(join(folder, 'b', 'finalised'), 'utf8')).toBe('3\n')
  await b.leave()
  // Alone, with nobody who could tell.
  const again = await start('b', { dataDir: join(folder, 'b') })
  expect(again.self.speaks).toMatchObject({ protocols: [3, 3], finalised: 3 })
  await again.leave()
  await expect(startAs([1, 2], 'b', { dataDir: join(folder, 'b') })).rejects.toMatchObject({
    code: 'NEWER_CLUSTER',
    message: expect.stringMatching(
      /finalised at protocol 3, and this release speaks up to 2; there is no way back/,
    ),
  })
  const log = recordingLog()
  const stray = await startAs([1, 2], 'stray', { ...joining(a), log: log.log })
  await until(() => log.warnings().some((line) => line.startsWith('refused a: it speaks protocol 3, ')))
  expect(stray.reachable()).toEqual([])
}, 60_000)

test('where the disk does not take it nothing is finalised, and it can be tried again', async () => {
  const log = recordingLog()
  const a = await start('a', { dataDir: folder, log: log.log })
  await rm(folder, { recursive: true })
  await writeFile(folder, 'no folder')
  await expect(a.upgrade.finalise({ signal: AbortSignal.timeout(300) })).rejects.toThrow('timeout')
  expect(a.upgrade.status()).toMatchObject({ finalised: 1, next: 3 })
  await rm(folder)
  await mkdir(folder)
  await expect(a.upgrade.finalise()).resolves.toBe(3)
})

test('a damaged file is told of, and costs nothing', async () => {
  const log = recordingLog()
  await writeFile(join(folder, 'finalised'), 'three')
  const a = await start('a', { dataDir: folder, log: log.log })
  expect(a.upgrade.status().finalised).toBe(1)
  expect(log.warnings()).toContainEqual(expect.stringContaining('cannot be read at which version'))
})
