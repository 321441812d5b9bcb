/** Writes as fast as it can and says what was acknowledged, until it is killed: `node crash-child… <folder> <round>`. */
import * as Y from 'yjs'
import { replicate } from '../index.ts'
import { memoryNetwork } from './memory-bus.ts'
import { openFileStorage } from '../storage/open-file-storage.ts'

const [folder = '', round = ''] = process.argv.slice(2)
const doc = new Y.Doc()
const storage = await openFileStorage({ folder, owner: 'crash' })
const replica = await replicate(doc, memoryNetwork().join('lone'), {
  name: 'crash',
  storage,
  discoveryWindow: 0,
  // Nearly always compacting.
  compactAfter: 1_024,
})
for (let number = 0; ; number += 1) {
  const key = `${round}/${number}`
  await replica.write(() => doc.getMap('map').set(key, 'x'.repeat(100)))
  process.stdout.write(`${key}\n`)
}
