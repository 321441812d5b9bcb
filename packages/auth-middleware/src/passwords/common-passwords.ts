import { readFileSync } from 'node:fs'

const listFile = new URL('../../data/common-passwords.txt', import.meta.url)
let list: ReadonlySet<string> | undefined

/** Whether this is one of the 5,000 most common passwords that are long enough to be allowed, in whatever case. */
export const isCommonPassword = (password: string): boolean => {
  list ??= read()
  return list.has(password.toLowerCase())
}

const read = (): ReadonlySet<string> => {
  const lines = readFileSync(listFile, 'utf8').split('\n')
  return new Set(lines.filter((line) => line !== '' && !line.startsWith('#')))
}
