import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadIdentity } from './identity.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'grapevine-identity-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const load = async (clock: number) => {
  const { privateKey, incarnation } = await loadIdentity(folder, () => clock)
  return { id: privateKey.publicKey.toString(), incarnation }
}

test('a member that starts again keeps its id and raises its incarnation', async () => {
  const first = await load(1_000)
  const second = await load(2_000)
  expect(second.id).toBe(first.id)
  expect(second.incarnation).toBeGreaterThan(first.incarnation)
})

test('the incarnation grows although the clock went back', async () => {
  const first = await load(9_000)
  expect((await load(1_000)).incarnation).toBe(first.incarnation + 1)
})

test('with its folder a member loses its id: it joins as a new one', async () => {
  const first = await load(1_000)
  await rm(folder, { recursive: true })
  expect((await load(2_000)).id).not.toBe(first.id)
})

test('an incarnation that cannot be read is replaced by the clock, which only grows', async () => {
  const first = await load(1_000)
  await writeFile(join(folder, 'incarnation'), 'gar\0bage')
  const second = await load(2_000)
  expect(second).toEqual({ id: first.id, incarnation: 2_000 })
})

test('a key that cannot be read ends the start, says what to do, and does not quote the key', async () => {
  await load(1_000)
  await writeFile(join(folder, 'member.key'), 'c2VjcmV0LWJ5dGVz')
  const failure = load(2_000)
  await expect(failure).rejects.toMatchObject({ code: 'CORRUPT_IDENTITY' })
  await expect(failure).rejects.toThrow(/member\.key does not hold a member's key; restore it, or remove it/)
  await expect(failure).rejects.not.toThrow(/c2Vjcm/)
})

test('nobody else may read the key', async () => {
  await load(1_000)
  expect((await stat(join(folder, 'member.key'))).mode & 0o077).toBe(0)
})
