import { createGrapevine } from '@grapevine/koa'
import { budgetRoutes } from './budget-routes.ts'
import { entriesDocument } from './entries/document.ts'
import { createEntries } from './entries/entries.ts'
import { budgetStyle } from './pages/budget-style.ts'

const { document, map, budgets } = entriesDocument()
const grapevine = await createGrapevine({
  name: 'budget',
  title: 'Grapevine Budget',
  home: '/budget',
  links: [{ path: '/budget', text: 'Budget' }],
  style: budgetStyle,
  documents: { entries: document },
})
const entries = createEntries({ map, budgets, write: grapevine.documents.entries.write })
grapevine.router.use(budgetRoutes(entries, grapevine).routes())
await grapevine.listen()
