import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../../../', import.meta.url))

/** The project that refers to all that the instances are made of. */
const project = `${root}apps/budget`

export type Compiled = { readonly kind: 'done' } | { readonly kind: 'failed'; readonly words: string }

/** Builds what the app is made of, as `pnpm build` does, but for this app alone. Rejects with the signal's reason. */
export const compile = async (signal: AbortSignal): Promise<Compiled> => {
  const compiler = fileURLToPath(new URL('bin/tsc', import.meta.resolve('typescript/package.json')))
  const child = spawn(process.execPath, [compiler, '-b', project], { cwd: root, signal })
  let words = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => void (words += text))
  await once(child, 'close')
  return child.exitCode === 0 ? { kind: 'done' } : { kind: 'failed', words: words.trim() }
}
