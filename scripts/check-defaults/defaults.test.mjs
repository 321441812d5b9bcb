import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readSettings } from '../../packages/koa/src/settings/settings.ts'
import { defaultsInComments, defaultsInTables, meaningOf } from './documented.mjs'
import { defaultInCode, valueOf } from './in-code.mjs'

const packages = fileURLToPath(new URL('../../packages/', import.meta.url))

const sourcesOf = (name) =>
  readdirSync(join(packages, name, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .toSorted()
    .map((path) => ({
      path: `${name}/src/${path}`,
      source: readFileSync(join(packages, name, 'src', path), 'utf8'),
    }))

const shown = (value) => JSON.stringify(value) ?? String(value)

/** `[]` and `{}` say that there is nothing. */
const isEmpty = (value) => typeof value === 'object' && Object.keys(value).length === 0

/** What a comment or table says, beside what the code does; `undefined` if they agree, or if it is prose. */
const disagreement = ({ name, text }, where, own, others) => {
  const meaning = meaningOf(text)
  if (meaning.kind === 'prose' || isEmpty(meaning.value)) return undefined
  const found = defaultInCode(name, own, others)
  if (found === undefined) return `${where}: ${name} says ${text}, and no default was found in the code`
  if (meaning.kind === 'code') {
    const told = meaning.code.replace(/\(\)$/, '').split('.').at(-1)
    // Where the default has a name, what is behind it is on the lines after it.
    const [behind = ''] =
      new RegExp(String.raw`const ${found.code.replaceAll(/\W/g, '.')}\b[\s\S]{0,300}`).exec(found.source) ??
      []
    const isTold = found.code.includes(told) || (/^\w+$/.test(found.code) && behind.includes(told))
    return isTold ? undefined : `${where}: ${name} says ${text}, the code ${found.code}`
  }
  const value = valueOf(found.code, found.source)
  if (value === undefined)
    return `${where}: ${name} says ${text}; the code is ${found.code}, which is no literal`
  return shown(value.value) === shown(meaning.value)
    ? undefined
    : `${where}: ${name} says ${text}, the code ${shown(value.value)}`
}

/** Read from variables, by rules of their own: these are asked at run time. */
const fromEnvironment = 'koa/src/settings/'

const names = readdirSync(packages).filter((name) => readdirSync(join(packages, name)).includes('src'))

describe.each(names)('the defaults of %s', (name) => {
  const sources = sourcesOf(name).filter(({ path }) => !path.startsWith(fromEnvironment))
  const others = (path) => sources.filter((one) => one.path !== path).map(({ source }) => source)

  test('are in the code as comments tell them', () => {
    const problems = sources.flatMap(({ path, source }) =>
      defaultsInComments(source).map((told) => disagreement(told, path, source, others(path))),
    )
    expect(problems.filter((problem) => problem !== undefined)).toEqual([])
  })

  test('are in the README as comments tell them', () => {
    const told = sources.flatMap(({ source }) => defaultsInComments(source))
    const problems = defaultsInTables(readFileSync(join(packages, name, 'README.md'), 'utf8')).flatMap(
      (row) => {
        const meaning = meaningOf(row.text)
        const same = told.filter((one) => one.name === row.name).map(({ text }) => meaningOf(text))
        const comparable = same.filter(({ kind }) => kind === meaning.kind && kind === 'value')
        if (meaning.kind !== 'value' || comparable.length === 0) return []
        return comparable.some((one) => shown(one.value) === shown(meaning.value))
          ? []
          : [`${row.name}: ${row.text}`]
      },
    )
    expect(problems).toEqual([])
  })
})

test('the settings of an instance have the defaults that their comments tell', () => {
  const settings = readSettings({ appName: 'app', env: { CLUSTER_SECRET: 'only-for-this-test-of-defaults' } })
  const find = (object, key) =>
    Object.entries(object).flatMap(([name, value]) => [
      ...(name === key ? [value] : []),
      ...(typeof value === 'object' && value !== null && !Array.isArray(value) ? find(value, key) : []),
    ])
  const told = sourcesOf('koa')
    .filter(({ path }) => path.startsWith(fromEnvironment))
    .flatMap(({ source }) => defaultsInComments(source))
    .map(({ name, text }) => ({ name, meaning: meaningOf(text) }))
    .filter(({ meaning }) => meaning.kind === 'value' && !isEmpty(meaning.value))
  expect(told.length).toBeGreaterThan(5)
  expect(
    told.filter(
      ({ name, meaning }) => !find(settings, name).some((value) => shown(value) === shown(meaning.value)),
    ),
  ).toEqual([])
})

test('most defaults that are told can be compared', () => {
  const told = names.flatMap((name) => sourcesOf(name).flatMap(({ source }) => defaultsInComments(source)))
  const compared = told.filter(({ text }) => meaningOf(text).kind !== 'prose')
  expect(compared.length).toBeGreaterThan(told.length / 2)
})
