import { nameOf, passwordOf, type Person, type Seat } from './person.ts'
import type { Answer } from './browser.ts'
import type { ActKind } from '../story/event.ts'
import type { Findings } from '../oracle/findings.ts'
import type { VirtualInstance } from '../instance/virtual-instance.ts'

/** One act of a person on a node. */
export interface Scene {
  readonly person: Person
  readonly node: VirtualInstance
  readonly nodeName: string
  readonly findings: Findings
  /** Counts up: what is typed anew differs from all before. */
  readonly count: number
  /** Notes that were acknowledged: key and text. */
  readonly notes: Map<string, string>
}

type Verdict = 'done' | 'refused' | 'unknown'

/** What an answer says of whether it was done. */
const verdictOf = (scene: Scene, act: ActKind, { status, body }: Answer): Verdict => {
  if (status >= 200 && status < 300) return 'done'
  if (status === 0 || status === 503) return 'unknown'
  if (status === 500 || status === 502 || status === 504) {
    scene.findings.add('unexpected-answer', `${act} on ${scene.nodeName}: ${status} ${JSON.stringify(body)}`)
    return 'unknown'
  }
  return 'refused'
}

/** Who is not logged in does that first; who has an account does not sign up again. */
export const perform = async (act: ActKind, scene: Scene): Promise<Verdict> => {
  if (act === 'signUp' && scene.person.signedUp === 'yes') return logIn(scene)
  const needsSeat = act !== 'signUp' && act !== 'logIn'
  if (needsSeat && seatIn(scene) === undefined && (await logIn(scene)) !== 'done') return 'refused'
  return acts[act](scene)
}

/** One of the passwords that may be theirs. */
const typedBy = ({ person: { passwords }, count }: Scene): string => passwords[count % passwords.length] ?? ''

const post = (scene: Scene, seat: Seat, path: string, fields: Readonly<Record<string, string>>) =>
  seat.browser.send(scene.node, 'POST', path, fields)

const signUp = async (scene: Scene): Promise<Verdict> => {
  const { person } = scene
  if (person.signedUp === 'yes' || person.erased !== 'no') return 'refused'
  const [username = '', password = ''] = [person.names[0], person.passwords[0]]
  const verdict = verdictOf(
    scene,
    'signUp',
    await post(scene, person.seats[0], '/signup', { username, password }),
  )
  if (verdict === 'done') person.signedUp = 'yes'
  if (verdict === 'unknown' && person.signedUp === 'no') person.signedUp = 'perhaps'
  return verdict
}

const logIn = async (scene: Scene): Promise<Verdict> => {
  const { person, count } = scene
  const seat = person.seats[count % 2 === 0 ? 0 : 1]
  const username = person.names[count % person.names.length] ?? ''
  const password = typedBy(scene)
  const before = seat.browser.copy()
  const verdict = verdictOf(scene, 'logIn', await post(scene, seat, '/', { username, password }))
  if (verdict !== 'done') return verdict
  // A log-in ends the session that this browser had.
  if (seat.isIn) person.ended.push({ browser: before, how: `log-in anew on ${scene.nodeName}` })
  seat.isIn = true
  await lookAround(scene, seat)
  return verdict
}

/** Whose account it is: the same for one person always, and never another's. */
const lookAround = async (scene: Scene, seat: Seat): Promise<Verdict> => {
  const { person, findings, nodeName } = scene
  const answer = await seat.browser.send(scene.node, 'GET', '/me')
  const id = answer.body['id']
  if (answer.status !== 200 || typeof id !== 'string') return verdictOf(scene, 'visit', answer)
  person.id ??= id
  if (person.id !== id)
    findings.add('foreign-account', `person ${person.number} is ${id} on ${nodeName}, and was ${person.id}`)
  return 'done'
}

const visit = async (scene: Scene): Promise<Verdict> => {
  const seat = seatIn(scene)
  return seat === undefined ? 'refused' : lookAround(scene, seat)
}

const seatIn = ({ person }: Scene): Seat | undefined => person.seats.find(({ isIn }) => isIn)

