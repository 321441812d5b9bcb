// What Jest gets by `require`, which loads no ES modules before Node.js 24.9: one CommonJS file for each entry, with the packages of
// this repository inside, and its types. It stands as deep in dist/ as the ES modules that find files beside them.
import { readFileSync, writeFileSync } from 'node:fs'
import { rolldown } from 'rolldown'

const dist = new URL('../dist/', import.meta.url)
const entries = { index: 'index', jest: 'test-runners/jest' }

const bundle = await rolldown({
  input: Object.fromEntries(
    Object.entries(entries).map(([name, file]) => [name, new URL(`${file}.js`, dist).pathname]),
  ),
  platform: 'node',
  external: [/^node:/, 'node-html-parser', 'tough-cookie', 'vitest'],
})
await bundle.write({
  dir: new URL('cjs', dist).pathname,
  format: 'cjs',
  entryFileNames: '[name].cjs',
  chunkFileNames: '[name].cjs',
})
await bundle.close()

/** Of an ES module that a declaration file has: its names, and which of them are types alone. */
const namesOf = (text) =>
  [...text.matchAll(/export (type )?\{([^}]*)\}/g)].flatMap(([, allTypes, names]) =>
    names
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean)
      .map((name) => ({
        name: name.replace(/^type /, ''),
        isType: allTypes !== undefined || name.startsWith('type '),
      })),
  )

const inModule = (file) => `import('../${file}.js', { with: { 'resolution-mode': 'import' } })`

const typesOf = (file) => {
  const names = namesOf(readFileSync(new URL(`${file}.d.ts`, dist), 'utf8'))
  const types = names.filter(({ isType }) => isType).map(({ name }) => name)
  const values = names.filter(({ isType }) => !isType).map(({ name }) => name)
  const isClass = (name) => /^[A-Z]/.test(name)
  return [
    `export type { ${types.join(', ')} } from '../${file}.js' with { 'resolution-mode': 'import' }`,
    ...values.map((name) => `export declare const ${name}: typeof ${inModule(file)}.${name}`),
    ...values.filter(isClass).map((name) => `export type ${name} = ${inModule(file)}.${name}`),
    '',
  ].join('\n')
}

for (const [name, file] of Object.entries(entries))
  writeFileSync(new URL(`cjs/${name}.d.cts`, dist), typesOf(file))
