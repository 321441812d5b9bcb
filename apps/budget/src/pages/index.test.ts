import { expect, it } from 'vitest'
import * as pages from './index.ts'

it('the folder gives out the pages and what they load, and nothing else', () => {
  expect(Object.keys(pages).toSorted()).toEqual([
    'accountFormPage',
    'accountPage',
    'budgetPage',
    'clusterPage',
    'favicon',
    'faviconUrl',
    'loginPage',
    'problemPage',
    'signupPage',
    'styleSheet',
    'styleUrl',
  ])
})

it('the example in its comment runs', () => {
  const chrome = { node: 'node-2', user: undefined, csrfToken: 'token of the session' }
  const page = pages.loginPage(chrome, { username: 'ann', error: 'Username or password is wrong' })
  expect(page).toContain('Username or password is wrong')
})
