import { readFileSync } from 'node:fs'

/** Reads files by paths from where a test stands: `filesBeside(import.meta.url)`. */
export const filesBeside =
  (url: string) =>
  (path: string): string =>
    readFileSync(new URL(path, url), 'utf8')

/** Code without its layout, which the formatter decides: to find in a README what is compiled and run. */
export const withoutLayout = (code: string): string => code.replaceAll(/\s+|,(?=\s*[)}])/g, '')
