import { describe, expect, it } from 'vitest'
import { signupPage } from './signup.ts'
import { testSite } from '../testing/site.ts'

const frame = { site: testSite, node: 'node-2', user: undefined, csrfToken: 'token' }
const control = (page: string, name: string): string =>
  new RegExp(`<input[^>]*name="${name}"[^>]*>`).exec(page)?.[0] ?? ''

describe('the sign-up page', () => {
  it('posts a username and a new password to /signup', () => {
    const page = signupPage(frame, {})
    expect(page).toContain('<form method="post" action="/signup">')
    expect(control(page, 'username')).toMatch(/autocomplete="username"/)
    expect(control(page, 'password')).toMatch(/type="password"\s+autocomplete="new-password"\s+minlength="8"/)
  })

  it('says beside the password how long it must be', () => {
    const page = signupPage(frame, {})
    expect(page).toContain('id="password-hint">8 to 128 characters</p>')
    expect(control(page, 'password')).toContain('aria-describedby="password-hint"')
  })

  it('gives the error before the hint to who cannot see them', () => {
    const page = signupPage(frame, { username: 'ann', error: 'That name is taken' })
    expect(page).toContain('role="alert">That name is taken</p>')
    expect(control(page, 'username')).toContain('value="ann"')
    expect(control(page, 'password')).toContain('aria-describedby="signup-error password-hint"')
  })

  it('never lets the browser cut what is typed', () => {
    expect(signupPage(frame, {})).not.toContain('maxlength')
  })
})
