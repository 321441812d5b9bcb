/** A database that keeps accounts, as this package needs it. */
import type { ExternalAccount } from '../accounts/adoption.ts'

export interface UserDatabase {
  /** All accounts, each once, in any order, not all at once in memory. Rejects with the reason of the signal. */
  load(options: { readonly signal?: AbortSignal | undefined }): AsyncIterable<ExternalAccount>
  /**
   * Keeps one more account, durably once resolved. When the signal aborts, it may or may not be kept.
   *
   * @throws {UsernameTakenError} `USERNAME_TAKEN`: another account has the name, as compared normalised; or the
   *   reason of the signal
   */
  insert(account: ExternalAccount, options: { readonly signal?: AbortSignal | undefined }): Promise<void>
}
