import type { FormField } from '@grapevine/auth-middleware'
import { passwordField, usernameField, type Field } from '../markup/field.ts'
import { html, type Html } from '@grapevine/std'
import { type PageFrame, csrfField, layout } from '../markup/layout.ts'
import { errorNotice } from '../markup/notice.ts'
import type { Claim } from './account.ts'

/** A change to one's own account; each asks for the password, so that a borrowed session is not enough. */
export type AccountAction = 'name' | 'password' | 'sessions' | 'erase'

export interface AccountFormModel {
  readonly username: string
  readonly claim: Claim
  /** The new name as typed, to be corrected. */
  readonly typed?: string | undefined
  /** Why nothing has changed yet. */
  readonly error?: string | undefined
  /** What the error is about; all fields if left out. */
  readonly wrongField?: FormField | undefined
}

const noticeId = 'account-error'

interface Words {
  readonly title: string
  readonly lede: string
  readonly button: string
}

/** The form of one action: POST `/account/<action>` with `password`, and `username` or `newPassword`. */
export const accountFormPage = (frame: PageFrame, action: AccountAction, model: AccountFormModel): string => {
  const { error } = model
  const { title, lede, button } = wordsOf(action, model)
  const danger = action === 'erase' ? html` danger` : undefined
  const body = html`<div class="narrow head">
      <h1>${title}</h1>
      <p class="lede">${lede}</p>
    </div>
    <div class="narrow card">
      ${error === undefined ? undefined : errorNotice(noticeId, error)}
      <form method="post" action="/account/${action}">
        ${csrfField(frame)} ${nameForPasswordManagers(action, model)}
        ${actionFields[action](model, aboutIn(model))}
        <button class="submit${danger}" type="submit">${button}</button>
      </form>
      <p class="aside"><a href="/account">Back to the account</a></p>
    </div>`
  return layout(frame, {
    title: error === undefined ? title : `Error: ${title}`,
    path: '/account',
    body,
    asksForPassword: true,
  })
}

const wordsOf = (action: AccountAction, { username, claim }: AccountFormModel): Words => {
  if (action === 'name' && claim === 'loser') {
    return {
      title: 'Pick a new name',
      lede: `Somebody registered ${username} before you did, on the other side of a network split. Both accounts are kept, separate from each other; the name is theirs.`,
      button: 'Take this name',
    }
  }
  return actionWords[action]
}

const actionWords: Readonly<Record<AccountAction, Words>> = {
  name: {
    title: 'Change your name',
    lede: 'You log in with the new one from then on, on every instance.',
    button: 'Change name',
  },
  password: {
    title: 'Change your password',
    lede: 'All your other sessions end, on every instance.',
    button: 'Change password',
  },
  sessions: {
    title: 'End other sessions',
    lede: 'You stay logged in here, and nowhere else.',
    button: 'End other sessions',
  },
  erase: {
    title: 'Erase your account?',
    lede: 'The account, its name and all that is yours go, on every member of the cluster. This cannot be undone.',
    button: 'Erase for good',
  },
}

type About = (field: FormField, isFirst?: boolean) => Pick<Field, 'errorId' | 'focus'>

/** What a field has to do with the error; typing starts at the one that is wrong, else at the first. */
const aboutIn =
  ({ error, wrongField }: AccountFormModel): About =>
  (field, isFirst = false) => {
    const startsHere = wrongField === undefined ? isFirst : wrongField === field
    return {
      errorId: error !== undefined && (wrongField ?? field) === field ? noticeId : undefined,
      focus: startsHere ? 'first' : undefined,
    }
  }

/** A password manager has to be told whose password is changed; the form of a new name has the new one in its place. */
const nameForPasswordManagers = (action: AccountAction, { username }: AccountFormModel): Html | undefined =>
  action === 'name'
    ? undefined
    : html`<input type="hidden" name="account" autocomplete="username" value="${username}" />`

const actionFields: Readonly<Record<AccountAction, (model: AccountFormModel, about: About) => Html>> = {
  name: ({ typed }, about) =>
    html`${usernameField({
      label: 'New username',
      value: typed,
      hint: 'At most 64 characters',
      ...about('username', true),
    })}
    ${passwordField('current-password', about('password'))}`,
  password: (_model, about) =>
    html`${passwordField('current-password', { label: 'Password now', ...about('password', true) })}
    ${passwordField('new-password', {
      name: 'newPassword',
      label: 'New password',
      hint: '8 to 128 characters',
      ...about('newPassword'),
    })}`,
  sessions: (_model, about) => passwordField('current-password', about('password', true)),
  erase: (_model, about) => passwordField('current-password', about('password', true)),
}
