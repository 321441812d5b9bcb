/** Claims of names that are decided on and not written yet: who marks a claim before it is written has to know its key. */
import { keyOf, type Fact as HeldFact } from '@grapevine/facts'
import { CacheClosedError, UnknownUserError, UsernameTakenError } from '../errors.ts'
import { randomId } from '../facts/id.ts'
import { assertPasswordHash } from '../facts/password-hash.ts'
import type { Directory } from '../lookup/directory.ts'
import type { User } from '../user.ts'
import { composer, ownOrigin, type SayContext } from './say.ts'

/** A user who does not exist yet. */
export interface Registration {
  readonly username: string
  readonly passwordHash: string
}

export interface Draft {
  /** Of the fact that will claim the name. */
  readonly key: string
  readonly username: string
  /** It makes an account; else it renames one. */
  readonly isNew: boolean
  /** @throws `USERNAME_TAKEN` if somebody claims the name by now, `UNKNOWN_USER` */
  write(): User
}

export interface Drafts {
  registration(input: Registration, normalise: (username: string) => string): Draft
  /** @param name normalised, and not the one that the account has */
  renaming(id: string, username: string, name: string): Draft
}

export const createDrafts = (context: SayContext & { readonly directory: Directory }): Drafts => {
  const { facts, directory, randomBytes, isClosed } = context
  const compose = composer(context)

  const draftOf = (
    id: string,
    [fact]: readonly HeldFact[],
    name: string,
    isNew: boolean,
  ): Omit<Draft, 'username'> => {
    if (fact === undefined) throw new Error('nothing was said')
    return {
      key: keyOf(fact),
      isNew,
      write: () => {
        if (isClosed()) throw new CacheClosedError()
        if (!isNew) known(directory, id)
        assertFree(directory, name, id)
        facts.insert([fact], ownOrigin)
        return known(directory, id)
      },
    }
  }
  return {
    registration: ({ username, passwordHash }, normalise) => {
      assertPasswordHash(passwordHash)
      const name = normalise(username)
      assertFree(directory, name)
      const id = randomId(randomBytes)
      if (facts.of(id).length > 0) throw new Error('A random id came twice. Nothing was written.')
      return {
        ...draftOf(id, compose(id, { kind: 'registered', username, passwordHash }), name, true),
        username,
      }
    },
    renaming: (id, username, name) => {
      assertFree(directory, name, id)
      return { ...draftOf(id, compose(id, { kind: 'renamed', username }), name, false), username }
    },
  }
}

/** @throws `UNKNOWN_USER` */
export const known = (directory: Directory, id: string): User => {
  const user = directory.get(id)
  if (user === undefined) throw new UnknownUserError()
  return user
}

const assertFree = (directory: Directory, name: string, except?: string): void => {
  if (directory.claimants(name).some(({ id }) => id !== except)) throw new UsernameTakenError()
}
