import { accountFormPage, accountPage, budgetPage, loginPage, problemPage, signupPage } from './index.ts'
import type { BudgetLine, Chrome, Direction, Draft } from './index.ts'

const REGISTERED = new Date('2026-11-23T15:16:00Z')

const budgetLine = (text: string, kind: Direction): BudgetLine => ({
  id: text,
  label: text,
  addedAt: REGISTERED,
  amount: text,
  kind,
  balance: text,
})

const draft = (text: string): Draft => ({ label: text, amount: text, direction: 'spent', error: text })

/** For tests: each page in each of its forms, with `text` wherever a page shows text that it was given. */
export function everyPage(text: string): Readonly<Record<string, string>> {
  const guest: Chrome = { node: text, user: undefined, csrfToken: text }
  const user: Chrome = { ...guest, user: { username: text } }
  const account = { id: text, username: text, registeredAt: REGISTERED }
  return {
    login: loginPage(guest, {}),
    'login again': loginPage(guest, { username: text, error: text }),
    'login after a sign-up': loginPage(guest, { notice: text }),
    signup: signupPage(guest, {}),
    'signup again': signupPage(guest, { username: text, error: text }),
    'budget without entries': budgetPage(user, { lines: [], total: text, older: 0 }),
    budget: budgetPage(user, {
      lines: [budgetLine(text, 'received'), budgetLine(text, 'spent')],
      total: text,
      older: 3,
      draft: draft(text),
    }),
    'account alone with its name': accountPage(user, { ...account, claim: 'sole' }),
    'account first of several': accountPage(user, { ...account, claim: 'owner' }),
    'account after another': accountPage(user, { ...account, claim: 'loser' }),
    'account after a change': accountPage(user, { ...account, claim: 'sole', notice: text }),
    'budget of a name contested': budgetPage(
      { ...user, user: { username: text, claim: 'loser' } },
      { lines: [], total: text, older: 0 },
    ),
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
    'problem of a guest': problemPage(guest, { status: 404, title: text, detail: text }),
    'problem of a user': problemPage(user, { status: 503, title: text, detail: text }),
  }
}
