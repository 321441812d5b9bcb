import { textOf, type Environment } from './environment.ts'

/** What guards people never depends on a variable that is spelled right. */
export type Mode = 'development' | 'production'

/** Development is what one asks for, in so many words; anything else is production. */
export const readMode = (env: Environment): Mode =>
  textOf(env, 'NODE_ENV') === 'development' ? 'development' : 'production'

/** What to say of a value that means nothing here; `undefined` for one that does. */
export const modeWarning = (env: Environment): string | undefined => {
  const value = textOf(env, 'NODE_ENV')
  if (value === undefined || value === 'production' || value === 'development') return undefined
  return `NODE_ENV: ${JSON.stringify(value)} is none of production, development; this is taken as production`
}
