import { execFile } from 'node:child_process'
import { reasonOf } from '@grapevine/std'
import { SystemCommandError } from '../errors.ts'

const timeoutMs = 20_000

/** Runs a program of the system and resolves to what it wrote. @throws SystemCommandError with what it said */
export const systemCommand = async (file: string, args: readonly string[], input = ''): Promise<string> =>
  await new Promise((resolve, reject) => {
    const child = execFile(file, args, { encoding: 'utf8', timeout: timeoutMs }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else
        reject(new SystemCommandError([file, ...args].join(' '), stderr || reasonOf(error), { cause: error }))
    })
    // If the program has ended without reading, its exit says why.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input)
  })
