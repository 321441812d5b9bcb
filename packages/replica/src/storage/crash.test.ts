import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { openFileStorage } from './open-file-storage.ts'

const child = fileURLToPath(new URL('../../dist/testing/crash-child.js', import.meta.url))
const rounds = 6

/** Starts the child, kills it after so many acknowledged writes. @returns what was acknowledged */
const writeAndKill = async (folder: string, round: number, writes: number): Promise<string[]> => {
  const writer = spawn(process.execPath, [child, folder, String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  writer.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    if (output.split('\n').length > writes) writer.kill('SIGKILL')
  })
  await once(writer, 'close')
  // The last line may be cut in the middle: then it was not told.
  return output.split('\n').slice(0, -1)
}

test('a process that is killed while it compacts has lost nothing that it acknowledged', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'replica-'))
  try {
    const acknowledged: string[] = []
    for (let round = 0; round < rounds; round += 1)
      acknowledged.push(...(await writeAndKill(folder, round, 37 * (round + 1))))
    const storage = await openFileStorage({ folder, owner: 'crash' })
    const doc = new Y.Doc()
    for await (const update of storage.load()) Y.applyUpdate(doc, update)
    const { damaged, snapshotBytes } = storage.status()
    await storage.close()
    expect(acknowledged.length).toBeGreaterThan(37 * rounds)
    expect(acknowledged.filter((key) => !doc.getMap('map').has(key))).toEqual([])
    expect(damaged).toBe(0)
    expect(snapshotBytes).toBeGreaterThan(0)
    expect(doc.store.pendingStructs).toBeNull()
  } finally {
    await rm(folder, { recursive: true })
  }
})
