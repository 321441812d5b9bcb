// The example of README.md (see readme.test.ts).
import { writeFileSync } from 'node:fs'
import { checkSet, createRecorder, drawTimeline, reportSet } from './index.ts'
import type { Attempt, SetOperation } from './index.ts'

/** A store of two replicas that acknowledges a note before it is copied, and copies all but every fourth. */
const replicas = { one: new Set<string>(), two: new Set<string>() }

const add = async (element: string, number: number): Promise<Attempt<SetOperation>> => {
  replicas.one.add(element)
  if (number % 4 !== 0) replicas.two.add(element)
  return { operation: { kind: 'add', element }, outcome: 'ok' }
}

const read = async (name: 'one' | 'two'): Promise<Attempt<SetOperation>> => ({
  operation: { kind: 'read', elements: [...replicas[name]] },
  outcome: 'ok',
})

const recorder = createRecorder<SetOperation>()
for (let number = 1; number <= 10; number++) {
  const element = `note ${number}`
  await recorder.record('one', () => add(element, number), { kind: 'add', element })
}
for (const name of ['one', 'two'] as const)
  await recorder.record(name, () => read(name), { kind: 'read', elements: [] })

const { entries } = recorder
const verdict = checkSet(entries)
console.log(verdict.verdict, verdict.lost.join(', ')) // bad note 4, note 8
writeFileSync('run.txt', reportSet(verdict, entries))
writeFileSync('run.svg', drawTimeline({ title: 'two', entries, faults: [], findings: verdict.findings }))
