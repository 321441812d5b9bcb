/**
 * The pages of the app: pure functions from a typed model to a whole HTML document as a string. They run no
 * script and load nothing but the style sheet and the mark, so `default-src 'none'; style-src 'self';
 * img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'` is policy enough for them.
 *
 * ```ts
 * const chrome = { node: 'node-2', user: undefined, csrfToken: 'token of the session' }
 * loginPage(chrome, { username: 'ann', error: 'Username or password is wrong' })
 * ```
 */

// Pages
export { accountPage, type AccountModel, type Claim } from './account.ts'
export { budgetPage, type BudgetModel } from './budget.ts'
export { clusterPage, type ClusterMember, type ClusterModel, type View } from './cluster.ts'
export { loginPage, type LoginModel } from './login.ts'
export { problemPage, type Problem } from './problem.ts'
export { signupPage, type SignupModel } from './signup.ts'

// What they share
export type { MemberState } from './grape.ts'
export type { Chrome } from './layout.ts'

// What they load: serve each at its path; the URL carries a hash, so it may be cached for ever
export { favicon, faviconUrl } from './favicon.ts'
export { styleSheet, styleUrl } from './style.ts'
