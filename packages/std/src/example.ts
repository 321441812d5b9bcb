import { checkOptions, codeOf, oneOf, orElse, reasonOf, wholeNumber, type Checks } from './index.ts'

interface CacheOptions {
  readonly mode: 'fast' | 'safe'
  /** @default 3 */
  readonly retries?: number
}

const checks = {
  mode: oneOf('fast', 'safe'),
  retries: orElse(wholeNumber(0, 10), 3),
} satisfies Checks<CacheOptions>

console.log(checkOptions({ mode: 'safe' }, checks)) // { mode: 'safe', retries: 3 }

try {
  checkOptions({ mode: 'safe', retrys: 5 }, checks)
} catch (error) {
  console.log(codeOf(error), reasonOf(error)) // INVALID_OPTION retrys is unknown; allowed: mode, retries
}
