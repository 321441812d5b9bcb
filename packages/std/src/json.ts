/**
 * What the text says in JSON; `undefined` where it is none. For what others send: its sender may be of another version, or
 * lie. The parser's own message is dropped, since it quotes the text.
 */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** An object that is no list; what its fields are is still to be asked. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
