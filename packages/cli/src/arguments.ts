import { parseArgs } from 'node:util'
import { UsageError } from './errors.ts'

const options = {
  data: { type: 'string' },
  socket: { type: 'string' },
  json: { type: 'boolean' },
  yes: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'V' },
} as const

type Values = {
  readonly [Name in keyof typeof options]?: (typeof options)[Name]['type'] extends 'string' ? string : boolean
}

/** A command line, taken apart. */
export interface Arguments {
  readonly words: readonly string[]
  readonly values: Values
}

/** @throws UsageError that names the first argument that is not understood */
export const parseArguments = (argv: readonly string[]): Arguments => {
  const { positionals, tokens } = parseArgs({
    args: [...argv],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  })
  const values: Record<string, string | boolean> = {}
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const { name, rawName, value, inlineValue } = token
    if (!isKnown(name)) throw new UsageError(`${rawName} is unknown; allowed: ${allowed}`)
    if (name in values) throw new UsageError(`${rawName} is there twice; allowed: once`)
    if (options[name].type === 'boolean' && value !== undefined)
      throw new UsageError(`${rawName} takes no value`)
    if (options[name].type === 'string' && isNoValue(value, inlineValue))
      throw new UsageError(`${rawName}: say which, such as ${rawName} <path>`)
    values[name] = value ?? true
  }
  return { words: positionals, values }
}

/** `--data --json` forgot the folder; one that begins so is given as `--data=--json`. */
const isNoValue = (value: string | undefined, inlineValue: boolean | undefined): boolean =>
  value === undefined || value === '' || (inlineValue !== true && value.startsWith('-'))

const allowed = Object.keys(options)
  .map((name) => `--${name}`)
  .join(', ')

const isKnown = (name: string): name is keyof typeof options => Object.hasOwn(options, name)
