import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UsageError } from './usage-error.ts'

export interface App {
  readonly folder: string
  readonly name: string
  readonly secret: string
}

/** That of npm packages, and of clusters. */
const namePattern = /^[a-z0-9][a-z0-9._-]{0,63}$/

const template = new URL('../template/', import.meta.url)

/** @throws UsageError for a name that is none, or a folder that has something in it: nothing was written */
export const makeApp = async ({ folder, name, secret }: App): Promise<void> => {
  if (!namePattern.test(name)) {
    throw new UsageError(
      `${JSON.stringify(name)} is no name; allowed: 1 to 64 small letters, digits, dots, dashes and underscores (--name)`,
    )
  }
  const there = await readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  })
  // What is there after `git init`.
  if (there.some((entry) => entry !== '.git'))
    throw new UsageError(`${folder} is not empty; allowed: an empty folder, or one that is not there`)
  const values = { name, secret, version: await ownVersion() }
  await mkdir(folder, { recursive: true })
  for (const file of await readdir(template)) {
    const text = await readFile(new URL(file, template), 'utf8')
    const mode = file === '_env' ? 0o600 : 0o644
    await writeFile(join(folder, targetOf(file)), filledIn(text, values), { mode, flag: 'wx' })
  }
}

/** A package cannot hold files of these names: they would be taken for its own, or for its tests, and left out. */
const targets: Readonly<Record<string, string>> = {
  '_package.json': 'package.json',
  '_partition-test.mjs': 'partition.test.mjs',
}
const targetOf = (file: string): string => targets[file] ?? file.replace(/^_/, '.')

const filledIn = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(/\{\{(\w+)\}\}/g, (whole, key: string) => values[key] ?? whole)

/** All packages have one version. */
const ownVersion = async (): Promise<string> => {
  const manifest: unknown = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'))
  const version: unknown =
    typeof manifest === 'object' && manifest !== null ? Reflect.get(manifest, 'version') : ''
  return String(version)
}

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined
