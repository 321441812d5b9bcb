import { expect, it } from 'vitest'
import { budgetPage } from './budget.ts'

const chrome = { node: 'node-2', user: { username: '<ann>' }, csrfToken: 'token' }

it('the budget page greets by name and says since when and where', () => {
  const page = budgetPage(chrome, { username: '<ann>', registeredAt: new Date('2026-11-23T15:16:00Z') })
  expect(page).toContain('<h1>Welcome, <bdi>&lt;ann&gt;</bdi></h1>')
  expect(page).toContain('<time datetime="2026-11-23T15:16:00.000Z">23 November 2026')
  expect(page).toContain('15:16&nbsp;UTC</time>')
  expect(page).toContain('<dd><bdi>node-2</bdi></dd>')
})
