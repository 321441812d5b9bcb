/**
 * Whether it is an error, also one of another realm (Jest's, a `vm`) for which `instanceof Error` is false. Own errors are
 * told apart by their `code`.
 */
export const isError = (value: unknown): value is Error =>
  typeof value === 'object' &&
  value !== null &&
  'name' in value &&
  typeof value.name === 'string' &&
  'message' in value &&
  typeof value.message === 'string'

/** What was thrown, as an error. */
export const errorOf = (thrown: unknown): Error => (isError(thrown) ? thrown : new Error(String(thrown)))

/** Why something failed, in one line for a log: the message, and its cause's where the message does not say it (`fetch failed`). */
export const reasonOf = (thrown: unknown): string => {
  if (!isError(thrown)) return String(thrown)
  const { message, cause } = thrown
  return isError(cause) && !message.includes(cause.message) ? `${message} (${cause.message})` : message
}

/** The `code` of an error, such as `INVALID_OPTION` or `ENOENT`; `undefined` if it has none that is text. */
export const codeOf = (thrown: unknown): string | undefined =>
  isError(thrown) && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined
