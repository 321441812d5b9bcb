import { notice, problem } from '../finding.ts'
import { namesOf } from './cluster.ts'
import type { Check } from './check.ts'
import type { Examination } from '../examination.ts'

/** Why it takes no traffic. */
export const readyCheck: Check = ({ reasons, discovery }) =>
  reasons.length === 0
    ? []
    : [
        problem(
          `it is not ready: ${reasons.join('; ')}`,
          discovery.isAlone && discovery.expectsOthers
            ? 'Reach the other members first; or, if it is to serve alone, set READY_ALONE_AFTER'
            : 'If it stays so for more than a minute, its log says what it waits for',
        ),
      ]

/** Whether the members hold the same, and get it from each other. */
export const contentCheck: Check = (of) =>
  Object.entries(of.replicas).flatMap(([name, status]) => {
    const [failed, behind] = 'failed' in status ? [status.failed, status.behind] : [[], []]
    const { diverged, cutOff } = status
    return [
      ...(diverged.length === 0
        ? []
        : [
            problem(
              `${name}: ${called(of, diverged)} holds something else than this member, and has nothing that is lacking here`,
              'Compare "grapevine status" of both. The one that differs from all others: stop it, move its data folder away, start it; it gets everything from the others',
            ),
          ]),
      ...(failed.length === 0
        ? []
        : [
            problem(
              `${name}: the last exchange failed with ${failed.map(({ member, reason }) => `${called(of, [member])} (${reason})`).join(', ')}: what it holds may be lacking here`,
              'Look at its log. If it is overloaded it catches up by itself; if it stays so, restart it',
            ),
          ]),
      ...(behind.length === 0
        ? []
        : [
            notice(
              `${name}: ${called(
                of,
                behind.map(({ member }) => member),
              )} did not confirm what was acknowledged here`,
              'It gets it when it can be reached. Until then do not throw this data folder away',
            ),
          ]),
      ...(cutOff.length === 0
        ? []
        : [
            problem(
              `${name}: ${called(of, cutOff)} is not listened to for a while, for what it sent`,
              'A bug, another version, or somebody who has the secret and should not: see its version and the log, and if in doubt rotate the secret',
            ),
          ]),
    ]
  })

const called = ({ members }: Examination, ids: readonly string[]): string =>
  namesOf(ids.map((id) => members.find((member) => member.id === id) ?? { name: id }))

/** Names with more than one account. */
export const namesCheck: Check = ({ contested }) =>
  contested === 0
    ? []
    : [
        notice(
          `${contested} usernames have more than one account`,
          'Their people are asked to choose another name, or to join the two; an account that nobody owns: grapevine users erase <id> --yes',
        ),
      ]

/** The database of DATABASE_URL, if there is one. */
export const databaseCheck: Check = ({ database }) => {
  if (database === undefined) return []
  const { state, pending, refused, differing } = database
  return [
    ...(state === 'down'
      ? [problem('the database cannot be used: nobody can sign up', 'See that it runs, and DATABASE_URL')]
      : []),
    ...(pending > 0
      ? [
          notice(
            `${pending} accounts are still to be written to the database`,
            'It catches up by itself when it can be used',
          ),
        ]
      : []),
    ...(refused > 0
      ? [
          problem(
            `the database does not take ${refused} accounts as they are`,
            'The log names them and says why: mostly a constraint of its own',
          ),
        ]
      : []),
    ...(differing > 0
      ? [
          problem(
            `${differing} rows of the database say what no member has said`,
            'They were changed there by hand or restored: the members do not follow them',
          ),
        ]
      : []),
  ]
}
