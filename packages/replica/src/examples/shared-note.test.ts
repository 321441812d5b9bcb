import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { broadcastChannelBus } from '../buses/broadcast-channel-bus.ts'
import { replicate } from '../index.ts'

test('two members on a BroadcastChannel find each other and share a note, with acknowledgements', async () => {
  const [one, other] = [new Y.Doc(), new Y.Doc()]
  using busOfOne = broadcastChannelBus('test note', { id: 'one' })
  using busOfOther = broadcastChannelBus('test note', { id: 'other' })
  const options = { name: 'note', antiEntropyInterval: 50, discoveryWindow: 500 }
  await using replicaOfOne = await replicate(one, busOfOne, options)
  await using replicaOfOther = await replicate(other, busOfOther, options)
  await Promise.all([replicaOfOne.ready, replicaOfOther.ready])
  const { acknowledgement } = await replicaOfOne.write(() => one.getText('note').insert(0, 'milk'))
  expect(acknowledgement.members).toEqual(['one', 'other'])
  expect(other.getText('note').toJSON()).toBe('milk')
})

test('the example runs as it is: both worker threads end with the same four lines', async () => {
  const file = fileURLToPath(new URL('../../dist/examples/shared-note.js', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [file])
  expect(stdout.trim().split('\n').sort()).toEqual([
    '- Ada wants bread',
    '- Ada wants milk',
    '- Eva wants bread',
    '- Eva wants milk',
  ])
})
