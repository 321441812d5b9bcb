import { html } from '@grapevine/std'
import { moment } from '../markup/definition-list.ts'
import { choiceField, passwordField } from '../markup/field.ts'
import { csrfField, layout, twinPath, type PageFrame } from '../markup/layout.ts'
import { errorNotice } from '../markup/notice.ts'

export interface TwinModel {
  readonly username: string
  /** When the other account was made. */
  readonly registeredAt: Date
  /** What it holds can be moved to this one. */
  readonly canJoin: boolean
  /** Why nothing was done. */
  readonly error?: string | undefined
}

const noticeId = 'twin-error'

/** What is to become of the second account of somebody who signed up twice: POST `/account/twin` with `action`, `password` and `_csrf`. */
export const twinPage = (frame: PageFrame, { username, registeredAt, canJoin, error }: TwinModel): string => {
  const title = 'Your other account'
  const join = { value: 'join', label: 'Move all that it holds into this account, and then erase it' }
  const erase = { value: 'erase', label: 'Erase it, with all that it holds' }
  const body = html`<div class="narrow head">
      <h1>${title}</h1>
      <p class="lede">
        You signed up as <bdi>${username}</bdi> twice, on both sides of a network split, with one password. It
        opens this account, which is the older one; the other was made ${moment(registeredAt)}.
      </p>
    </div>
    <div class="narrow card">
      ${error === undefined ? undefined : errorNotice(noticeId, error)}
      <form method="post" action="${twinPath}">
        ${csrfField(frame)}
        ${choiceField({
          name: 'action',
          legend: 'What is to become of it?',
          options: canJoin ? [join, erase] : [erase],
          chosen: canJoin ? 'join' : 'erase',
        })}
        ${passwordField('current-password', { errorId: error === undefined ? undefined : noticeId })}
        <button class="submit" type="submit">Do it</button>
      </form>
      <p class="aside"><a href="/account">Leave both as they are</a></p>
    </div>`
  return layout(frame, { title: error === undefined ? title : `Error: ${title}`, path: '/account', body })
}
