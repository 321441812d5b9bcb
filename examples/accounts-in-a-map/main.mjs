// Sign-up, log-in and log-out over a Map: auth-middleware, and nothing else. One process, no cluster.
//   SECRET=… PORT=4001 node main.mjs
import { randomUUID } from 'node:crypto'
import * as auth from '@grapevine/auth-middleware'
import { bodyParser } from '@koa/bodyparser'
import Koa from 'koa'

const { SECRET, PORT = '3000', HOST = '127.0.0.1' } = process.env
const users = new Map()
const claimants = (username) => [...users.values()].filter((user) => user.username === username)
const accounts = {
  get: (id) => users.get(id),
  claimants,
  register: async ({ username, passwordHash }) => {
    if (claimants(username).length > 0) throw Object.assign(new Error('taken'), { code: 'USERNAME_TAKEN' })
    const user = { id: randomUUID(), username, passwordHash, sessionEpoch: '0', disabled: false }
    users.set(user.id, user)
    return user
  },
}

const escape = (text) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
const view = (ctx, { page, username, error, csrfToken }) => {
  ctx.type = 'html'
  ctx.body = `<form method="post"><h1>${page}</h1><p role="alert">${error ?? ''}</p>
    <label>Username <input name="username" value="${escape(username)}"></label>
    <label>Password <input name="password" type="password"></label>
    <input name="_csrf" type="hidden" value="${csrfToken}"><button>Go</button></form>`
}

const app = new Koa()
const hasher = auth.passwordHasher()
app.use(auth.sessions(app, { keys: auth.deriveSessionKeys([SECRET]), mode: 'development' }))
app.use(auth.authentication({ accounts, ledger: auth.memoryLedger() }))
app.use(bodyParser())
app.use(auth.antiForgery())

const routes = {
  'GET /readyz': (ctx) => void (ctx.body = 'ready'),
  'GET /': auth.form({ page: 'login', view }),
  'POST /': auth.login({ accounts, hasher, view, defaultPath: '/me' }),
  'GET /signup': auth.form({ page: 'signup', view }),
  'POST /signup': auth.signUp({ accounts, hasher, view }),
}
app.use((ctx, next) => (routes[`${ctx.method} ${ctx.path}`] ?? ((_ctx, go) => go()))(ctx, next))
app.use(auth.requireUser())
app.use((ctx) => {
  ctx.body = `Hello ${ctx.state.user.username}`
})
app.listen(Number(PORT), HOST)
