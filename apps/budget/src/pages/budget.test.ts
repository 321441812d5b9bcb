import { createSite } from '@grapevine/koa/pages'
import { expect, it } from 'vitest'
import { budgetStyle } from './budget-style.ts'
import { budgetPage, type BudgetLine } from './budget.ts'

const site = createSite({ name: 'Grapevine Budget', style: budgetStyle })
const frame = { site, node: 'node-2', user: { username: 'ann' }, csrfToken: 'token' }
const line: BudgetLine = {
  id: 'e-1',
  label: '<rent>',
  addedAt: new Date('2026-11-23T15:16:00Z'),
  amount: '−600.50',
  kind: 'spent',
  balance: '899.50',
}

it('the budget page shows the total, and each entry with what there was after it', () => {
  const page = budgetPage(frame, { lines: [line], total: '899.50', older: 0 })
  expect(page).toContain('<p class="total">899.50</p>')
  expect(page).toContain('<bdi>&lt;rent&gt;</bdi>')
  expect(page).toContain('<span class="spent">−600.50</span> <span class="balance">899.50</span>')
  expect(page).toContain('<time datetime="2026-11-23T15:16:00.000Z">23 Nov 2026</time>')
  expect(page).toContain('Remove<span class="unseen"> &lt;rent&gt;</span>')
  expect(page).not.toContain('show=all')
})

it('an entry that was refused comes back to be corrected, with why', () => {
  const draft = { label: 'rent', amount: '1e3', direction: 'received', error: 'Type an amount.' } as const
  const page = budgetPage(frame, { lines: [], total: '0.00', older: 0, draft })
  expect(page).toContain('role="alert">Type an amount.</p>')
  expect(page).toMatch(/name="amount"[^>]*value="1e3"/)
  expect(page).toMatch(/value="received" checked/)
  expect(page).not.toContain('aria-invalid')
  const wrong = budgetPage(frame, {
    lines: [],
    total: '0',
    older: 0,
    draft: { ...draft, wrongField: 'amount' },
  })
  expect(wrong).toMatch(/name="amount"[^>]*aria-invalid="true"[^>]*autofocus/)
  expect(wrong).not.toMatch(/name="label"[^>]*aria-invalid/)
  expect(page).toContain('There are none yet')
})

it('what was removed can be had back', () => {
  const page = budgetPage(frame, { lines: [], total: '0', older: 0, removed: { id: 'e-1', label: '<rent>' } })
  expect(page).toContain('Removed <bdi>&lt;rent&gt;</bdi>.')
  expect(page).toContain('action="/budget/undo"')
})

it('nobody is led to a cluster that they may not see', () => {
  const model = { lines: [line], total: '1', older: 0 }
  expect(budgetPage(frame, model)).not.toContain('href="/cluster"')
  expect(budgetPage({ ...frame, seesCluster: true }, model)).toContain('href="/cluster"')
})

it('older entries are one link away', () => {
  expect(budgetPage(frame, { lines: [line], total: '1', older: 12 })).toContain('Show 12 more</a>')
})

it('every class that the page uses has a rule, and every rule of its own is used', () => {
  const page = budgetPage(frame, {
    lines: [line, { ...line, kind: 'received' }],
    total: '1',
    older: 1,
    removed: { id: 'e', label: 'x' },
  })
  const used = new Set([...page.matchAll(/class="([^"]*)"/g)].flatMap(([, names]) => names?.split(' ') ?? []))
  const classesOf = (style: string): Set<string | undefined> =>
    new Set([...style.matchAll(/\.([a-z][a-z-]*)(?=[\s.:,>{])/g)].map(([, name]) => name))
  expect([...used].filter((name) => !classesOf(site.styleSheet).has(name))).toEqual([])
  expect([...classesOf(budgetStyle)].filter((name) => name === undefined || !used.has(name))).toEqual([])
})
