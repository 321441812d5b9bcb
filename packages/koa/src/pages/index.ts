/**
 * The pages that come with an app, and the parts that they are built from: pure functions from a typed model to a
 * whole HTML document as a string. They load nothing but the style sheet and the mark, and work without a script; those that ask
 * for a password load one that shows it while it is typed, and the dashboard's one that keeps it live: `default-src 'none';
 * style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'` is policy
 * enough for them, but that the dashboard's also connects to itself.
 *
 * ```ts
 * import { createSite, loginPage } from '@grapevine/koa/pages'
 *
 * const site = createSite({ name: 'Chat' })
 * const frame = { site, node: 'node-2', user: undefined, csrfToken: 'token of the session' }
 * loginPage(frame, { username: 'ann', error: 'Username or password is wrong' })
 * ```
 */

// Pages
export { accountPage, type AccountModel, type Claim } from './account.ts'
export { accountFormPage, type AccountAction, type AccountFormModel } from './account-forms.ts'
export { clusterPage, type ClusterModel } from './cluster.ts'
export { devicesPage, type Device, type DevicesModel, type News } from './devices.ts'
export { loginPage, type LoginModel } from './login.ts'
export { problemPage, type Problem } from './problem.ts'
export { signupPage, type SignupModel } from './signup.ts'
export { twinPage, type TwinModel } from './twin.ts'

// All of them, each to be replaced
export type { Views } from './views.ts'

// What they share
export { createSite, type Site, type SiteLink, type SiteOptions } from '../markup/site.ts'
export { csrfField, layout, type FrameUser, type Page, type PageFrame } from '../markup/layout.ts'

// Parts for pages of an app's own
export { html, render, trusted, type Html, type Interpolation } from '@grapevine/std'
export {
  amountField,
  choiceField,
  passwordField,
  textField,
  usernameField,
  type Choice,
  type Field,
  type NamedField,
} from '../markup/field.ts'
export { day, facts, moment } from '../markup/definition-list.ts'
export { errorNotice, statusNotice } from '../markup/notice.ts'

// What they load: serve each at its path; the URL carries a hash, so it may be cached for ever
export { assetUrl } from '@grapevine/std/node'
export { favicon, faviconUrl } from '../markup/favicon.ts'
export { dark, light, type Palette } from '../markup/palette.ts'
