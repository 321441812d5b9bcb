import { createGrapevine } from '@grapevine/koa'
import { budgetRoutes } from './budget-routes.ts'
import { createEntries } from './entries/entries.ts'
import { joinEntries } from './entries/join.ts'
import { budgetStyle } from './pages/budget-style.ts'

const grapevine = await createGrapevine({
  name: 'budget',
  title: 'Grapevine Budget',
  home: '/budget',
  links: [{ path: '/budget', text: 'Budget' }],
  style: budgetStyle,
  facts: { entries: { keptByUser: true, joinUsers: joinEntries } },
})
const entries = createEntries(grapevine.facts.entries)
grapevine.router.use(budgetRoutes(entries, grapevine).routes())
await grapevine.listen()
