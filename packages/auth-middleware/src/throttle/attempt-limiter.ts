/** What is guessed at, or who signs up, or from where: each kind has an allowance of its own. */
export type AttemptKind =
  /** An account, by whoever is not known to it. */
  | 'account'
  /** An account, from the devices that have logged in to it before. */
  | 'device'
  /** The address that a guess comes from. */
  | 'address'
  /** The address that a sign-up comes from. */
  | 'signUpAddress'
  /** All sign-ups together. */
  | 'signUps'

export type Attempt =
  /** Reserved. `giveBack` when the password was right, or was not tried. */
  | { readonly kind: 'granted'; giveBack(): void }
  | { readonly kind: 'spent'; readonly retryAfterSeconds: number }

/**
 * How many passwords may still be tried. An attempt is taken *before* the password is looked at, so that attempts made
 * at once cannot exceed the allowance together.
 */
export interface AttemptLimiter {
  /**
   * Takes one attempt at the subject. Rejects with the signal's reason. It must neither keep nor send the subject as
   * it is: it may be what somebody typed.
   */
  take(kind: AttemptKind, subject: string, options: { signal: AbortSignal }): Promise<Attempt>
}

export interface Subject {
  readonly kind: AttemptKind
  readonly subject: string
}

/** One attempt at each subject, or at none of them. */
export const takeAll = async (
  limiter: AttemptLimiter,
  subjects: readonly Subject[],
  options: { signal: AbortSignal },
): Promise<Attempt> => {
  const taken: { giveBack(): void }[] = []
  const giveBack = (): void => taken.splice(0).forEach((attempt) => attempt.giveBack())
  try {
    for (const { kind, subject } of subjects) {
      const attempt = await limiter.take(kind, subject, options)
      if (attempt.kind === 'spent') {
        giveBack()
        return attempt
      }
      taken.push(attempt)
    }
  } catch (error) {
    giveBack()
    throw error
  }
  return { kind: 'granted', giveBack }
}
