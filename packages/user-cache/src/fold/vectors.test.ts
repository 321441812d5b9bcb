/** The vectors of docs/protocol.md: what a second implementation must make of the same facts. */
import { readFileSync } from 'node:fs'
import { factOf } from '@grapevine/facts'
import { describe, expect, test } from 'vitest'
import { readFact } from '../facts/read-fact.ts'
import { checkNewUsername, checkUsername } from '../names/username.ts'
import { emptySet } from '../testing/kit.ts'
import { createUserCache } from '../user-cache.ts'

interface Vectors {
  readonly users: readonly {
    readonly what: string
    readonly subject: string
    readonly texts: readonly string[]
    readonly user: Readonly<Record<string, unknown>> | null
  }[]
  readonly unread: readonly { readonly subject: string; readonly text: string; readonly reason: string }[]
  readonly names: readonly {
    readonly typed: string
    readonly normalised: string | null
    readonly isAdmittedAtSignUp: boolean
  }[]
}

const file = new URL('../../../../docs/vectors/users.json', import.meta.url)
const vectors: Vectors = JSON.parse(readFileSync(file, 'utf8'))

describe('the vectors', () => {
  test.each(vectors.users)('of a user: $what', ({ subject, texts, user }) => {
    for (const order of [texts, texts.toReversed()]) {
      const facts = emptySet()
      facts.insert(order.map((text) => factOf(subject, text)))
      const users = createUserCache({ facts, nodeId: 'reader' })
      expect(users.get(subject) ?? null).toEqual(user)
    }
  })

  test.each(vectors.unread)('of what is not read: $reason', ({ subject, text, reason }) => {
    expect(readFact(subject, text)).toEqual({ kind: 'unread', reason })
  })

  test.each(vectors.names)('of a name: $typed', ({ typed, normalised, isAdmittedAtSignUp }) => {
    expect(checkUsername(typed)).toMatchObject(
      normalised === null ? { kind: 'invalid' } : { kind: 'valid', normalised },
    )
    expect(checkNewUsername(typed).kind === 'valid').toBe(isAdmittedAtSignUp)
  })
})
