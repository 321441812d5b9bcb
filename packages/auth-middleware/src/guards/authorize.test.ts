import Koa from 'koa'
import { expect, test } from 'vitest'
import type { SignedInUser } from './authentication.ts'
import { authorize } from './authorize.ts'
import { deriveSessionKeys } from '../sessions/session-keys.ts'
import { sessions } from '../sessions/sessions.ts'
import { browser } from '../testing/browser.ts'
import { listen, testSecret } from '../testing/auth-app.ts'

const statusFor = async (user: SignedInUser | undefined): Promise<[number, string]> => {
  const app = new Koa()
  app.use(sessions(app, { keys: deriveSessionKeys([testSecret]), mode: 'development' }))
  app.use((ctx, next) => {
    ctx.state.user = user
    return next()
  })
  app.use(authorize({ allow: ({ id, roles }) => id === 'u1' || roles.includes('operator') }))
  app.use((ctx) => void (ctx.body = 'the inside'))
  const { status, text } = await browser(await listen(app)).get('/inside')
  return [status, text]
}

const ann: SignedInUser = { id: 'u2', username: 'u1', claim: 'sole', roles: [] }

test('passes whom the predicate knows by id or role, and nobody for their name', async () => {
  expect(await statusFor({ ...ann, id: 'u1' })).toEqual([200, 'the inside'])
  expect(await statusFor({ ...ann, roles: ['operator'] })).toEqual([200, 'the inside'])
  expect(await statusFor(ann)).toEqual([403, 'Your account may not do this.'])
  expect((await statusFor(undefined))[0]).toBe(302)
})
