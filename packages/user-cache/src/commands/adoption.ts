/**
 * Accounts that somebody else keeps, for example a database. The same account becomes the same fact under the
 * same key on every node, so that it is one account however many nodes adopt it, at once or again.
 */
import { factOf, type Fact as HeldFact } from '@grapevine/facts'
import { encodeStamp, latestMs, nodeTag, type Stamp } from '../clock/stamp.ts'
import { InvalidExternalAccountError } from '../errors.ts'
import { writeFact, type Fact, type Saying } from '../facts/fact.ts'
import { derivedId, isId } from '../facts/id.ts'
import { isPasswordHash } from '../facts/password-hash.ts'
import { checkUsername } from '../names/username.ts'

/** An account as it is kept elsewhere. */
export interface ExternalAccount {
  /** 1 to 256 characters, never used for anybody else. */
  readonly id: string
  readonly username: string
  /** PHC string of argon2id. */
  readonly passwordHash: string
  /** Ms since 1970. */
  readonly registeredAt: number
  /** Not given: enabled. */
  readonly disabled?: boolean
}

export type Adoption =
  | 'adopted'
  /** The account is here already, perhaps changed since; nothing was written. */
  | 'known'
  /** The account was erased here and stays so; nothing was written. */
  | 'erased'

const maxExternalId = 256
const adopted = nodeTag('adopted')

/** The id of the account in the cache: an id of 22 characters that a cache made is kept, any other is hashed. */
export const accountIdOf = (externalId: string): string =>
  isId(externalId) ? externalId : derivedId('account', externalId)

/** That it was registered, and that it is disabled, if it is. @throws `INVALID_EXTERNAL_ACCOUNT` */
export const adoptedFacts = (account: ExternalAccount): readonly [HeldFact, ...HeldFact[]] => {
  const why = objection(account)
  if (why !== undefined) throw new InvalidExternalAccountError(`${why} Nothing was written.`)
  const { id, username, passwordHash, registeredAt } = account
  const at = encodeStamp({ ms: registeredAt, counter: 0 }, adopted)
  const salt = adoptionSalt(id, username, passwordHash, at)
  const subject = accountIdOf(id)
  const said = (saying: Saying, salted: string): HeldFact =>
    factOf(subject, writeFact(saying, { at, salt: salted, after: [] }))
  const registered = said({ kind: 'registered', username, passwordHash }, salt)
  return account.disabled === true
    ? [registered, said({ kind: 'disabled' }, derivedId('disabled', salt))]
    : [registered]
}

/** Derived, so that every node makes the same fact; the random salt of the password is in it. */
const adoptionSalt = (externalId: string, username: string, passwordHash: string, at: Stamp): string =>
  derivedId('registered', externalId, username, passwordHash, at)

/** Whether this says that an account was adopted which has another id where it is kept; that id cannot be told from it. */
export const isAdoptedUnderAnotherId = (id: string, fact: Fact): boolean =>
  fact.kind === 'registered' &&
  fact.at.endsWith(`-${adopted}`) &&
  fact.salt !== adoptionSalt(id, fact.username, fact.passwordHash, fact.at)

const objection = ({ id, username, passwordHash, registeredAt }: ExternalAccount): string | undefined => {
  if (typeof id !== 'string' || id.length < 1 || id.length > maxExternalId) {
    const seen = typeof id === 'string' ? `${id.length}` : typeof id
    return `The id of an external account has 1 to ${maxExternalId} characters, not ${seen}.`
  }
  // Not whether it mixes scripts: whoever keeps the account has admitted it long ago.
  const checked = checkUsername(username)
  if (checked.kind === 'invalid') return checked.why
  if (!isPasswordHash(passwordHash)) return 'The password hash of an external account is no argon2id hash.'
  if (!Number.isFinite(registeredAt) || registeredAt < 0 || registeredAt > latestMs) {
    return `An external account was registered 0 to ${latestMs} ms since 1970, not ${registeredAt}.`
  }
  return undefined
}
