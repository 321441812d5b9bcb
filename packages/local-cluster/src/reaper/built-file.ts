import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { NotBuiltError } from '../errors.ts'

/**
 * The compiled file of that name. Child processes run plain Node.js, so they need `dist/` also when this module itself
 * was loaded from `src/` by a test runner; the two folders are siblings.
 */
export const builtFile = (name: string): URL => {
  const url = new URL(`../../dist/${name}`, import.meta.url)
  const path = fileURLToPath(url)
  if (!existsSync(path)) throw new NotBuiltError(path)
  return url
}
