import { describe, expect, it } from 'vitest'
import { accountPage } from './account.ts'
import { testSite } from '../testing/site.ts'

const frame = { site: testSite, node: 'node-2', user: { username: 'ann' }, csrfToken: 'token' }
const account = { id: 'id-7', username: 'ann', registeredAt: new Date('2026-11-23T15:16:00Z') }

describe('the account page', () => {
  it('gives the facts, and no notice to who has the name alone', () => {
    const page = accountPage(frame, { ...account, claim: 'sole' })
    expect(page).toContain('<code>id-7</code>')
    expect(page).toContain('<time datetime="2026-11-23T15:16:00.000Z">')
    expect(page).not.toContain('class="notice')
    for (const action of ['name', 'password', 'sessions', 'erase']) {
      expect(page).toContain(`href="/account/${action}"`)
    }
  })

  it('tells who came second that both accounts are kept and that the name is not theirs', () => {
    const page = accountPage(frame, { ...account, claim: 'loser' })
    expect(page).toContain('role="alert"')
    expect(page.replace(/\s+/g, ' ')).toMatch(/registered <bdi>ann<\/bdi> first, during a network split/)
    expect(page.replace(/\s+/g, ' ')).toMatch(/Both accounts are kept, separate/)
    expect(page).toContain('<a href="/account/name">Pick a new name</a>')
  })

  it('tells who came first that the name is theirs, without alarm', () => {
    const page = accountPage(frame, { ...account, claim: 'owner' })
    expect(page).toContain('The name is yours')
    expect(page).not.toContain('role="alert"')
  })

  it('survives a time of registration that is none', () => {
    expect(accountPage(frame, { ...account, registeredAt: new Date(Number.NaN), claim: 'sole' })).toContain(
      'unknown',
    )
  })
})
