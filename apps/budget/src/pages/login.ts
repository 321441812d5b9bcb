import { passwordField, usernameField } from './field.ts'
import { html } from './html.ts'
import { type Chrome, csrfField, layout } from './layout.ts'
import { errorNotice, statusNotice } from './notice.ts'

export interface LoginModel {
  /** What was typed last time, to be corrected instead of typed again. */
  readonly username?: string | undefined
  /** Why nobody was logged in; must not hint whether the name exists. */
  readonly error?: string | undefined
  /** What led here, such as a sign-up or a log-out. */
  readonly notice?: string | undefined
}

const ERROR_ID = 'login-error'

/** The log-in form: POST `/` with `username`, `password` and `_csrf`. */
export function loginPage(chrome: Chrome, { username, error, notice }: LoginModel): string {
  const errorId = error === undefined ? undefined : ERROR_ID
  const known = username !== undefined && username !== ''
  const body = html`<div class="narrow head">
      <h1>Log in</h1>
      <p class="lede">Any instance of this app will know you.</p>
    </div>
    <div class="narrow card">
      ${notice === undefined ? undefined : statusNotice(notice)}
      ${error === undefined ? undefined : errorNotice(ERROR_ID, error)}
      <form method="post" action="/">
        ${csrfField(chrome)}
        ${usernameField({ value: username, errorId, focus: known ? undefined : 'first' })}
        ${passwordField('current-password', { errorId, focus: known ? 'first' : undefined })}
        <button class="submit" type="submit">Log in</button>
      </form>
      <p class="aside">New here? <a href="/signup">Sign up</a></p>
    </div>`
  return layout(chrome, { title: error === undefined ? 'Log in' : 'Error: Log in', path: '/', body })
}
