import { bodyParser } from '@koa/bodyparser'
import Koa from 'koa'
import { expect, test } from 'vitest'
import { formField } from './form-field.ts'
import { listen } from '../testing/auth-app.ts'

const fieldOf = async (body: string, type = 'application/json'): Promise<unknown> => {
  const app = new Koa()
  app.use(bodyParser())
  app.use((ctx) => void (ctx.body = { field: formField(ctx, 'name', 5) }))
  const response = await fetch(await listen(app), { method: 'POST', body, headers: { 'Content-Type': type } })
  return response.json()
}

test.each([
  ['{"name":"12345"}', '12345'],
  ['{"name":""}', ''],
])('%s is text', async (body, field) => {
  expect(await fieldOf(body)).toEqual({ field })
})

test.each([
  '{"name":"123456"}',
  '{"name":5}',
  '{"name":["1"]}',
  '{"name":{"a":"1"}}',
  '{"name":null}',
  '{}',
  '[]',
])('%s is not', async (body) => {
  expect(await fieldOf(body)).toEqual({})
})

test('a field sent twice is not text', async () => {
  expect(await fieldOf('name=1&name=2', 'application/x-www-form-urlencoded')).toEqual({})
})

test('what every object inherits is not a field', async () => {
  const app = new Koa()
  app.use(bodyParser())
  app.use((ctx) => void (ctx.body = { inherited: formField(ctx, 'constructor', 5) }))
  const response = await fetch(await listen(app), { method: 'POST', body: new URLSearchParams() })
  expect(await response.json()).toEqual({})
})

test('without a body parser there is no field', async () => {
  const app = new Koa()
  app.use((ctx) => void (ctx.body = { field: formField(ctx, 'name', 5) }))
  expect(await (await fetch(await listen(app))).json()).toEqual({})
})
