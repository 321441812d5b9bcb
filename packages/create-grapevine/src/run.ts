import { basename, join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { makeApp } from './make-app.ts'
import { UsageError } from './usage-error.ts'

/** What it takes from outside. */
export interface Io {
  readonly cwd: string
  readonly say: (text: string) => void
  readonly complain: (text: string) => void
  /** Of the cluster, for `.env`. */
  readonly secret: () => string
  /** Where somebody sits who can answer. */
  readonly ask: ((question: string) => Promise<string>) | undefined
}

const usage = `npm create grapevine [folder] -- [--name <name>] [--yes]

Makes an app of your own: a page, a document that all instances share, a partition test, a compose file.

  folder         where; it must be empty, or not there    (asked for; with --yes: grapevine-app)
  --name <name>  of the app and its cluster               (the folder's)
  --yes, -y      asks nothing
  --help, -h
`

const otherwise = 'grapevine-app'

/** Runs one command line, without the program's name. Resolves with the exit code: 0, 1 for a failure, 2 for bad usage. */
export const run = async (argv: readonly string[], io: Io): Promise<number> => {
  try {
    await create(argv, io)
    return 0
  } catch (error) {
    io.complain(`${error instanceof Error ? error.message : String(error)}\n`)
    return error instanceof UsageError ? 2 : 1
  }
}

const create = async (argv: readonly string[], io: Io): Promise<void> => {
  const { values, positionals } = parse(argv)
  if (values.help === true) return io.say(usage)
  if (positionals.length > 1) throw new UsageError(`${positionals.join(' ')}: one folder is allowed`)
  const asked = positionals[0] ?? (await folderOf(io, values.yes === true))
  const folder = resolve(io.cwd, asked)
  const name = values.name ?? basename(folder)
  await makeApp({ folder, name, secret: io.secret() })
  const shown = relative(io.cwd, folder)
  io.say(`
${name} is in ${join('.', shown)}

${shown === '' ? '' : `  cd ${shown}\n`}  npm install
  npm run dev      three instances, on http://127.0.0.1:4001 to 4003
  npm test         cuts their network, and heals it
`)
}

const folderOf = async ({ ask }: Io, isYes: boolean): Promise<string> => {
  if (isYes || ask === undefined) return otherwise
  const answer = (await ask(`Folder (${otherwise}): `)).trim()
  return answer === '' ? otherwise : answer
}

const parse = (argv: readonly string[]) => {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        name: { type: 'string' },
        yes: { type: 'boolean', short: 'y' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
  }
}
