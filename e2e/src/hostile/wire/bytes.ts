/** Bytes as lib0 writes them, without lib0: whoever means harm keeps to no library. */
export type Bytes = readonly number[]

export const varUint = (value: number): Bytes => {
  const bytes: number[] = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push(128 | (rest % 128))
  return [...bytes, rest]
}

export const garbage = (length: number, random: () => number): Uint8Array =>
  Uint8Array.from({ length }, () => Math.floor(random() * 256))
