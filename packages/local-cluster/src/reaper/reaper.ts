import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { reasonOf } from '@grapevine/std'
import { builtFile } from './built-file.ts'
import { ReaperError } from '../errors.ts'

/**
 * Sees to it that no process, folder, mount or network namespace is left, however this process ends: normally, by a crash, by SIGINT, or by
 * SIGKILL, after which nothing in this process could do it. A signal handler would not be enough and would get in the
 * way of the test runner's own; the children cannot do it themselves while they are paused.
 */
export interface Reaper {
  /** From now on this process group is killed when this process ends. */
  watch(pid: number): void
  /** The group is gone; its number may be given to others. */
  forget(pid: number): void
  /** From now on this network namespace is removed when this process ends, if it is there then. */
  watchNamespace(name: string): void
  forgetNamespace(name: string): void
  /** From now on what is mounted there is unmounted when this process ends, if it is there then. */
  watchMount(path: string): void
  forgetMount(path: string): void
  /** Kills what is still watched, removes the folder, and resolves when that is done. */
  close(): Promise<void>
}

export const startReaper = async (folder: string): Promise<Reaper> => {
  // In a session of its own, so that the terminal's Ctrl-C does not reach it.
  const child = spawn(process.execPath, [fileURLToPath(builtFile('reaper/reaper-main.js')), folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
    // To find `ip` and `umount`.
    env: { PATH: process.env['PATH'] ?? '' },
  })
  await once(child, 'spawn')
  child.unref()
  let broken: Error | undefined
  // A broken pipe is told to the next caller: the exit that caused it has no caller of its own.
  child.stdin.on('error', (error) => (broken = error))
  const exited = once(child, 'exit')

  const gone = (): boolean => broken !== undefined || child.exitCode !== null || child.signalCode !== null

  const watch = (what: string): void => {
    if (gone()) throw new ReaperError(`the reaper is gone: ${reasonOf(broken ?? new Error('it has exited'))}`)
    child.stdin.write(`+ ${what}\n`)
  }
  const forget = (what: string): void => {
    if (!gone()) child.stdin.write(`- ${what}\n`)
  }

  return {
    watch: (pid) => watch(`group ${pid}`),
    forget: (pid) => forget(`group ${pid}`),
    watchNamespace: (name) => watch(`namespace ${name}`),
    forgetNamespace: (name) => forget(`namespace ${name}`),
    watchMount: (path) => watch(`mount ${path}`),
    forgetMount: (path) => forget(`mount ${path}`),
    close: async () => {
      child.ref()
      child.stdin.end()
      await exited
      if (child.exitCode !== 0) throw new ReaperError(`the reaper failed; ${folder} may be left`)
    },
  }
}
