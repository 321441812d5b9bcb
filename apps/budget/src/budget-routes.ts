import { Router } from '@koa/router'
import { requireUser } from '@grapevine/auth-middleware'
import { InvalidEntryError } from './entries/errors.ts'
import { formatMoney, parseMoney } from './entries/money.ts'
import { textOf } from './form-text.ts'
import { chrome, userOf } from './page-context.ts'
import { budgetPage, type BudgetLine, type Direction, type Draft } from './pages/index.ts'
import { seeOther } from './see-other.ts'
import type Koa from 'koa'
import type { Entry } from './entries/entry.ts'
import type { Budget } from './entries/budgets.ts'
import type { Node } from './node.ts'

/** Entries on a page, unless all are asked for. */
const mostLines = 100

/** A person's own budget: shown, added to, removed from. */
export const budgetRoutes = (node: Node): Router => {
  const router = new Router()
  router.get('/budget', requireUser(), (ctx) => showBudget(node, ctx))
  router.post('/budget', requireUser(), async (ctx) => {
    const typed = readDraft(ctx)
    try {
      await node.entries.add(userOf(ctx).id, entryOf(typed))
      seeOther(ctx, '/budget')
    } catch (error) {
      if (!(error instanceof InvalidEntryError)) throw error
      ctx.status = 400
      showBudget(node, ctx, { ...typed, error: error.message })
    }
  })
  router.post('/budget/remove', requireUser(), async (ctx) => {
    await node.entries.remove(userOf(ctx).id, textOf(ctx, 'entry', 64))
    seeOther(ctx, '/budget')
  })
  return router
}

const readDraft = (ctx: Koa.Context): Omit<Draft, 'error'> => ({
  label: textOf(ctx, 'label', 1_000),
  amount: textOf(ctx, 'amount', 100),
  direction: textOf(ctx, 'direction', 10) === 'received' ? 'received' : 'spent',
})

/** @throws InvalidEntryError */
const entryOf = ({ label, amount, direction }: Omit<Draft, 'error'>): { label: string; amount: number } => {
  const money = parseMoney(amount)
  if (money === undefined) throw new InvalidEntryError('Type an amount above 0, such as 12.50.')
  return { label: label.trim(), amount: direction === 'spent' ? -money : money }
}

const showBudget = (node: Node, ctx: Koa.Context, draft?: Draft): void => {
  const budget = node.entries.of(userOf(ctx).id)
  const shown = ctx.query['show'] === 'all' ? budget.entries.length : mostLines
  const lines = linesOf(budget).slice(0, shown)
  const older = budget.entries.length - lines.length
  ctx.body = budgetPage(chrome(node, ctx), { lines, older, total: formatMoney(budget.total), draft })
}

/** Newest first, each with what there was after it. */
const linesOf = ({ entries }: Budget): BudgetLine[] => {
  let balance = 0
  return entries.map((entry) => lineOf(entry, (balance += entry.amount))).toReversed()
}

const lineOf = ({ id, label, amount, at }: Entry, balance: number): BudgetLine => {
  const kind: Direction = amount < 0 ? 'spent' : 'received'
  return {
    id,
    label,
    addedAt: new Date(at),
    amount: formatMoney(amount),
    kind,
    balance: formatMoney(balance),
  }
}
