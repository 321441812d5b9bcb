import { expect, onTestFinished, test } from 'vitest'
import * as Y from 'yjs'
import { memoryNetwork } from '../../testing/memory-bus.ts'
import { replicate } from '../replicate.ts'

const two = async () => {
  const network = memoryNetwork()
  const open = async (id: string) => {
    const doc = new Y.Doc()
    const replica = await replicate(doc, network.join(id), { name: 'notes', discoveryWindow: 0 })
    onTestFinished(() => replica.close())
    return { doc, map: doc.getMap('notes'), replica }
  }
  return { a: await open('a'), b: await open('b') }
}

test('a value over the bound is refused and not written, and what is written later reaches the others', async () => {
  const { a, b } = await two()
  await a.replica.write(() => a.map.set('milk', 'one pint'))
  const big = a.replica.write(() => {
    a.map.set('big', 'x'.repeat(1_500_000))
    a.map.set('milk', 'two pints')
    a.map.delete('milk')
  })
  await expect(big).rejects.toMatchObject({
    code: 'OVERSIZED_CHANGE',
    message: expect.stringContaining('nothing was written'),
  })
  expect(a.map.toJSON()).toEqual({ milk: 'one pint' })
  const { acknowledgement } = await a.replica.write(() => a.map.set('bread', 1))
  expect(acknowledgement.members).toEqual(['a', 'b'])
  expect(b.map.toJSON()).toEqual({ milk: 'one pint', bread: 1 })
  expect(b.replica.status().refused).toBe(0)
})

test('a value nested too deeply, and a key over the bound, are refused as well', async () => {
  const { a, b } = await two()
  let deep: object = {}
  for (let depth = 0; depth < 80; depth += 1) deep = { deep }
  await expect(a.replica.write(() => a.map.set('deep', deep))).rejects.toMatchObject({
    code: 'OVERSIZED_CHANGE',
  })
  const key = 'k'.repeat(5_000)
  await expect(a.replica.write(() => a.map.set(key, 1))).rejects.toMatchObject({ code: 'OVERSIZED_CHANGE' })
  await a.replica.write(() => a.map.set('fine', 1))
  expect([a.map.toJSON(), b.map.toJSON()]).toEqual([{ fine: 1 }, { fine: 1 }])
})

test('a change that is large as a whole goes, in slices', async () => {
  const { a, b } = await two()
  await a.replica.write(() => {
    for (let index = 0; index < 20_000; index += 1) a.map.set(`key ${index}`, 'y'.repeat(80))
  })
  expect(b.map.size).toBe(20_000)
})
