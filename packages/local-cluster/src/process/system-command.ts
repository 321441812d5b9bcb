import { execFile } from 'node:child_process'
import { SystemCommandError, messageOf } from '../errors.ts'

const TIMEOUT_MS = 20_000

/** Runs a program of the system and resolves to what it wrote. @throws SystemCommandError with what it said */
export async function systemCommand(file: string, args: readonly string[], input = ''): Promise<string> {
  return await new Promise((resolve, reject) => {
    const child = execFile(file, args, { encoding: 'utf8', timeout: TIMEOUT_MS }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else
        reject(
          new SystemCommandError([file, ...args].join(' '), stderr || messageOf(error), { cause: error }),
        )
    })
    // If the program has ended without reading, its exit says why.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input)
  })
}
