import { accountPage, budgetPage, clusterPage, loginPage, problemPage, signupPage } from './index.ts'
import type { Chrome, MemberState } from './index.ts'

const REGISTERED = new Date('2026-11-23T15:16:00Z')
const STATES: readonly MemberState[] = ['alive', 'suspect', 'down', 'left']

/** For tests: each page in each of its forms, with `text` wherever a page shows text that it was given. */
export function everyPage(text: string): Readonly<Record<string, string>> {
  const guest: Chrome = { node: text, user: undefined, csrfToken: text }
  const user: Chrome = { ...guest, user: { username: text } }
  const account = { id: text, username: text, registeredAt: REGISTERED }
  const cluster = {
    self: 'id-1',
    members: STATES.map((state, i) => ({
      id: `id-${i}`,
      name: text,
      state,
      url: `http://10.0.0.${i}:8080/`,
    })),
    digest: text,
    users: 3,
    contested: [text],
  }
  return {
    login: loginPage(guest, {}),
    'login again': loginPage(guest, { username: text, error: text }),
    'login after a sign-up': loginPage(guest, { notice: text }),
    signup: signupPage(guest, {}),
    'signup again': signupPage(guest, { username: text, error: text }),
    budget: budgetPage(user, { username: text, registeredAt: REGISTERED }),
    'account alone with its name': accountPage(user, { ...account, claim: 'sole' }),
    'account first of several': accountPage(user, { ...account, claim: 'owner' }),
    'account after another': accountPage(user, { ...account, claim: 'loser' }),
    'cluster whole': clusterPage(user, { ...cluster, view: 'whole' }),
    'cluster majority': clusterPage(user, { ...cluster, view: 'majority', refresh: 'live' }),
    'cluster minority': clusterPage(guest, {
      ...cluster,
      view: 'minority',
      refresh: 'paused',
      contested: [],
    }),
    'problem of a guest': problemPage(guest, { status: 404, title: text, detail: text }),
    'problem of a user': problemPage(user, { status: 503, title: text, detail: text }),
  }
}
