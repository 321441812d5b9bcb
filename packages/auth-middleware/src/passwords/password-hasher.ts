import { randomBytes } from 'node:crypto'
import { hash as argon2Hash, parseOptions, verify as argon2Verify } from '@node-rs/argon2'
import { argon2Limits, passwordHasherConfig } from '../config.ts'
import type { PasswordHasherConfig, PasswordHasherOptions } from '../config.ts'
import { jobQueue } from './job-queue.ts'
import { opaqueString } from './opaque-string.ts'
import { checkPassword, isHashable } from './password.ts'
import { derivePepper, pepperOf, saltFor, type Pepper } from './pepper.ts'

export interface PasswordHasher {
  /**
   * The argon2id hash of a new password, in PHC format.
   * Rejects with `InvalidPasswordError`, `OverloadedError`, or the signal's reason while waiting.
   * @param options.rules `kept-before`: for a password that is in use already, whatever is asked of new ones @default 'new'
   */
  hash(password: string, options: { signal: AbortSignal; rules?: 'new' | 'kept-before' }): Promise<string>
  /**
   * Whether this is the password of the hash. A malformed or monstrous hash is nobody's, and costs what
   * any other does. Rejects with `OverloadedError`, or the signal's reason while waiting.
   */
  verify(hash: string, password: string, options: { signal: AbortSignal }): Promise<boolean>
  /** Whether the hash was made with other parameters than these. */
  isOutdated(hash: string): boolean
  /** A hash that no password has; verifying against it takes as long as against a real one. */
  readonly decoy: string
}

/** argon2id on other threads, behind a bounded queue: a flood of logins does not slow down other pages. */
export const passwordHasher = (options: PasswordHasherOptions = {}): PasswordHasher => {
  const config = passwordHasherConfig(options)
  const { concurrency, queueLimit: limit, retryAfterSeconds } = config
  const queue = jobQueue({ concurrency, limit, retryAfterSeconds })
  const cost = { memoryCost: config.memoryKiB, timeCost: config.passes, parallelism: config.lanes }
  const peppers = config.peppers.map(derivePepper)
  const [current] = peppers
  const decoy = decoyHash(config, current)
  const parameters = decoy.split('$', 4).join('$')
  const opens = (hash: string, password: string): Promise<boolean> =>
    argon2Verify(hash, password, secretOf(pepperOf(hash, peppers)))

  return {
    decoy,
    isOutdated: (hash) => !hash.startsWith(`${parameters}$`) || pepperOf(hash, peppers) !== current,
    async hash(password, { signal, rules = 'new' }) {
      const prepared = rules === 'new' ? checkPassword(password) : opaqueString(password)
      const hash = () => argon2Hash(prepared, { ...cost, ...secretOf(current), salt: saltFor(current) })
      return queue.run(hash, { signal })
    },
    async verify(hash, password, { signal }) {
      const comparable = isHashable(password) && isVerifiable(hash)
      const target = comparable ? hash : decoy
      const spellings = comparable ? spellingsOf(password) : ['']
      const job = async (): Promise<boolean> => {
        for (const spelling of spellings) if (await opens(target, spelling)) return true
        return false
      }
      return (await queue.run(job, { signal })) && comparable
    },
  }
}

/** As it is prepared now, and, where that alters it, as it was typed: hashes from before are of that. */
const spellingsOf = (password: string): readonly string[] => [...new Set([opaqueString(password), password])]

const secretOf = (pepper: Pepper | undefined): { secret?: Buffer } =>
  pepper === undefined ? {} : { secret: pepper.secret }

/** Salt and hash are random, so that nothing need be computed and nothing can match. */
const decoyHash = (
  { memoryKiB, passes, lanes }: PasswordHasherConfig,
  pepper: Pepper | undefined,
): string => {
  const text = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '')
  return `$argon2id$v=19$m=${memoryKiB},t=${passes},p=${lanes}$${text(saltFor(pepper))}$${text(randomBytes(32))}`
}

/** A stored hash may come from elsewhere: it does not decide how much memory and time it takes. */
const isVerifiable = (hash: string): boolean => {
  if (!hash.startsWith('$argon2id$v=19$')) return false
  try {
    const { memoryCost, timeCost, parallelism, outputLen } = parseOptions(hash)
    if (outputLen < 16 || outputLen > 64) return false
    return (
      memoryCost <= argon2Limits.memoryKiB &&
      timeCost <= argon2Limits.passes &&
      parallelism <= argon2Limits.lanes
    )
  } catch {
    return false // not a hash
  }
}
