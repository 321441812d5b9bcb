import { passwordField, usernameField } from './field.ts'
import { html } from './html.ts'
import { type Chrome, csrfField, layout } from './layout.ts'
import { errorNotice } from './notice.ts'

export interface SignupModel {
  /** What was typed last time, to be corrected instead of typed again. */
  readonly username?: string | undefined
  /** Why there is no account yet. */
  readonly error?: string | undefined
}

const ERROR_ID = 'signup-error'

/** The sign-up form: POST `/signup` with `username`, `password` and `_csrf`. */
export function signupPage(chrome: Chrome, { username, error }: SignupModel): string {
  const errorId = error === undefined ? undefined : ERROR_ID
  const body = html`<div class="narrow head">
      <h1>Sign up</h1>
      <p class="lede">Once, on this instance; then log in on any.</p>
    </div>
    <div class="narrow card">
      ${error === undefined ? undefined : errorNotice(ERROR_ID, error)}
      <form method="post" action="/signup">
        ${csrfField(chrome)}
        ${usernameField({ value: username, hint: 'At most 64 characters', errorId, focus: 'first' })}
        ${passwordField('new-password', { hint: '8 to 128 characters', errorId })}
        <button class="submit" type="submit">Sign up</button>
      </form>
      <p class="aside">Signed up already? <a href="/">Log in</a></p>
    </div>`
  return layout(chrome, { title: error === undefined ? 'Sign up' : 'Error: Sign up', path: '/signup', body })
}
