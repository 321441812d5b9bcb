import { callback, listOf, optional, orElse, text, withMethods, type Check } from '@grapevine/std'
import type { View } from './form.ts'
import type { PasswordHasher } from '../passwords/password-hasher.ts'
import type { AttemptLimiter } from '../throttle/attempt-limiter.ts'

/** Checks of the options that several handlers have in common. */
export const hasher: Check<PasswordHasher> = withMethods<PasswordHasher>('hash', 'verify', 'isOutdated')
export const view: Check<View> = callback<View>()
export const attempts: Check<AttemptLimiter | undefined> = optional(withMethods<AttemptLimiter>('take'))
export const contextWords: Check<readonly string[]> = orElse(listOf(text(1, 256), 0, 1000), [])
