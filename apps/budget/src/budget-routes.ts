import { Router } from '@koa/router'
import { seeOther, staleForm, textOf, userOf } from '@grapevine/koa/http'
import { InvalidEntryError, TooManyEntriesError } from './entries/errors.ts'
import { formatMoney, parseMoney } from './entries/money.ts'
import { budgetPage, type BudgetLine, type Direction, type Draft, type Removed } from './pages/budget.ts'
import type Koa from 'koa'
import type { Grapevine } from '@grapevine/koa'
import type { PageFrame } from '@grapevine/koa/pages'
import type { Entry } from './entries/entry.ts'
import type { Budget } from './entries/budgets.ts'
import type { Entries } from './entries/entries.ts'

/** Entries on a page, unless all are asked for. */
const mostLines = 100

export type BudgetParts = Pick<Grapevine, 'requireUser' | 'frameOf'>

/** A person's own budget: shown, added to, removed from. */
export const budgetRoutes = (entries: Entries, { requireUser, frameOf }: BudgetParts): Router => {
  const router = new Router()
  const show = (ctx: Koa.Context, draft?: Draft): void =>
    showBudget(entries.of(userOf(ctx).id), frameOf(ctx), ctx, draft, removedOf(ctx))
  const removedOf = (ctx: Koa.Context): Removed | undefined => {
    const entry = ctx.query['removed']
    const found = typeof entry === 'string' ? entries.removed(userOf(ctx).id, entry) : undefined
    return typeof entry === 'string' && found !== undefined ? { id: entry, label: found.label } : undefined
  }
  router.get('/budget', requireUser, (ctx) => {
    const stale = staleForm(ctx)
    show(ctx, stale === undefined ? undefined : { ...readDraft(ctx), error: stale.message })
  })
  router.post('/budget', requireUser, async (ctx) => {
    const typed = readDraft(ctx)
    try {
      await entries.add(userOf(ctx).id, entryOf(typed))
      seeOther(ctx, '/budget')
    } catch (error) {
      if (error instanceof TooManyEntriesError) return showAgainLater(ctx, typed, error)
      if (!(error instanceof InvalidEntryError)) throw error
      ctx.status = 400
      const wrongField = parseMoney(typed.amount) === undefined ? 'amount' : 'label'
      show(ctx, { ...typed, error: error.message, wrongField })
    }
  })
  /** With what was typed, to be sent again. */
  const showAgainLater = (
    ctx: Koa.Context,
    typed: Omit<Draft, 'error'>,
    error: TooManyEntriesError,
  ): void => {
    ctx.status = 429
    ctx.set('Retry-After', String(Math.ceil(error.retryAfterMs / 1_000)))
    show(ctx, { ...typed, error: error.message })
  }
  router.post('/budget/remove', requireUser, async (ctx) => {
    const entry = textOf(ctx, 'entry', 64)
    await entries.remove(userOf(ctx).id, entry)
    seeOther(ctx, `/budget?removed=${encodeURIComponent(entry)}`)
  })
  router.post('/budget/undo', requireUser, async (ctx) => {
    await entries.undoRemoval(userOf(ctx).id, textOf(ctx, 'entry', 64))
    seeOther(ctx, '/budget')
  })
  return router
}

const readDraft = (ctx: Koa.Context): Omit<Draft, 'error' | 'wrongField'> => ({
  label: textOf(ctx, 'label', 1_000),
  amount: textOf(ctx, 'amount', 100),
  direction: textOf(ctx, 'direction', 10) === 'received' ? 'received' : 'spent',
})

/** @throws InvalidEntryError */
const entryOf = ({
  label,
  amount,
  direction,
}: Omit<Draft, 'error' | 'wrongField'>): { label: string; amount: number } => {
  const money = parseMoney(amount)
  if (money === undefined) throw new InvalidEntryError('Type an amount above 0, such as 12.50.')
  return { label: label.trim(), amount: direction === 'spent' ? -money : money }
}

const showBudget = (
  budget: Budget,
  frame: PageFrame,
  ctx: Koa.Context,
  draft?: Draft,
  removed?: Removed,
): void => {
  const shown = ctx.query['show'] === 'all' ? budget.entries.length : mostLines
  const lines = linesOf(budget).slice(0, shown)
  const older = budget.entries.length - lines.length
  ctx.body = budgetPage(frame, { lines, older, total: formatMoney(budget.total), draft, removed })
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
