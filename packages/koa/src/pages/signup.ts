import { passwordField, usernameField, type Field } from '../markup/field.ts'
import { html } from '@grapevine/std'
import { type PageFrame, csrfField, layout } from '../markup/layout.ts'
import { errorNotice } from '../markup/notice.ts'

export interface SignupModel {
  /** What was typed last time, to be corrected instead of typed again. */
  readonly username?: string | undefined
  /** Why there is no account yet. */
  readonly error?: string | undefined
  /** What the error is about; both if left out. */
  readonly wrongField?: 'username' | 'password' | undefined
}

const noticeId = 'signup-error'

/** The sign-up form: POST `/signup` with `username`, `password` and `_csrf`. */
export const signupPage = (frame: PageFrame, { username, error, wrongField }: SignupModel): string => {
  const about = (field: 'username' | 'password'): Pick<Field, 'errorId' | 'focus'> => {
    const isWrong = error !== undefined && (wrongField ?? field) === field
    const isFirst = field === (wrongField ?? 'username')
    return { errorId: isWrong ? noticeId : undefined, focus: isFirst ? 'first' : undefined }
  }
  const body = html`<div class="narrow head">
      <h1>Sign up</h1>
      <p class="lede">Once, on this instance; then log in on any.</p>
    </div>
    <div class="narrow card">
      ${error === undefined ? undefined : errorNotice(noticeId, error)}
      <form method="post" action="/signup">
        ${csrfField(frame)}
        ${usernameField({ value: username, hint: 'At most 64 characters', ...about('username') })}
        ${passwordField('new-password', { hint: '8 to 128 characters', ...about('password') })}
        <button class="submit" type="submit">Sign up</button>
      </form>
      <p class="aside">Signed up already? <a href="/">Log in</a></p>
    </div>`
  return layout(frame, {
    title: error === undefined ? 'Sign up' : 'Error: Sign up',
    path: '/signup',
    body,
    asksForPassword: true,
  })
}
