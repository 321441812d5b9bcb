import { describe, expect, it } from 'vitest'
import { html } from '@grapevine/std'
import { layout } from './layout.ts'
import { testSite } from '../testing/site.ts'

const guest = { site: testSite, node: 'node-2', user: undefined, seesCluster: true, csrfToken: 'token' }
const user = { ...guest, user: { username: 'ann & bob' } }
const page = { title: 'Title', path: '/cluster', body: html`<h1>Title</h1>` }

describe('the header', () => {
  it('names a user and lets them log out', () => {
    const document = layout(user, page)
    expect(document).toContain('ann &amp; bob</bdi>')
    expect(document).toContain('<form method="post" action="/logout">')
    for (const path of ['/budget', '/account', '/cluster']) expect(document).toContain(`href="${path}"`)
  })

  it('offers a guest nothing that needs a user', () => {
    const document = layout(guest, page)
    for (const path of ['/budget', '/account', '/logout']) expect(document).not.toContain(path)
    for (const path of ['/', '/signup', '/cluster']) expect(document).toContain(`<a href="${path}"`)
  })

  it('shows nobody the way to a page that they may not see', () => {
    for (const frame of [guest, user]) {
      expect(layout({ ...frame, seesCluster: false }, { ...page, path: undefined })).not.toContain('/cluster')
    }
  })

  it('marks the page that is open, if it is one of the links', () => {
    expect(layout(user, page).match(/<a href="[^"]+" aria-current="page"/g)).toEqual([
      '<a href="/cluster" aria-current="page"',
    ])
    expect(layout(user, { ...page, path: undefined })).not.toContain('aria-current')
  })
})
