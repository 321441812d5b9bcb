import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { logLine } from './log-line.ts'

/** One running instance of the app. */
export interface Instance {
  readonly name: string
  readonly url: string
  /** Resolves with a few words when the process has ended. */
  readonly ended: Promise<string>
  /** Asks it to stop, and makes it stop after a while. */
  stop(): Promise<void>
}

const stopTimeout = 8_000
const main = fileURLToPath(new URL('../main.js', import.meta.url))
const preload = new URL('end-with-parent.js', import.meta.url).href

export const startInstance = (
  place: { readonly name: string; readonly port: number; readonly dataDir: string },
  env: Readonly<Record<string, string>>,
  print: (line: string) => void,
): Instance => {
  const child = spawn(process.execPath, ['--import', preload, main], {
    env: {
      ...process.env,
      ...env,
      NODE_NAME: place.name,
      PORT: String(place.port),
      HOST: '127.0.0.1',
      DATA_DIR: place.dataDir,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  for (const output of [child.stdout, child.stderr]) {
    if (output !== null) createInterface({ input: output }).on('line', (line) => print(logLine(line)))
  }
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) =>
      resolve(signal === null ? `exited with code ${code}` : `was ended by ${signal}`),
    )
  })
  return { name: place.name, url: `http://127.0.0.1:${place.port}`, ended, stop: () => stop(child, ended) }
}

const stop = async (child: ChildProcess, ended: Promise<string>): Promise<void> => {
  child.kill('SIGTERM')
  const overdue = setTimeout(() => child.kill('SIGKILL'), stopTimeout)
  await ended
  clearTimeout(overdue)
}
