import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { storageContract } from './contract.ts'
import { openFileStorage } from './open-file-storage.ts'
import { memoryDisk, memoryStorage } from './memory.ts'

describe('memory', () => {
  test.each(storageContract)('$requirement', async ({ check }) => {
    const disk = memoryDisk()
    await expect(check(async () => memoryStorage(disk))).resolves.toBeUndefined()
  })
})

describe('files', () => {
  test.each(storageContract)('$requirement', async ({ check }) => {
    const folder = await mkdtemp(join(tmpdir(), 'replica-'))
    try {
      const checked = check(() => openFileStorage({ folder, owner: 'contract' }))
      await expect(checked).resolves.toBeUndefined()
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

test('a folder says whose it is before anything was written', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'replica-'))
  try {
    await (await openFileStorage({ folder, owner: 'mine' })).close()
    await expect(openFileStorage({ folder, owner: 'theirs' })).rejects.toMatchObject({ code: 'FOREIGN_DATA' })
    const again = await openFileStorage({ folder, owner: 'mine' })
    for await (const record of again.load()) expect(record).toBeUndefined()
    await again.append(Uint8Array.of(1))
    await again.close()
    expect((await readdir(folder)).filter((name) => name.endsWith('.log'))).toHaveLength(1)
  } finally {
    await rm(folder, { recursive: true })
  }
})
