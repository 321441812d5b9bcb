import { hashOf } from '../instance/simulated-hasher.ts'
import { appsOf, type Case } from './case.ts'
import type { Person } from '../clients/person.ts'
import type { SimulatedApp } from '../instance/app.ts'

/** Whoever was told that they have an account has one, the same on every node, with a name and a password that they chose. */
export const checkAccounts = (given: Case): void => {
  const apps = appsOf(given)
  for (const person of given.persons) {
    if (person.signedUp !== 'yes' || person.erased !== 'no') continue
    const read = apps.map(([node, app]) => [node, accountOf(app, person)] as const)
    for (const [node, account] of read) checkAccount(given, node, person, account)
    const [first] = read
    for (const [node, account] of read)
      if (account !== undefined && JSON.stringify(account) !== JSON.stringify(first?.[1]))
        given.findings.add('diverged', `${node} reads person ${person.number} otherwise than ${first?.[0]}`)
    for (const [node, app] of apps) checkEntries(given, node, app, person)
  }
}

/** What all nodes must agree on. */
interface Read {
  readonly id: string
  readonly username: string
  readonly passwordHash: string
  readonly sessionEpoch: string
}

const accountOf = (app: SimulatedApp, { id, names }: Person): Read | undefined => {
  const found = id === undefined ? names.flatMap((name) => app.users.claimants(name))[0] : app.users.get(id)
  if (found === undefined) return undefined
  const { username, passwordHash, sessionEpoch } = found
  return { id: found.id, username, passwordHash, sessionEpoch }
}

const checkAccount = ({ findings }: Case, node: string, person: Person, account: Read | undefined): void => {
  const { number, names, passwords } = person
  if (account === undefined) return findings.add('lost', `the account of person ${number} on ${node}`)
  if (!names.includes(account.username))
    findings.add('lost', `the name of person ${number} on ${node} is ${account.username}`)
  if (!passwords.some((password) => hashOf(password) === account.passwordHash))
    findings.add('lost', `the password of person ${number} on ${node} is none of theirs`)
}

const checkEntries = ({ findings }: Case, node: string, app: SimulatedApp, person: Person): void => {
  const { set } = app.facts.entries
  const held = set.of(person.id ?? '').map((key) => set.text(key) ?? '')
  for (const entry of person.entries)
    if (!held.some((text) => text.includes(`"${entry}"`))) findings.add('lost', `${entry} on ${node}`)
}
