import { factOf, type GrapevineOptions, type Grapevine } from '@grapevine/koa'
import * as Y from 'yjs'

/** What the simulated app keeps: entries by user, as facts, and a free document. */
type Kept = Pick<GrapevineOptions<'notes', 'entries'>, 'facts' | 'documents'>

export type SimulatedApp = Grapevine<'notes', 'entries'>

export const keptByApp = (): Kept => ({
  facts: { entries: { keptByUser: true } },
  documents: { notes: { doc: new Y.Doc() } },
})

/** Its routes: who is logged in may add an entry or a note, and is told who they are. */
export const addRoutes = (app: SimulatedApp, salt: () => string): void => {
  app.router.get('/me', app.requireUser, (ctx) => {
    ctx.body = { id: ctx.state.user?.id }
  })
  app.router.post('/entries', app.requireUser, async (ctx) => {
    const user = ctx.state.user?.id ?? ''
    const { set, write } = app.facts.entries
    await write(() => set.insert([factOf(user, JSON.stringify({ label: ctx.query['label'], salt: salt() }))]))
    ctx.body = { added: true }
  })
  app.router.post('/notes', app.requireUser, async (ctx) => {
    const { doc, write } = app.documents.notes
    await write(() => void doc.getMap('notes').set(String(ctx.query['key']), String(ctx.query['text'])))
    ctx.body = { added: true }
  })
}
