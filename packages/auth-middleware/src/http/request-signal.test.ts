import { once } from 'node:events'
import Koa from 'koa'
import { expect, test } from 'vitest'
import { requestSignal } from './request-signal.ts'
import { listen } from '../testing/auth-app.ts'

/** An app that answers when told to, and hands out the signal of its request. */
const waitingApp = async (timeoutMs: number) => {
  const events = new EventTarget()
  let signal = new AbortController().signal
  let answer = (): void => {}
  const app = new Koa()
  app.use(async (ctx) => {
    signal = requestSignal(ctx, timeoutMs)
    const answered = new Promise<void>((resolve) => (answer = resolve))
    events.dispatchEvent(new Event('asked'))
    await answered
    ctx.body = 'done'
  })
  return {
    url: await listen(app),
    asked: once(events, 'asked'),
    signal: () => signal,
    answer: () => answer(),
  }
}

test('aborts when the client hangs up', async () => {
  const { url, asked, signal, answer } = await waitingApp(60_000)
  const client = new AbortController()
  const response = fetch(url, { signal: client.signal }).catch((error: unknown) => error)
  await asked
  expect(signal().aborted).toBe(false)
  client.abort()
  await once(signal(), 'abort')
  expect(signal().reason).toMatchObject({ name: 'AbortError' })
  answer()
  expect(await response).toMatchObject({ name: 'AbortError' })
})

test('aborts when the time is up', async () => {
  const { url, asked, signal, answer } = await waitingApp(20)
  const response = fetch(url)
  await asked
  await once(signal(), 'abort')
  expect(signal().reason).toMatchObject({ name: 'TimeoutError' })
  answer()
  expect((await response).status).toBe(200)
})
