import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { testFolder, type TestFolder } from '../testing/folder.ts'

let serve: TestFolder['serve']
let grapevine: TestFolder['grapevine']
beforeEach(async () => {
  const folder = await testFolder()
  ;({ serve, grapevine } = folder)
  onTestFinished(() => folder[Symbol.asyncDispose]())
})

const problem = { check: 'disk', kind: 'problem', what: 'the disk takes no writes', todo: 'Make room' }
const notice = { check: 'secrets', kind: 'notice', what: '2 secrets are accepted', todo: 'Drop the old' }
const answering = (findings: readonly object[]) =>
  serve('node-1', (request, response) => {
    expect(request.url).toBe('/doctor')
    response.end(JSON.stringify({ name: 'node-1', findings, passed: ['alone', 'clocks'] }))
  })

test('one page says what is wrong, and what to do', async () => {
  await answering([problem, notice])
  expect(await grapevine('doctor')).toEqual({
    code: 3,
    said: '',
    out: `node-1: 1 problem, 1 notice

PROBLEM  disk: the disk takes no writes
         → Make room

notice   secrets: 2 secrets are accepted
         → Drop the old

good     alone, clocks
`,
  })
})

test('what may be meant so is told, and is no failure', async () => {
  await answering([notice])
  expect(await grapevine('doctor')).toMatchObject({ code: 0 })
})

test('where nothing is wrong it says so', async () => {
  await answering([])
  expect(await grapevine('doctor')).toMatchObject({
    code: 0,
    out: 'node-1: nothing is wrong\n\ngood     alone, clocks\n',
  })
})

test('programs get the same as JSON', async () => {
  await answering([problem])
  const { code, out } = await grapevine('doctor --json')
  expect([code, JSON.parse(out)]).toEqual([
    3,
    { name: 'node-1', findings: [problem], passed: ['alone', 'clocks'] },
  ])
})

test('that no node runs is a finding, too', async () => {
  const { code, out } = await grapevine('doctor')
  expect(code).toBe(3)
  expect(out).toMatch(
    /^the node: 1 problem\n\nPROBLEM {2}running: No running node in .*\n +→ If it should run, start it/,
  )
})

test('no name that others chose moves the cursor', async () => {
  await answering([{ ...problem, what: 'x\u001b[2Jy' }])
  expect((await grapevine('doctor')).out).toContain('x?[2Jy')
})
