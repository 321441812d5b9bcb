import { html, type Html } from '@grapevine/std'
import { moment } from '../markup/definition-list.ts'
import { passwordField } from '../markup/field.ts'
import { csrfField, devicesPath, layout, type PageFrame } from '../markup/layout.ts'
import { errorNotice, statusNotice } from '../markup/notice.ts'

/** A browser in which somebody is logged in to the account. */
export interface Device {
  readonly id: string
  /** What it says of itself, such as `Firefox on Linux`. */
  readonly browser: string
  /** An IPv4 address, an IPv6 /64, or `unknown`. */
  readonly addressGroup: string
  /** When somebody first logged in there. */
  readonly since: Date
  /** It is the one that asks. */
  readonly isThis: boolean
}

/** Something that happened to the account. */
export interface News {
  /** Such as `password-changed` or `new-device`. */
  readonly kind: string
  readonly at: Date
  readonly detail?: string | undefined
}

export interface DevicesModel {
  readonly devices: readonly Device[]
  /** What happened since the last log-in, the latest first. */
  readonly news: readonly News[]
  /** What just went well. */
  readonly notice?: string | undefined
  /** Why no device was logged out. */
  readonly error?: string | undefined
  /** The id of the one that was chosen before. */
  readonly chosen?: string | undefined
}

const noticeId = 'devices-error'

/** Where one is logged in, and what happened to the account: POST `/account/devices` with `device`, `password` and `_csrf`. */
export const devicesPage = (frame: PageFrame, model: DevicesModel): string => {
  const { devices, news, notice, error } = model
  const body = html`<div class="narrow head">
      <h1>My devices</h1>
      <p class="lede">Where you are logged in, on whatever instance.</p>
    </div>
    ${notice === undefined ? undefined : statusNotice(notice)}
    ${news.length === 0 ? undefined : newsCard(news)}
    <section class="narrow card">
      ${error === undefined ? undefined : errorNotice(noticeId, error)}
      ${devices.length === 0 ? html`<p>No device is listed. The list goes back a week at most.</p>` : endForm(frame, model)}
      <p class="aside">
        <a href="/account/sessions">Log out everywhere else</a> or
        <a href="/account">go back to the account</a>
      </p>
    </section>`
  return layout(frame, {
    title: error === undefined ? 'My devices' : 'Error: My devices',
    path: devicesPath,
    body,
  })
}

const newsCard = (news: readonly News[]): Html =>
  html`<section class="narrow card">
    <h2>Since you last logged in</h2>
    <ul>
      ${news.map(
        ({ kind, at, detail }) =>
          html`<li>
            ${newsWords[kind] ?? 'Something else happened.'}
            ${detail === undefined ? undefined : html`<bdi>${detail}</bdi>, `}${moment(at)}
          </li>`,
      )}
    </ul>
    <p class="small">
      Was that not you? <a href="/account/password">Change your password</a>; it logs everybody else out.
    </p>
  </section>`

const newsWords: Readonly<Record<string, string>> = {
  'new-device': 'Somebody logged in on a new device:',
  'password-changed': 'The password was changed:',
  renamed: 'The name was changed:',
  'sessions-ended': 'All other sessions were ended:',
  disabled: 'The account was disabled:',
  enabled: 'The account was enabled again:',
  'role-granted': 'The account may do more than before (it is an operator, say):',
  'role-revoked': 'Something that the account might do was taken from it:',
  'name-contested': 'Another account claims the same name since a network split:',
}

const endForm = (frame: PageFrame, { devices, error, chosen }: DevicesModel): Html =>
  html`<form method="post" action="${devicesPath}">
    ${csrfField(frame)}
    <fieldset class="field choice">
      <legend>Log out</legend>
      ${devices.map((device) => option(device, device.id === chosen))}
    </fieldset>
    ${passwordField('current-password', { errorId: error === undefined ? undefined : noticeId })}
    <button class="submit" type="submit">Log this device out</button>
  </form>`

const option = ({ id, browser, addressGroup, since, isThis }: Device, isChosen: boolean): Html =>
  html`<span class="option">
    <input
      type="radio"
      id="device-${id}"
      name="device"
      value="${id}"
      required
      ${isChosen ? html`checked` : undefined}
    />
    <label for="device-${id}"
      ><bdi>${browser}</bdi>${isThis ? html` <strong>(this one)</strong>` : undefined}
      <span class="small">from <bdi>${addressGroup}</bdi>, since ${moment(since)}</span></label
    >
  </span>`
