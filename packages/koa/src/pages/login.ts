import { passwordField, usernameField } from '../markup/field.ts'
import { html } from '@grapevine/std'
import { type PageFrame, csrfField, layout } from '../markup/layout.ts'
import { errorNotice, statusNotice } from '../markup/notice.ts'

export interface LoginModel {
  /** What was typed last time, to be corrected instead of typed again. */
  readonly username?: string | undefined
  /** Why nobody was logged in; must not hint whether the name exists. */
  readonly error?: string | undefined
  /** What led here, such as a sign-up or a log-out. */
  readonly notice?: string | undefined
}

const noticeId = 'login-error'

/** The log-in form: POST `/` with `username`, `password` and `_csrf`. */
export const loginPage = (frame: PageFrame, { username, error, notice }: LoginModel): string => {
  const errorId = error === undefined ? undefined : noticeId
  const known = username !== undefined && username !== ''
  const body = html`<div class="narrow head">
      <h1>Log in</h1>
      <p class="lede">Any instance of this app will know you.</p>
    </div>
    <div class="narrow card">
      ${notice === undefined ? undefined : statusNotice(notice)}
      ${error === undefined ? undefined : errorNotice(noticeId, error)}
      <form method="post" action="/">
        ${csrfField(frame)} ${usernameField({ value: username, errorId, focus: known ? undefined : 'first' })}
        ${passwordField('current-password', { errorId, focus: known ? 'first' : undefined })}
        <button class="submit" type="submit">Log in</button>
      </form>
      <p class="aside">New here? <a href="/signup">Sign up</a></p>
    </div>`
  return layout(frame, {
    title: error === undefined ? 'Log in' : 'Error: Log in',
    path: '/',
    body,
    asksForPassword: true,
  })
}
