import { describe, expect, it } from 'vitest'
import { loginPage } from './login.ts'
import { testSite } from '../testing/site.ts'

const frame = { site: testSite, node: 'node-2', user: undefined, csrfToken: 'token' }
const control = (page: string, name: string): string =>
  new RegExp(`<input[^>]*name="${name}"[^>]*>`).exec(page)?.[0] ?? ''

describe('the log-in page', () => {
  it('posts a username and a password to the root, named so that a password manager knows them', () => {
    const page = loginPage(frame, {})
    expect(page).toContain('<form method="post" action="/">')
    expect(control(page, 'username')).toMatch(/autocomplete="username"/)
    expect(control(page, 'password')).toMatch(/type="password"\s+autocomplete="current-password"/)
    expect(page).toContain('href="/signup"')
  })

  it('announces an error, ties both fields to it, and says it in the title', () => {
    const page = loginPage(frame, { username: 'ann', error: 'Wrong <name> or password' })
    expect(page).toContain('id="login-error" role="alert">Wrong &lt;name&gt; or password</p>')
    expect(control(page, 'username')).toContain('aria-describedby="login-error"')
    expect(control(page, 'password')).toContain('aria-describedby="login-error"')
    expect(page).toContain('<title>Error: Log in')
  })

  it('announces no error when there is none', () => {
    const page = loginPage(frame, { notice: 'Signed up' })
    expect(page).not.toContain('role="alert"')
    expect(page).not.toContain('aria-describedby')
    expect(page).toContain('role="status">Signed up</p>')
  })

  it('keeps the name that was typed, never a password, and starts at the field still to be filled', () => {
    const page = loginPage(frame, { username: '"><b>' })
    expect(control(page, 'username')).toContain('value="&quot;&gt;&lt;b&gt;"')
    expect(control(page, 'password')).not.toContain('value')
    expect(control(page, 'password')).toContain('autofocus')
    expect(control(loginPage(frame, { username: '' }), 'username')).toContain('autofocus')
  })

  it('never lets the browser cut what is typed', () => {
    expect(loginPage(frame, {})).not.toContain('maxlength')
  })

  it('has no anti-forgery field when there is no token to put in it', () => {
    expect(loginPage({ ...frame, csrfToken: undefined }, {})).not.toContain('_csrf')
  })
})
