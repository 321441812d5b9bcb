import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { testFolder, type TestFolder } from '../testing/folder.ts'

let serve: TestFolder['serve']
let grapevine: TestFolder['grapevine']
beforeEach(async () => {
  const folder = await testFolder()
  ;({ serve, grapevine } = folder)
  onTestFinished(() => folder[Symbol.asyncDispose]())
})

test('grants and revokes the role of an operator, and lists who has it', async () => {
  const asked: string[] = []
  const ada = { username: 'ada', id: 'YOVq8928Xw9njz6xoXz5zg', disabled: false }
  await serve('node-1', (request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.end(JSON.stringify(request.method === 'GET' ? { operators: [ada] } : { ...ada, members: 2 }))
  })
  const list = 'NAME  ACCOUNT ID              DISABLED\nada   YOVq8928Xw9njz6xoXz5zg  false\n'
  expect((await grapevine('operators')).out).toBe(list)
  expect((await grapevine('operators grant ada')).out).toBe(
    'ada (account YOVq8928Xw9njz6xoXz5zg) is an operator, on 2 members.\n',
  )
  expect((await grapevine('operators revoke ada')).out).toContain('is no operator any more')
  for (const wrong of ['operators grant', 'operators grant a b', 'operators make ada'])
    expect(await grapevine(wrong)).toMatchObject({ code: 2, out: '' })
  expect(asked).toEqual([
    'GET /operators',
    'POST /operators/grant?user=ada',
    'POST /operators/revoke?user=ada',
  ])
})
