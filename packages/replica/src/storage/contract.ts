import assert from 'node:assert/strict'
import type { Storage } from './storage.ts'

/** One thing that every storage must do. */
export interface StorageRequirement {
  readonly requirement: string
  /** @param open - opens the same place again and again: what one has written the next one finds */
  check(open: () => Promise<Storage>): Promise<void>
}

const update = (...bytes: readonly number[]): Uint8Array => Uint8Array.from(bytes)

const contentOf = async (storage: Storage): Promise<number[][]> => {
  const updates: number[][] = []
  for await (const loaded of storage.load()) updates.push([...loaded])
  return updates
}

const snapshotOf = async function* (...updates: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* updates
}

/** The contract of {@link Storage}, for any test runner: check each requirement with a place of its own. */
export const storageContract: readonly StorageRequirement[] = [
  {
    requirement: 'a new place is empty',
    check: async (open) => {
      const storage = await open()
      assert.deepEqual(await contentOf(storage), [])
      assert.deepEqual(storage.status(), {
        logBytes: 0,
        snapshotBytes: 0,
        damaged: 0,
        setAside: 0,
        compactionDue: false,
      })
      await storage.close()
    },
  },
  {
    requirement: 'what was appended is there after it is opened again, in its order',
    check: async (open) => {
      const storage = await open()
      await contentOf(storage)
      await storage.append(update(1))
      await Promise.all([storage.append(update(2)), storage.append(update(3, 3))])
      assert.equal(storage.status().logBytes, 4)
      await storage.close()
      const again = await open()
      assert.deepEqual(await contentOf(again), [[1], [2], [3, 3]])
      assert.equal(again.status().logBytes, 4)
      await again.append(update(4))
      await again.close()
      const third = await open()
      assert.deepEqual(await contentOf(third), [[1], [2], [3, 3], [4]])
      await third.close()
    },
  },
  {
    requirement: 'a compaction replaces what was appended before it, and nothing that was appended meanwhile',
    check: async (open) => {
      const storage = await open()
      await contentOf(storage)
      await storage.append(update(1))
      await storage.append(update(2))
      const compacting = storage.compact(
        (async function* () {
          yield update(12)
          await storage.append(update(3))
        })(),
      )
      await compacting
      assert.deepEqual(storage.status(), {
        logBytes: 1,
        snapshotBytes: 1,
        damaged: 0,
        setAside: 0,
        compactionDue: false,
      })
      await storage.append(update(4))
      await storage.close()
      const again = await open()
      assert.deepEqual(await contentOf(again), [[12], [3], [4]])
      assert.equal(again.status().damaged, 0)
      await again.close()
    },
  },
  {
    requirement: 'a compaction that fails leaves everything as it was, and the next one succeeds',
    check: async (open) => {
      const storage = await open()
      await contentOf(storage)
      await storage.append(update(1))
      const failing = (async function* (): AsyncGenerator<Uint8Array> {
        yield update(9)
        throw new Error('no more')
      })()
      await assert.rejects(storage.compact(failing), /no more/)
      await storage.close()
      const again = await open()
      assert.deepEqual(await contentOf(again), [[1]])
      await again.compact(snapshotOf(update(5), update(6)))
      await again.compact(snapshotOf(update(7)))
      await again.close()
      const third = await open()
      assert.deepEqual(await contentOf(third), [[7]])
      await third.close()
    },
  },
]
