/**
 * A note that two worker threads write at the same time, with nothing but this package: `node dist/examples/shared-note.js`.
 * Each is a member of its own, with its own document; a `BroadcastChannel` is the network.
 */
/* oxlint-disable unicorn/require-post-message-target-origin -- threads have no origins */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import * as Y from 'yjs'
import { broadcastChannelBus } from '../buses/broadcast-channel-bus.ts'
import { replicate } from '../index.ts'

const line = (text: string): string => `- ${text}\n`

const write = async (author: string): Promise<void> => {
  const doc = new Y.Doc()
  const note = doc.getText('note')
  using bus = broadcastChannelBus('shared-note', { id: author })
  await using replica = await replicate(doc, bus, {
    name: 'note',
    antiEntropyInterval: 200,
    discoveryWindow: 300,
  })
  await replica.ready
  for (const text of ['milk', 'bread'])
    await replica.write(() => note.insert(note.length, line(`${author} wants ${text}`)))
  while (note.toJSON().split('\n').length < 5) await new Promise((resolve) => doc.once('update', resolve))
  parentPort?.postMessage(note.toJSON())
  // Stays until told, so that the other can still ask.
  await new Promise((resolve) => parentPort?.once('message', resolve))
}

/** @returns the note as each of the two has it at the end */
export const sharedNote = async (): Promise<string[]> => {
  const workers = ['Ada', 'Eva'].map((author) => new Worker(new URL(import.meta.url), { workerData: author }))
  try {
    return await Promise.all(
      workers.map(
        (worker) =>
          new Promise<string>((resolve, reject) => {
            worker.once('message', resolve)
            worker.once('error', reject)
          }),
      ),
    )
  } finally {
    for (const worker of workers) worker.postMessage('done')
    await Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve))))
  }
}

if (!isMainThread && typeof workerData === 'string') await write(workerData)
else if (process.argv[1]?.endsWith('shared-note.js') === true) console.log((await sharedNote())[0])
