import { mkdtemp, rm } from 'node:fs/promises'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { remoteOf, type CallsOf, type Remote } from './remote.ts'

/** Everything that a measurement starts lives in one; nothing of it is left when it closes or the bench dies. */
export interface Supervisor {
  /** Runs one of the bench's own programs, by its path in `programs/` without the ending. */
  spawn<C extends CallsOf<C>>(program: string, options?: SpawnOptions): Remote<C>
  /** An empty folder of its own. */
  folder(): Promise<string>
  close(): Promise<void>
}

export interface SpawnOptions {
  /** Flags of Node.js. */
  readonly flags?: readonly string[]
}

/** @param profiles - folder for a CPU profile of each program */
export const createSupervisor = (profiles: string | undefined): Supervisor => {
  const remotes = new Map<Remote<object>, ChildProcess>()
  const folders = new Set<string>()

  // The programs see their channel close and end by themselves, so that each can end what it has started in turn.
  const abandon = (): void => {
    for (const child of remotes.values()) if (child.connected) child.disconnect()
    for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }
  process.on('exit', abandon)

  return {
    spawn: <C extends CallsOf<C>>(program: string, { flags = [] }: SpawnOptions = {}) => {
      const profiling = profiles === undefined ? [] : profileFlags(profiles, basename(program))
      const child = fork(fileURLToPath(new URL(`../programs/${program}.js`, import.meta.url)), [], {
        execArgv: [...flags, ...profiling],
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        serialization: 'advanced',
      })
      const remote = remoteOf<C>(program, child)
      remotes.set(remote, child)
      child.once('exit', () => remotes.delete(remote))
      return remote
    },
    folder: async () => {
      const folder = await mkdtemp(join(tmpdir(), 'grapevine-bench-'))
      folders.add(folder)
      return folder
    },
    close: async () => {
      // The last one first: what was started before may serve it.
      for (const remote of [...remotes.keys()].toReversed()) await remote.stop()
      for (const folder of folders) await rm(folder, { recursive: true, force: true })
      process.off('exit', abandon)
    },
  }
}

const profileFlags = (folder: string, program: string): readonly string[] => [
  '--cpu-prof',
  `--cpu-prof-dir=${folder}`,
  `--cpu-prof-name=${program}-${process.hrtime.bigint()}.cpuprofile`,
]
