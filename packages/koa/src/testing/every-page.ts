import { amountField, choiceField, textField } from '../markup/field.ts'
import { html } from '@grapevine/std'
import { csrfField, layout, type PageFrame } from '../markup/layout.ts'
import {
  accountFormPage,
  accountPage,
  devicesPage,
  loginPage,
  problemPage,
  signupPage,
  twinPage,
} from '../pages/index.ts'
import { testSite } from './site.ts'

const registered = new Date('2026-11-23T15:16:00Z')

/** For tests: each page in each of its forms, with `text` wherever a page shows text that it was given. */
export const everyPage = (text: string): Readonly<Record<string, string>> => {
  const guest: PageFrame = { site: testSite, node: text, user: undefined, csrfToken: text }
  const user: PageFrame = { ...guest, user: { username: text } }
  const account = { id: text, username: text, registeredAt: registered }
  return {
    login: loginPage(guest, {}),
    'login again': loginPage(guest, { username: text, error: text }),
    'login after a sign-up': loginPage(guest, { notice: text }),
    signup: signupPage(guest, {}),
    'signup again': signupPage(guest, { username: text, error: text }),
    'account alone with its name': accountPage(user, { ...account, claim: 'sole' }),
    'account first of several': accountPage(user, { ...account, claim: 'owner' }),
    'account after another': accountPage(user, { ...account, claim: 'loser' }),
    'account after a change': accountPage(user, { ...account, claim: 'sole', notice: text }),
    'account name': accountFormPage(user, 'name', { username: text, claim: 'sole' }),
    'account name contested': accountFormPage(user, 'name', {
      username: text,
      claim: 'loser',
      typed: text,
      error: text,
    }),
    'account password': accountFormPage(user, 'password', { username: text, claim: 'sole', error: text }),
    'account sessions': accountFormPage(user, 'sessions', { username: text, claim: 'sole' }),
    'account erase': accountFormPage(user, 'erase', { username: text, claim: 'sole', error: text }),
    devices: devicesPage({ ...user, hasNews: true }, { devices: [device(text)], news: [] }),
    'devices with news': devicesPage(user, {
      devices: [device(text)],
      news: [{ kind: 'new-device', at: registered, detail: text }],
      error: text,
    }),
    'a page while there is news': accountPage({ ...user, hasNews: true }, { ...account, claim: 'sole' }),
    'other account': twinPage(user, { username: text, registeredAt: registered, canJoin: true, error: text }),
    'other account, to be erased': twinPage(user, {
      username: text,
      registeredAt: registered,
      canJoin: false,
    }),
    'account with another': accountPage(user, { ...account, claim: 'owner', hasTwin: true }),
    'problem of a guest': problemPage(guest, { status: 404, title: text, detail: text }),
    'problem of a user': problemPage(user, { status: 503, title: text, detail: text }),
    "a page of the app's own": ownPage({ ...user, user: { username: text, claim: 'loser' } }, text),
  }
}

const device = (text: string) => ({
  id: text,
  browser: text,
  addressGroup: text,
  since: registered,
  isThis: true,
})

/** What an app may build with the parts that it is given. */
const ownPage = (frame: PageFrame, text: string): string =>
  layout(frame, {
    title: text,
    path: '/budget',
    body: html`<h1>${text}</h1>
      <form method="post" action="/budget" class="columns">
        ${csrfField(frame)} ${textField({ name: 'label', label: text, value: text })}
        ${amountField({ name: 'amount', label: text, value: text })}
        ${choiceField({
          name: 'direction',
          legend: text,
          options: [{ value: 'spent', label: text }],
          chosen: 'spent',
        })}
        <button type="submit">Add<span class="unseen"> ${text}</span></button>
      </form>
      <p class="muted">${text}</p>`,
  })
