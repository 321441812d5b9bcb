import type Koa from 'koa'
import type { Account } from '../account.ts'
import { addressGroup } from './address-group.ts'
import type { Subject } from './attempt-limiter.ts'
import { isKnownDevice } from '../devices/known-device.ts'

/** What a login is an attempt at. An unknown name is counted like an account: whoever guesses sees no difference. */
export const loginSubjects = (
  ctx: Koa.Context,
  username: string,
  claimants: readonly Account[],
): readonly Subject[] => {
  const accounts = claimants.map((account) => accountSubject(ctx, account))
  // A whole office must not be shut out, on the machines it works with, for one guest who guesses.
  if (accounts.some(({ kind }) => kind === 'device')) return accounts
  const address: Subject = { kind: 'address', subject: addressGroup(ctx.ip) }
  if (accounts.length > 0) return [address, ...accounts]
  return [address, { kind: 'account', subject: `name ${foldName(username)}` }]
}

/** Accounts take memory on every member for ever, so they are not made without bound, wherever it comes from. */
export const signUpSubjects = (ctx: Koa.Context): readonly Subject[] => [
  { kind: 'signUpAddress', subject: addressGroup(ctx.ip) },
  { kind: 'signUps', subject: 'everywhere' },
]

export const accountSubject = (ctx: Koa.Context, account: Account): Subject => {
  const kind = isKnownDevice(ctx, account) ? 'device' : 'account'
  return { kind, subject: `id ${account.id}` }
}

/** Coarse on purpose: two spellings of a name that nobody has are one name, as they are for a name that exists. */
const foldName = (username: string): string => username.normalize('NFKC').toUpperCase().toLowerCase()
