import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { browser } from './testing/browser.ts'
import { listen } from './testing/auth-app.ts'
// #region the program of the README
import { bodyParser } from '@koa/bodyparser'
import Koa from 'koa'
import * as auth from './index.ts'

const users = new Map<string, auth.Account>()
const claimants = (name: string): auth.Account[] => [...users.values()].filter((u) => u.username === name)
const accounts: auth.Accounts = {
  get: (id) => users.get(id),
  claimants,
  async register({ username, passwordHash }) {
    if (claimants(username).length > 0) throw Object.assign(new Error('taken'), { code: 'USERNAME_TAKEN' })
    const user = { id: crypto.randomUUID(), username, passwordHash, sessionEpoch: '0', disabled: false }
    users.set(user.id, user)
    return user
  },
}

const escape = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
const view: auth.View = (ctx, { page, username, error, csrfToken }) => {
  ctx.type = 'html'
  ctx.body = `<form method="post"><p>${page}: ${error ?? 'welcome'}</p>
    <input name="username" value="${escape(username)}"><input name="password" type="password">
    <input name="_csrf" type="hidden" value="${csrfToken}"><button>Go</button></form>`
}

const app = new Koa()
const ledger = auth.memoryLedger()
const hasher = auth.passwordHasher()
const keys = auth.deriveSessionKeys([process.env['CLUSTER_SECRET'] ?? 'only for development'])
app.use(auth.sessions(app, { keys, mode: 'development' }))
app.use(auth.authentication({ accounts, ledger }))
app.use(bodyParser())
app.use(auth.antiForgery())

const pages: Record<string, Koa.Middleware> = {
  'GET /': auth.form({ page: 'login', view }),
  'POST /': auth.login({ accounts, hasher, view, defaultPath: '/budget' }),
  'GET /signup': auth.form({ page: 'signup', view }),
  'POST /signup': auth.signUp({ accounts, hasher, view }),
  'POST /logout': auth.logout(),
}
app.use((ctx, next) => (pages[`${ctx.method} ${ctx.path}`] ?? ((_ctx, next) => next()))(ctx, next))
app.use(auth.requireUser())
app.use((ctx) => {
  ctx.body = `The budget of ${ctx.state.user?.username}`
})
// #endregion

test('the program of the README: sign up, log in, log out', async () => {
  const ann = browser(await listen(app))
  const account = { username: 'ann', password: 'correct horse' }
  expect((await ann.submit('/signup', account)).location).toBe('/')
  expect((await ann.get('/budget?month=5')).location).toBe('/')
  expect((await ann.submit('/', account)).location).toBe('/budget?month=5')
  expect((await ann.get('/budget')).text).toBe('The budget of ann')
  expect((await ann.submit('/', {}, '/logout')).location).toBe('/')
  expect((await ann.get('/budget')).status).toBe(302)
})

test('the page of the README escapes what was typed', async () => {
  const answer = await browser(await listen(app)).submit('/', { username: '"><script>', password: 'x' })
  expect(answer.text).not.toContain('<script>')
})

test('a password hasher alone', async () => {
  const options = { signal: AbortSignal.timeout(5000) }
  const hash = await hasher.hash('correct horse', options)
  expect(await hasher.verify(hash, 'correct horse', options)).toBe(true)
})

test('the README holds this very program', async () => {
  const here = await readFile(new URL(import.meta.url), 'utf8')
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const program = /#region the program of the README\n([^]*?)\/\/ #endregion/.exec(here)?.[1] ?? 'no program'
  expect(readme).toContain(program.replace("'./index.ts'", "'@grapevine/auth-middleware'"))
})