const logOut = async (scene: Scene): Promise<Verdict> => {
  const seat = seatIn(scene)
  if (seat === undefined) return 'refused'
  const before = seat.browser.copy()
  const verdict = verdictOf(scene, 'logOut', await post(scene, seat, '/logout', {}))
  seat.isIn = false
  // A node that does not know the user yet leaves the cookie alone, and has ended nothing.
  if (verdict === 'done' && scene.node.app.users.get(scene.person.id ?? '') !== undefined)
    scene.person.ended.push({ browser: before, how: `log-out on ${scene.nodeName}` })
  return verdict
}

/** What asks for the password, and ends the other sessions when it is done. */
const confirmed = async (
  scene: Scene,
  act: ActKind,
  path: string,
  fields: Readonly<Record<string, string>>,
): Promise<Verdict> => {
  const { person } = scene
  const seat = seatIn(scene)
  if (seat === undefined) return 'refused'
  const other = person.seats.find((one) => one !== seat)
  const [own, others] = [seat.browser.copy(), other?.browser.copy()]
  const password = typedBy(scene)
  const verdict = verdictOf(scene, act, await post(scene, seat, path, { ...fields, password }))
  if (verdict === 'refused' || act === 'rename') return verdict
  const how = `${act} on ${scene.nodeName}`
  if (verdict === 'done') {
    person.ended.push({ browser: own, how })
    if (other?.isIn === true && others !== undefined) person.ended.push({ browser: others, how })
  }
  if (other !== undefined) other.isIn = false
  return verdict
}

const changePassword = async (scene: Scene): Promise<Verdict> => {
  const { person, count } = scene
  const newPassword = passwordOf(person.number, count)
  const before = typedBy(scene)
  const verdict = await confirmed(scene, 'changePassword', '/account/password', { newPassword })
  if (verdict === 'refused') return verdict
  // The node knew the one that was typed: it is superseded. Others may have been chosen where this node could not hear of them.
  const typed = verdict === 'done' ? before : undefined
  person.passwords = [newPassword, ...person.passwords.filter((password) => password !== typed)]
  return verdict
}

const rename = async (scene: Scene): Promise<Verdict> => {
  const { person, count } = scene
  const username = nameOf(person.number, count)
  const verdict = await confirmed(scene, 'rename', '/account/name', { username })
  if (verdict === 'refused') return verdict
  person.texts.push(username)
  person.names = [username, ...person.names]
  return verdict
}

const endSessions = (scene: Scene): Promise<Verdict> =>
  confirmed(scene, 'endSessions', '/account/sessions', {})

const erase = async (scene: Scene): Promise<Verdict> => {
  const { person } = scene
  const seat = seatIn(scene)
  const other = person.seats.find((one) => one !== seat && one.isIn)
  const verdict = await confirmed(scene, 'erase', '/account/erase', {})
  if (verdict === 'unknown' && person.erased === 'no') person.erased = 'perhaps'
  if (verdict !== 'done') return verdict
  person.erased = 'yes'
  if (seat !== undefined) seat.isIn = false
  // The other browser goes on where nobody has heard of it yet.
  if (other !== undefined) other.isIn = true
  return verdict
}

const addEntry = async (scene: Scene): Promise<Verdict> => {
  const { person, count } = scene
  const seat = seatIn(scene)
  if (seat === undefined) return 'refused'
  const label = `entry-${count}-of-${person.number}`
  const verdict = verdictOf(scene, 'addEntry', await post(scene, seat, `/entries?label=${label}`, {}))
  if (verdict !== 'refused') person.texts.push(label)
  if (verdict === 'done' && person.erased === 'no') person.entries.push(label)
  return verdict
}

const addNote = async (scene: Scene): Promise<Verdict> => {
  const { person, count, notes } = scene
  const seat = seatIn(scene)
  if (seat === undefined) return 'refused'
  const [key, text] = [`note-${count}`, `by ${person.number}`]
  const path = `/notes?key=${key}&text=${encodeURIComponent(text)}`
  const verdict = verdictOf(scene, 'addNote', await post(scene, seat, path, {}))
  if (verdict === 'done') notes.set(key, text)
  return verdict
}

const acts: Readonly<Record<ActKind, (scene: Scene) => Promise<Verdict>>> = {
  signUp,
  logIn,
  logOut,
  changePassword,
  rename,
  erase,
  endSessions,
  addEntry,
  addNote,
  visit,
}
