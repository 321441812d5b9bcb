/** A database that keeps accounts, as this package needs it. */
import type { ExternalAccount } from '../commands/adoption.ts'

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

/** One that also keeps what happens to accounts after they signed up. */
export interface MirroredDatabase extends UserDatabase {
  /** Whether it can say that an account is disabled. */
  readonly keepsDisabled: boolean
  /** The accounts under these ids, those that there are. Rejects with the reason of the signal. */
  read(
    ids: readonly string[],
    options: { readonly signal?: AbortSignal | undefined },
  ): Promise<readonly ExternalAccount[]>
  /**
   * Keeps the account as it is now, whether it was there before or not. When it was registered stays as it is.
   *
   * @throws {UsernameTakenError} `USERNAME_TAKEN`: of an account that was there all but its name is kept, of another nothing;
   *   or the reason of the signal
   */
  save(account: ExternalAccount, options: { readonly signal?: AbortSignal | undefined }): Promise<void>
  /** Nothing happens when it is not there. Rejects with the reason of the signal. */
  remove(id: string, options: { readonly signal?: AbortSignal | undefined }): Promise<void>
}
