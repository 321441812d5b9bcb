import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { storageContract } from './contract.ts'
import { openFileStorage } from './open-file-storage.ts'
import { memoryDisk, memoryStorage } from './memory.ts'

describe('memory', () => {
  test.each(storageContract)('$claim', async ({ check }) => {
    const disk = memoryDisk()
    await expect(check(async () => memoryStorage(disk))).resolves.toBeUndefined()
  })
})

describe('files', () => {
  test.each(storageContract)('$claim', async ({ check }) => {
    const folder = await mkdtemp(join(tmpdir(), 'replica-'))
    try {
      const checked = check(() => openFileStorage({ folder, owner: 'contract' }))
      await expect(checked).resolves.toBeUndefined()
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
