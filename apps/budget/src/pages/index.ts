/**
 * The pages of the app: pure functions from a typed model to a whole HTML document as a string. But for the
 * dashboard's they run no script, and load nothing but the style sheet and the mark: `default-src 'none';
 * style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'` is policy
 * enough for them.
 *
 * ```ts
 * const chrome = { node: 'node-2', user: undefined, csrfToken: 'token of the session' }
 * loginPage(chrome, { username: 'ann', error: 'Username or password is wrong' })
 * ```
 */

// Pages
export { accountPage, type AccountModel, type Claim } from './account.ts'
export { accountFormPage, type AccountDeed, type AccountFormModel } from './account-forms.ts'
export { budgetPage, type BudgetLine, type BudgetModel, type Direction, type Draft } from './budget.ts'
export { clusterPage, type ClusterModel } from './cluster.ts'
export { loginPage, type LoginModel } from './login.ts'
export { problemPage, type Problem } from './problem.ts'
export { signupPage, type SignupModel } from './signup.ts'

// What they share
export type { Chrome, ChromeUser } from './layout.ts'

// What they load: serve each at its path; the URL carries a hash, so it may be cached for ever
export { favicon, faviconUrl } from './favicon.ts'
export { styleSheet, styleUrl } from './style.ts'
