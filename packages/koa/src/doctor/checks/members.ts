import { notice, problem } from '../finding.ts'
import { namesOf, others } from './cluster.ts'
import type { Member } from '@grapevine/membership'
import type { Check } from './check.ts'

/** Milliseconds between two clocks that are worth a word; membership warns from there on. */
const skewWorthTelling = 2_000

/** If most of the others agree that it is off, the odd clock is this one. */
export const clocksCheck: Check = ({ self, members }) => {
  const off = others(members, self).filter(({ skew = 0 }) => Math.abs(skew) >= skewWorthTelling)
  const measured = others(members, self).filter(({ skew }) => skew !== undefined)
  const todo = 'Set it by NTP, on all hosts; until then the members go by the middle of all clocks'
  const [first] = off
  if (first === undefined) return []
  const alike = off.filter(({ skew = 0 }) => Math.abs(skew - (first.skew ?? 0)) < skewWorthTelling)
  if (measured.length > 1 && alike.length === measured.length)
    return [problem(`the clock of this host is ${inWords(-(first.skew ?? 0))} all others`, todo)]
  return off.map(({ name, skew = 0 }) => problem(`the clock of ${name} is ${inWords(skew)} this one`, todo))
}

const inWords = (ahead: number): string =>
  `${(Math.abs(ahead) / 1_000).toFixed(1)} s ${ahead > 0 ? 'ahead of' : 'behind'}`

/** What one of them speaks and another does not: allowed for as long as an upgrade takes. */
export const versionsCheck: Check = ({ self, members, unreadFacts, ignored }) => {
  const apart = others(members, self).filter(
    (member) => member.state !== 'down' && spokenBy(member) !== spokenBy(self),
  )
  return [
    ...(apart.length === 0
      ? []
      : [
          notice(
            `${namesOf(apart)} ${apart.length === 1 ? 'is' : 'are'} of another version than ${self.name}`,
            'Finish the upgrade: new features are used when all members have them',
          ),
        ]),
    ...(unreadFacts === 0
      ? []
      : [
          problem(
            `${unreadFacts} facts about users are held here and not read`,
            'They are of a later version: upgrade this member. If all have the same version, one of them lies: its log names where they came from',
          ),
        ]),
    ...(ignored === 0 || apart.length > 0
      ? []
      : [
          notice(
            `${ignored} messages of a later version were ignored`,
            'Nothing, if it was during an upgrade',
          ),
        ]),
  ]
}

const spokenBy = ({ speaks }: Member): string =>
  speaks === undefined
    ? ''
    : JSON.stringify([
        speaks.protocols,
        speaks.gates.toSorted((one, other) => one - other),
        speaks.features.toSorted(),
      ])
