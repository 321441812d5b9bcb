import { readFileSync } from 'node:fs'
import { reasonOf } from '@grapevine/std'
import { textOf, type Environment } from './environment.ts'
import { SettingError } from './setting-error.ts'

const shortest = 16
const most = 4
const mostPeppers = 8
const longestPepper = 256

/** Those of the cluster, the one that signs first. No message ever holds one. */
export const readSecrets = (env: Environment): readonly string[] => {
  const [variable, text] = secretText(env)
  const all = text.split(/\s+/).filter((secret) => secret !== '')
  if (all.length === 0) {
    throw new SettingError(
      'CLUSTER_SECRET',
      `missing; give every instance the same random secret of at least ${shortest} characters (or CLUSTER_SECRET_FILE), for example from: openssl rand -hex 32`,
    )
  }
  if (all.length > most) {
    throw new SettingError(variable, `holds ${all.length} secrets; allowed: 1 to ${most}, the first signs`)
  }
  const short = all.find((secret) => secret.length < shortest)
  if (short === undefined) return all
  throw new SettingError(
    variable,
    `a secret of ${short.length} characters; allowed: at least ${shortest}, random`,
  )
}

/** One for all instances; without it, hashes that were made with it open for nobody. No message ever holds one. */
export const readPeppers = (env: Environment): readonly string[] => {
  const all = (textOf(env, 'PASSWORD_PEPPER') ?? '').split(/\s+/).filter((pepper) => pepper !== '')
  const wrong = all.find(({ length }) => length < shortest || length > longestPepper)
  if (wrong === undefined && all.length <= mostPeppers) return all
  const seen = wrong === undefined ? `holds ${all.length} of them` : `one of ${wrong.length} characters`
  throw new SettingError(
    'PASSWORD_PEPPER',
    `${seen}; allowed: at most ${mostPeppers} of ${shortest} to ${longestPepper} characters, random, the newest first`,
  )
}

const secretText = (env: Environment): [variable: string, text: string] => {
  const file = textOf(env, 'CLUSTER_SECRET_FILE')
  const text = textOf(env, 'CLUSTER_SECRET')
  if (file === undefined) return ['CLUSTER_SECRET', text ?? '']
  if (text !== undefined) {
    throw new SettingError('CLUSTER_SECRET_FILE', 'set together with CLUSTER_SECRET; allowed: one of the two')
  }
  try {
    return ['CLUSTER_SECRET_FILE', readFileSync(file, 'utf8')]
  } catch (error) {
    throw new SettingError('CLUSTER_SECRET_FILE', reasonOf(error))
  }
}
