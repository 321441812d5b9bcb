import { codeOf, reasonOf } from '@grapevine/std'
import type { MirrorEvent } from '@grapevine/user-cache'
import type { Logger } from 'pino'

/** One line in the log for what happens between the database and the cluster. */
export const logMirrorEvent =
  (log: Logger) =>
  (event: MirrorEvent): void => {
    const { type, ...rest } = event
    // Never the error itself: a server quotes rows in its details, with names and hashes.
    const fields =
      'error' in rest ? { ...rest, error: undefined, reason: reasonOfDatabase(rest.error) } : rest
    log[levels[type]](fields, words[type])
  }

/** Of a refused connection to several addresses the message is empty. */
export const reasonOfDatabase = (error: unknown): string => {
  const [reason, code] = [reasonOf(error), codeOf(error)]
  return code === undefined || reason.includes(code) ? reason : `${reason} (${code})`.trim()
}

const levels = {
  progress: 'info',
  checked: 'info',
  up: 'info',
  down: 'warn',
  unkept: 'warn',
  overflow: 'warn',
  refused: 'warn',
  invalid: 'warn',
  'taken-in': 'warn',
  differs: 'warn',
} as const satisfies Record<MirrorEvent['type'], 'info' | 'warn'>

const words: Readonly<Record<MirrorEvent['type'], string>> = {
  progress: 'accounts are read from the database',
  checked: 'the accounts of the database are here',
  up: 'the database answers',
  down: 'the database cannot be used: nobody can sign up, and changes to accounts wait on disk until it can',
  unkept: 'whose rows wait for the database could not be kept on disk',
  overflow:
    'too many changes wait for the database to remember each: when it is back, the whole table is looked at',
  refused: 'the database does not take an account as it is here',
  invalid: 'an account of the database cannot be one here, and is left out',
  'taken-in': 'a row of the database was changed by hand; what it says counts here now',
  differs: 'a row of the database was changed by hand to what cannot be here; it is left as it is',
}
