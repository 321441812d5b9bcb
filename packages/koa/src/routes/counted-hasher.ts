import type { PasswordHasher } from '@grapevine/auth-middleware'

export interface CountedHasher extends PasswordHasher {
  /** Hashes that wait or run now. */
  readonly pending: number
}

/** A hasher whose queue can be seen. */
export const countedHasher = (hasher: PasswordHasher): CountedHasher => {
  let pending = 0
  const counted = async <T>(job: Promise<T>): Promise<T> => {
    pending += 1
    try {
      return await job
    } finally {
      pending -= 1
    }
  }
  return {
    decoy: hasher.decoy,
    isOutdated: hasher.isOutdated,
    hash: (password, options) => counted(hasher.hash(password, options)),
    verify: (hash, password, options) => counted(hasher.verify(hash, password, options)),
    get pending() {
      return pending
    },
  }
}
