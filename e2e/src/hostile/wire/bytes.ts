/** Bytes as lib0 writes them, without lib0: whoever means harm keeps to no library. */
export type Bytes = readonly number[]

export const varUint = (value: number): Bytes => {
  const bytes: number[] = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push(128 | (rest % 128))
  return [...bytes, rest]
}

export const varString = (text: string): Bytes => {
  const utf8 = Buffer.from(text)
  return [...varUint(utf8.length), ...utf8]
}

export const varBytes = (bytes: Uint8Array): Bytes => [...varUint(bytes.length), ...bytes]

/** A JSON value, as lib0's `any`; objects may have keys that objects of this process cannot. */
export type Value = string | readonly Value[] | Map<string, Value>

export const any = (value: Value): Bytes => {
  if (typeof value === 'string') return [119, ...varString(value)]
  if (value instanceof Map) return [118, ...varUint(value.size), ...[...value].flatMap(entryBytes)]
  return [117, ...varUint(value.length), ...value.flatMap(any)]
}

const entryBytes = ([key, value]: readonly [string, Value]): Bytes => [...varString(key), ...any(value)]

export const readVarUint = (bytes: Uint8Array, at: number): { value: number; next: number } => {
  let [value, factor, next] = [0, 1, at]
  for (;;) {
    const byte = bytes[next++]
    if (byte === undefined) throw new RangeError('the bytes end within a number')
    value += (byte & 127) * factor
    factor *= 128
    if (byte < 128) return { value, next }
  }
}

export const garbage = (length: number, random: () => number): Uint8Array =>
  Uint8Array.from({ length }, () => Math.floor(random() * 256))
