import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { testFolder, type TestFolder } from '../testing/folder.ts'

let serve: TestFolder['serve']
let grapevine: TestFolder['grapevine']
beforeEach(async () => {
  const folder = await testFolder()
  ;({ serve, grapevine } = folder)
  onTestFinished(() => folder[Symbol.asyncDispose]())
})

test('finalises an upgrade only for who says yes, and the status says how far it is', async () => {
  const asked: string[] = []
  const report = { finalised: 1, highest: 3, hindrances: [{ name: 'node-2', reason: 'older' }] }
  await serve('node-1', (request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.end(JSON.stringify({ finalised: 3, upgrade: report }))
  })
  expect(await grapevine('finalize')).toMatchObject({ code: 2, out: '' })
  expect(asked).toEqual([])
  expect((await grapevine('finalize --yes')).out).toBe('The upgrade is finalised at protocol 3.\n')
  expect(asked).toEqual(['POST /finalize'])
  expect((await grapevine('status')).out).toContain(
    'upgrade: finalised at protocol 1, this release speaks 3; not yet: node-2 is older\n',
  )
})
