const maxLength = 1024
/** Deeper nesting of %25 has no honest use. */
const maxDecodings = 4
const pathOfPrintableAscii = /^\/[!-[\]-~]*$/
// Control characters are what is looked for here.
// oxlint-disable-next-line no-control-regex
const leavesTheSite = /\/\/|\\|[\u0000-\u001f\u007f-\u009f]/

/**
 * The path itself when it can only lead to the own site, else `undefined`. Strict rather than clever: a
 * refused path costs a person one click, an accepted bad one sends them to a stranger's login form.
 *
 * Refused: anything that does not start with `/`, over 1,024 characters, other than printable ASCII, or with
 * a backslash; and a path in which `//`, a backslash or a control character appears, as it stands or
 * after decoding, since proxies and frameworks decode once more than they should.
 * Query and fragment cannot change the site, so they need only be printable.
 */
export const safeReturnPath = (raw: unknown): string | undefined => {
  if (typeof raw !== 'string' || raw.length > maxLength) return undefined
  if (!pathOfPrintableAscii.test(raw)) return undefined
  const path = raw.split(/[?#]/, 1)[0] ?? ''
  return staysHere(path, maxDecodings) ? raw : undefined
}

const staysHere = (path: string, decodingsLeft: number): boolean => {
  // NFKC turns full-width slashes and backslashes into the real ones, as some servers do.
  if (leavesTheSite.test(path.normalize('NFKC'))) return false
  const decoded = decode(path)
  if (decoded === path) return true
  return decoded !== undefined && decodingsLeft > 0 && staysHere(decoded, decodingsLeft - 1)
}

const decode = (path: string): string | undefined => {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined // malformed or overlong: no honest client sends it
  }
}
