import { expect, it } from 'vitest'
import { problemPage } from './problem.ts'
import { testSite } from '../testing/site.ts'

const guest = { site: testSite, node: 'node-2', user: undefined, csrfToken: undefined }
const problem = { status: 404, title: 'Not <found>', detail: 'Nothing is at "/x".' }

it('a problem is told by its number, its name and what happened, all escaped', () => {
  const page = problemPage(guest, problem)
  expect(page).toContain('404</p>')
  expect(page).toContain('<h1>Not &lt;found&gt;</h1>')
  expect(page).toContain('Nothing is at &quot;/x&quot;.')
})

it('the way back leads to where the reader may go', () => {
  expect(problemPage(guest, problem)).not.toContain('href="/budget"')
  expect(problemPage({ ...guest, user: { username: 'ann' } }, problem)).toContain('href="/budget"')
})
