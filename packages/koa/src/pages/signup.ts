import { passwordField, usernameField } from '../markup/field.ts'
import { html } from '@grapevine/std'
import { type PageFrame, csrfField, layout } from '../markup/layout.ts'
import { errorNotice } from '../markup/notice.ts'

export interface SignupModel {
  /** What was typed last time, to be corrected instead of typed again. */
  readonly username?: string | undefined
  /** Why there is no account yet. */
  readonly error?: string | undefined
}

const noticeId = 'signup-error'

/** The sign-up form: POST `/signup` with `username`, `password` and `_csrf`. */
export const signupPage = (frame: PageFrame, { username, error }: SignupModel): string => {
  const errorId = error === undefined ? undefined : noticeId
  const body = html`<div class="narrow head">
      <h1>Sign up</h1>
      <p class="lede">Once, on this instance; then log in on any.</p>
    </div>
    <div class="narrow card">
      ${error === undefined ? undefined : errorNotice(noticeId, error)}
      <form method="post" action="/signup">
        ${csrfField(frame)}
        ${usernameField({ value: username, hint: 'At most 64 characters', errorId, focus: 'first' })}
        ${passwordField('new-password', { hint: '8 to 128 characters', errorId })}
        <button class="submit" type="submit">Sign up</button>
      </form>
      <p class="aside">Signed up already? <a href="/">Log in</a></p>
    </div>`
  return layout(frame, { title: error === undefined ? 'Sign up' : 'Error: Sign up', path: '/signup', body })
}
