// Log in by a link in a mail: sessions as a primitive. Names are mail addresses here.
//   PORT=4001 NODE_NAME=one CLUSTER_SECRET=… NODE_ENV=development node main.mjs     and 4002, 4003 …
import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import { antiForgeryToken, createGrapevine, openSession } from '@grapevine/koa'
import { seeOther, textOf } from '@grapevine/koa/http'
import { csrfField, html, layout, statusNotice, textField } from '@grapevine/koa/pages'

/** Where mails go: a mail service in earnest, the terminal here. */
const mail = { send: async (to, text) => console.log(`mail to ${to}: ${text}`) }
/** For how long a link opens a session, in ms. */
const life = Number(process.env.LINK_LIFE ?? 10 * 60_000)

const grapevine = await createGrapevine({ name: 'mail-link', home: '/me' })
const { router, accounts, ledger, settings } = grapevine
/** Of links. Never what a request calls the host in production: whoever asks for the link of another would say where it leads. */
const originOf = (ctx) => settings.publicUrl ?? ctx.origin
if (settings.publicUrl === undefined && settings.mode === 'production')
  throw new Error(
    'PUBLIC_URL is not set; links in mails need the address of this app, such as https://example.com',
  )
/** Every instance derives the same; while secrets are rotated, links of the former one still count. */
const keys = settings.secrets.map((secret) => Buffer.from(hkdfSync('sha256', secret, '', 'mail-link', 32)))

/** What is signed is not in the link alone: half of it is a cookie, so a link that is stolen or sent on opens nothing. */
const sign = (key, { id, until, state }) =>
  createHmac('sha256', key).update(`${id} ${until} ${state}`).digest()
const isSigned = (link, seen) =>
  keys.some((key) => seen.length === 32 && timingSafeEqual(sign(key, link), seen))
/** Under this name a used link is recorded, on every instance, until it would be over in any case. */
const nameOf = ({ state }) => `link-${state}`

const linkOf = (ctx, [id = '', until = '', signature = '']) => {
  const link = { id, until: Number(until), state: ctx.cookies.get('link') ?? '' }
  if (!isSigned(link, Buffer.from(signature, 'base64url')) || link.until < Date.now()) return undefined
  return ledger.isEnded(nameOf(link)) ? undefined : link
}

const page = (ctx, title, content) => {
  const frame = { ...grapevine.frameOf(ctx), csrfToken: antiForgeryToken(ctx) }
  ctx.body = layout(frame, {
    title,
    body: html`<h1>${title}</h1>
      <form method="post">${csrfField(frame)} ${content}</form>`,
  })
}
const over = html`<p role="alert">
  This link is used or too old, or was asked for in another browser. <a href="/link">Ask for a new one</a>
</p>`

router.get('/link', (ctx) =>
  page(
    ctx,
    'Log in by mail',
    html`${textField({ name: 'username', label: 'Mail address' })} <button>Send a link</button>`,
  ),
)

router.post('/link', async (ctx) => {
  const [user] = accounts.claimants(textOf(ctx, 'username', 256))
  const state = randomBytes(16).toString('base64url')
  ctx.cookies.set('link', state, { httpOnly: true, sameSite: 'lax', maxAge: life })
  if (user !== undefined) {
    const link = { id: user.id, until: Date.now() + life, state }
    const signature = sign(keys[0], link).toString('base64url')
    // Not waited for: how long it takes would tell who has an account.
    void mail
      .send(user.username, `${originOf(ctx)}${settings.basePath}/link/${link.id}/${link.until}/${signature}`)
      .catch(() => console.error('a mail was not sent'))
  }
  // The same for every address: who has an account is nobody's business.
  ctx.body = layout(grapevine.frameOf(ctx), {
    title: 'Look into your mail',
    body: statusNotice('If the address has an account here, a link is on its way. Open it in this browser.'),
  })
})

// A page with a button, since mail programs open links to look what is behind them.
router.get('/link/:id/:until/:signature', (ctx) => {
  const { id, until, signature } = ctx.params
  const isOpen = linkOf(ctx, [id, until, signature]) !== undefined
  page(ctx, 'Log in', isOpen ? html`<button>Log in</button>` : over)
})

router.post('/link/:id/:until/:signature', async (ctx) => {
  const { id, until, signature } = ctx.params
  const link = linkOf(ctx, [id, until, signature])
  if (link === undefined) return page(ctx, 'Log in', over)
  const signal = AbortSignal.timeout(10_000)
  await ledger.end(nameOf(link), { userId: id, issuedAt: link.until - life, validUntil: link.until, signal })
  return seeOther(ctx, (await openSession(ctx, id)) ?? '/me')
})

router.get('/me', grapevine.requireUser, (ctx) => {
  ctx.body = `Hello ${ctx.state.user.username}`
})
await grapevine.listen()
