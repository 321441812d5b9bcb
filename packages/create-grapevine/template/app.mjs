// An app whose users, sessions and log-outs are shared by all of its instances. Every setting is a variable of the environment:
// see https://github.com/grapevine-cluster/grapevine/tree/main/packages/koa#settings
import { createGrapevine } from '@grapevine/koa'
import { csrfField, html, layout } from '@grapevine/koa/pages'
import * as Y from 'yjs'

const doc = new Y.Doc()
const notes = doc.getMap('notes')

const grapevine = await createGrapevine({
  name: '{{name}}',
  home: '/note',
  links: [{ path: '/note', text: 'My note' }],
  // Shared by all instances, and on the disk of each. What is of a user goes with the user.
  documents: { notes: { doc, keptByUser: (id) => notes.delete(id) } },
})
const { router, requireUser, frameOf } = grapevine

router.get('/note', requireUser, (ctx) => {
  const frame = frameOf(ctx)
  ctx.body = layout(frame, {
    title: 'My note',
    path: '/note',
    body: html`<h1>Hello ${ctx.state.user.username}</h1>
      <p>Your note: <q>${notes.get(ctx.state.user.id) ?? ''}</q></p>
      <form method="post">
        ${csrfField(frame)}
        <label for="text">A new one</label> <input id="text" name="text" maxlength="1000" required />
        <button>Keep</button>
      </form>`,
  })
})

router.post('/note', requireUser, async (ctx) => {
  const text = String(ctx.request.body.text ?? '').slice(0, 1000)
  await grapevine.documents.notes.write(() => void notes.set(ctx.state.user.id, text))
  ctx.redirect('/note')
})

await grapevine.listen()
