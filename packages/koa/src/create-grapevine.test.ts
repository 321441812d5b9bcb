import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { servedInstance, member } from './testing/served-instance.ts'

test('an app is its own routes, and everything around them is there', async () => {
  const { grapevine, browser } = await servedInstance({ name: 'hello', home: '/me' })
  grapevine.router.get('/me', grapevine.requireUser, (ctx) => {
    ctx.body = `Hello ${ctx.state.user?.username}`
  })
  const ada = browser()
  expect((await ada.get('/me')).headers.location).toBe('/')
  const fields = { username: 'ada', password: 'a password that is long' }
  expect(await ada.submit('/signup', fields)).toMatchObject({ status: 302, headers: { location: '/' } })
  expect(await ada.submit('/', fields)).toMatchObject({ status: 302, headers: { location: '/me' } })
  expect((await ada.get('/me')).text).toBe('Hello ada')
  for (const path of ['/account', '/cluster', '/cluster.json', '/healthz', '/readyz', '/metrics']) {
    expect([path, (await ada.get(path)).status]).toEqual([path, 200])
  }
  expect((await ada.get('/account')).text).toContain('<title>Account · hello</title>')
})

test('ctx.state.user holds nothing that must not be sent out', async () => {
  const { grapevine, browser } = await servedInstance()
  grapevine.router.get('/whole', (ctx) => {
    ctx.body = ctx.state.user
  })
  const ada = await member(browser())
  const { text } = await ada.get('/whole')
  expect(text).toContain('ada')
  expect(text).not.toContain('argon2')
})

test('a page is replaced by a view of the app', async () => {
  const { browser } = await servedInstance({
    views: { login: (_frame, { error }) => `my own form ${error ?? ''}` },
  })
  expect((await browser().get('/')).text).toBe('my own form ')
})

test('what is kept by user goes with the user, and nothing else does', async () => {
  const doc = new Y.Doc()
  const notes = doc.getMap<string>('notes')
  const keptByUser = (id: string): void => notes.delete(id)
  const { grapevine, browser } = await servedInstance({ documents: { notes: { doc, keptByUser } } })
  const [ada, bob] = [await member(browser()), await member(browser(), 'bob')]
  const [adaId = '', bobId = ''] = ['ada', 'bob'].map((name) => grapevine.users.claimants(name)[0]?.id)
  await grapevine.documents.notes.write(() => {
    notes.set(adaId, 'of Ada')
    notes.set(bobId, 'of Bob')
  })
  const password = 'a password that is long'
  expect(await ada.submit('/account/erase', { password })).toMatchObject({
    status: 302,
    headers: { location: '/?notice=erased' },
  })
  expect([...notes.values()]).toEqual(['of Bob'])
  expect(grapevine.users.get(adaId)).toBeUndefined()
  expect((await bob.get('/account')).status).toBe(200)
})

test('a document of another copy of yjs is refused, before anything is replicated', async () => {
  const stranger = { on: () => undefined, getMap: () => undefined }
  const documents = { notes: { doc: stranger as never } }
  await expect(servedInstance({ documents })).rejects.toThrow(
    'documents.notes.doc was made by another copy of yjs',
  )
})

test.each(['users', 'sessions', 'sessions-1', 'member', 'a/b', ''])(
  'a document called %j is refused by its name',
  async (name) => {
    await expect(servedInstance({ documents: { [name]: {} } })).rejects.toThrow(
      /^documents is ".*"; allowed: /,
    )
  },
)

test('an option that does not exist is refused by name, with what is allowed', async () => {
  await expect(servedInstance({ pots: {} } as never)).rejects.toThrow(/^pots is unknown; allowed: .*ports/)
})

test('a part that is handed in is the part that is used', async () => {
  const now = Date.UTC(2030, 0, 1)
  const { grapevine, browser } = await servedInstance({ ports: { now: () => now } })
  await member(browser())
  expect(grapevine.users.claimants('ada')[0]?.registeredAt).toBe(now)
})
