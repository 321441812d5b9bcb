/** Each handler of an account, alone over a plain `Map`: what the README calls ten lines. */
import { bodyParser } from '@koa/bodyparser'
import Koa from 'koa'
import { expect, test } from 'vitest'
import * as auth from './index.ts'
import { browser, type Browser } from './testing/browser.ts'
import { cheapHasher, listen, testSecret, view } from './testing/auth-app.ts'

const hasher = cheapHasher()
const password = 'correct horse'
const signal = AbortSignal.timeout(60_000)

/** Logged in, where nothing can be done but to log in and what `act` does. */
const loggedInWhere = async (
  users: Map<string, auth.Account>,
  act: (get: (id: string) => auth.Account | undefined) => Koa.Middleware,
): Promise<Browser> => {
  const get = (id: string): auth.Account | undefined => users.get(id)
  const app = new Koa()
  app.use(auth.sessions(app, { keys: auth.deriveSessionKeys([testSecret]), mode: 'development' }))
  app.use(auth.authentication({ accounts: { get }, ledger: auth.memoryLedger() }))
  app.use(bodyParser())
  app.use(auth.antiForgery())
  const login = auth.login({ accounts: { get, claimants: () => [...users.values()] }, hasher, view })
  const [form, handler] = [auth.form({ page: 'login', view }), act(get)]
  app.use((ctx, next) => {
    if (ctx.method === 'GET') return form(ctx, next)
    return ctx.path === '/act' ? handler(ctx, next) : login(ctx, next)
  })
  const ann = browser(await listen(app))
  expect((await ann.submit('/', { username: 'ann', password })).status).toBe(302)
  return ann
}

const oneUser = async (): Promise<{ users: Map<string, auth.Account>; ann: auth.Account }> => {
  const passwordHash = await hasher.hash(password, { signal })
  const ann = { id: 'u1', username: 'ann', passwordHash, sessionEpoch: '0', disabled: false }
  return { users: new Map([['u1', ann]]), ann }
}

test('changePassword', async () => {
  const { users, ann } = await oneUser()
  const visitor = await loggedInWhere(users, (get) =>
    auth.changePassword({
      accounts: {
        get,
        async changePassword(id, passwordHash) {
          const changed = { ...ann, passwordHash, sessionEpoch: '1' }
          users.set(id, changed)
          return changed
        },
      },
      hasher,
      view,
    }),
  )
  expect((await visitor.submit('/', { password, newPassword: 'another one' }, '/act')).status).toBe(302)
  expect(users.get('u1')?.passwordHash).not.toBe(ann.passwordHash)
})

test('endOtherSessions', async () => {
  const { users, ann } = await oneUser()
  const visitor = await loggedInWhere(users, (get) =>
    auth.endOtherSessions({
      accounts: {
        get,
        async endSessions(id) {
          const changed = { ...ann, sessionEpoch: '1' }
          users.set(id, changed)
          return changed
        },
      },
      hasher,
      view,
    }),
  )
  expect((await visitor.submit('/', { password }, '/act')).status).toBe(302)
  expect(users.get('u1')?.sessionEpoch).toBe('1')
})

test('rename', async () => {
  const { users, ann } = await oneUser()
  const visitor = await loggedInWhere(users, (get) =>
    auth.rename({
      accounts: {
        get,
        async rename(id, username) {
          users.set(id, { ...ann, username })
          return { ...ann, username }
        },
      },
      hasher,
      view,
    }),
  )
  expect((await visitor.submit('/', { username: 'anna', password }, '/act')).status).toBe(302)
  expect(users.get('u1')?.username).toBe('anna')
})
