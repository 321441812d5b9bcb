import { expect, it } from 'vitest'
import { createSite, loginPage } from './index.ts'

it('the example in the comment of the folder runs', () => {
  const site = createSite({ name: 'Chat' })
  const frame = { site, node: 'node-2', user: undefined, csrfToken: 'token of the session' }
  const page = loginPage(frame, { username: 'ann', error: 'Username or password is wrong' })
  expect(page).toContain('Username or password is wrong')
})
