import { expect, test } from 'vitest'
import { checkSet } from './judge/check-set.ts'
import { createRecorder, type Outcome, type Recorder, type SetOperation } from './history.ts'

const recorderOfTicks = (): Recorder<SetOperation> => {
  let time = 0
  return createRecorder<SetOperation>({ now: () => (time += 10) })
}

/** An answer that comes when it is told to. */
const answer = (): { promise: Promise<Outcome>; resolve: (outcome: Outcome) => void } => {
  let resolve: (outcome: Outcome) => void = () => undefined
  const promise = new Promise<Outcome>((settle) => (resolve = settle))
  return { promise, resolve: (outcome) => resolve(outcome) }
}

const add: SetOperation = { kind: 'add', element: 'ada' }

test('an operation is recorded from its beginning on, and is unknown as long as it is pending', async () => {
  const recorder = recorderOfTicks()
  const { promise, resolve } = answer()
  const adding = recorder.record('node-1', async () => ({ operation: add, outcome: await promise }), add)
  expect(recorder.entries).toEqual([
    { ...add, node: 'node-1', from: 10, to: Infinity, outcome: 'unknown', problem: 'it has not ended' },
  ])
  resolve('ok')
  await adding
  expect(recorder.entries).toEqual([{ ...add, node: 'node-1', from: 10, to: 20, outcome: 'ok' }])
})

test('what is read while its add is pending is no phantom', async () => {
  const recorder = recorderOfTicks()
  const { promise, resolve } = answer()
  const adding = recorder.record('node-1', async () => ({ operation: add, outcome: await promise }), add)
  const seen: SetOperation = { kind: 'read', elements: ['ada'] }
  await recorder.record('node-2', async () => ({ operation: seen, outcome: 'ok' }), {
    kind: 'read',
    elements: [],
  })
  expect(checkSet(recorder.entries)).toMatchObject({ phantom: [], recovered: ['ada'] })
  resolve('ok')
  await adding
})

test('what throws is recorded as unknown, with its problem, and does not throw', async () => {
  const recorder = recorderOfTicks()
  const attempt = await recorder.record('node-2', async () => await Promise.reject(new Error('reset')), add)
  expect(attempt).toMatchObject({ outcome: 'unknown', problem: 'Error: reset' })
  expect(recorder.entries).toMatchObject([
    { outcome: 'unknown', problem: 'Error: reset', node: 'node-2', to: 20 },
  ])
})
