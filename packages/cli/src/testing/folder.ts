import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../run.ts'
import type { Io } from '../io.ts'

/** A working folder with nodes in `.data` that answer as they are told. */
export interface TestFolder extends AsyncDisposable {
  readonly path: string
  readonly serve: (name: string, answer: RequestListener) => Promise<void>
  /** Runs a command line in it. */
  readonly grapevine: (
    line: string,
    input?: readonly string[],
  ) => Promise<{ code: number; out: string; said: string }>
  /** What a command needs of the world, with nobody who listens. */
  readonly quiet: () => Io
}

export const testFolder = async (): Promise<TestFolder> => {
  const path = await mkdtemp(join(tmpdir(), 'cli-'))
  const servers: Server[] = []
  const quiet = (): Io => ({
    env: {},
    cwd: path,
    write: async () => undefined,
    say: () => undefined,
    columns: undefined,
    input: process.stdin,
  })
  return {
    path,
    quiet,
    serve: async (name, answer) => {
      await mkdir(join(path, '.data', name), { recursive: true })
      const server = createServer(answer).listen(join(path, '.data', name, 'admin.sock'))
      servers.push(server)
      await once(server, 'listening')
    },
    grapevine: async (line, input = []) => {
      let [out, said] = ['', '']
      const code = await run(line === '' ? [] : line.split(' '), {
        ...quiet(),
        write: async (text) => void (out += text),
        say: (text) => void (said += text),
        input: (async function* () {
          for (const each of input) yield Buffer.from(each)
        })(),
      })
      return { code, out, said }
    },
    [Symbol.asyncDispose]: async () => {
      for (const server of servers.splice(0)) {
        server.close()
        server.closeAllConnections()
      }
      await rm(path, { recursive: true })
    },
  }
}
