import { textOf, type Environment } from './environment.ts'
import { SettingError } from './setting-error.ts'

/** No message ever holds any of it: there is a password in it. */
export const readDatabaseUrl = (env: Environment): string | undefined => {
  const text = textOf(env, 'DATABASE_URL')
  if (text === undefined || /^postgres(ql)?:\/\/\S+$/.test(text)) return text
  throw new SettingError('DATABASE_URL', 'is no URL such as postgres://user:password@host:5432/database')
}
