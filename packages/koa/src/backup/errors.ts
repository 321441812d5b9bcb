/** A backup cannot be read, or not restored here; the message says what was restored before. */
export class BackupError extends Error {
  override readonly name = 'BackupError'
  readonly code: 'INVALID_BACKUP' | 'NEWER_BACKUP' | 'BROKEN_BACKUP' | 'UNKNOWN_NAME'

  constructor(code: BackupError['code'], message: string) {
    super(message)
    this.code = code
  }
}
