import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { ControlEvent, ControlLink } from '../ipc/control-link.ts'
import { isReport } from '../ipc/control-protocol.ts'
import { exitNote, type ProcessExit } from './exit-note.ts'
import type { NodeLog } from './node-log.ts'
import { signalGroup, signalProcess } from './process-group.ts'
import type { Reaper } from '../reaper/reaper.ts'

export type ProcessState =
  | { readonly kind: 'running' }
  | { readonly kind: 'paused' }
  | ({ readonly kind: 'exited' } & ProcessExit)

/** How a stop went: `graceful` if SIGTERM was enough, `forced` if it took SIGKILL. */
export type StopOutcome = ProcessExit & { readonly how: 'graceful' | 'forced' }

/** One run of a node's program. It leads a process group, so that what it starts ends with it. */
export interface NodeProcess extends ControlLink {
  readonly pid: number
  readonly state: ProcessState
  /** Resolves when the process has ended. */
  readonly exit: Promise<ProcessExit>
  /**
   * Resolves when it has ended and all it wrote is in the log, and how it ended if nobody asked it to; or 500 ms after its
   * end, if something that it has started holds its output. What that writes is lost then, it finds a broken pipe.
   */
  readonly drained: Promise<ProcessExit>
  /** Told when its program is ready: from now on it is expected to answer. */
  loaded(): void
  pause(): void
  resume(): void
  /** SIGKILL to the whole group. */
  kill(): void
  /** SIGTERM to the program, which may see to its own children. A paused one goes on, to hear it. */
  terminate(): void
}

export interface ProcessSpec {
  /** The program and its arguments. */
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** `ipc`: to the preload. A program that is not Node.js would not know what to do with it. */
  readonly channel: 'ipc' | 'none'
}

/** What it wrote is waited for so long: it would be for ever, if something that it started in another session holds the pipe. */
const lastWordsMs = 500

/** @throws whatever the system says if it cannot start one more process. */
export const spawnNodeProcess = async (
  spec: ProcessSpec,
  { log, reaper, signal }: { log: NodeLog; reaper: Reaper; signal: AbortSignal },
): Promise<NodeProcess> => {
  signal.throwIfAborted()
  const [file = process.execPath, ...args] = spec.command
  const child = spawn(file, args, {
    env: { ...spec.env },
    detached: true,
    stdio: spec.channel === 'ipc' ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'],
  })
  const spawned = once(child, 'spawn')
  if (child.pid === undefined) {
    await spawned
    throw new Error('a process was started that has no pid')
  }
  const node = track(child, child.pid, log, reaper)
  killOnAbort(node, signal)
  watchOrKill(child.pid, reaper)
  await spawned
  return node
}

const track = (child: ChildProcess, pid: number, log: NodeLog, reaper: Reaper): NodeProcess => {
  const listeners = new Set<(event: ControlEvent) => void>()
  const tell = (event: ControlEvent): void => listeners.forEach((listener) => listener(event))
  const exit = deferred<ProcessExit>()
  const drained = deferred<ProcessExit>()
  const sent = new Set<NodeJS.Signals>()
  let state: ProcessState = { kind: 'running' }
  let program: 'loading' | 'loaded' = 'loading'

  const become = (next: ProcessState): void => {
    state = next
    tell({ kind: 'answering' })
  }
  child.on('message', (message) => {
    if (isReport(message)) tell({ kind: 'report', report: message })
  })
  const finish = (ended: ProcessExit): void => {
    const note = exitNote(ended, sent)
    if (note !== undefined) log.add(note)
    drained.resolve(ended)
  }
  record(child, log)
  child.once('exit', (code, signal) => {
    // What the program has started must not outlive it.
    signalGroup(pid, 'SIGKILL')
    reaper.forget(pid)
    become({ kind: 'exited', code, signal })
    exit.resolve({ code, signal })
    void closed(child).then(() => finish({ code, signal }))
  })

  return {
    pid,
    get state() {
      return state
    },
    get answering() {
      return program === 'loaded' && state.kind === 'running' && child.connected
    },
    exit: exit.promise,
    drained: drained.promise,
    send: (command) => {
      // The process may end while the command is on its way; its exit says so to whoever waits for the answer.
      if (child.connected) child.send(command, () => undefined)
    },
    listen: (listener) => void listeners.add(listener),
    loaded: () => {
      program = 'loaded'
    },
    pause: () => {
      if (state.kind === 'running' && signalGroup(pid, 'SIGSTOP')) become({ kind: 'paused' })
    },
    resume: () => {
      if (state.kind === 'paused' && signalGroup(pid, 'SIGCONT')) become({ kind: 'running' })
    },
    kill: () => {
      if (state.kind === 'exited') return
      sent.add('SIGKILL')
      signalGroup(pid, 'SIGKILL')
    },
    terminate: () => {
      if (state.kind === 'exited') return
      sent.add('SIGTERM')
      signalProcess(pid, 'SIGTERM')
      // A paused process would not see it.
      signalGroup(pid, 'SIGCONT')
    },
  }
}

const closed = async (child: ChildProcess): Promise<void> => {
  const late = new AbortController()
  const seen = await Promise.race([
    once(child, 'close'),
    delay(lastWordsMs, 'late' as const, { signal: late.signal }),
  ])
  late.abort()
  // An open pipe would keep this process running for as long as whoever holds its other end.
  if (seen === 'late') await Promise.all([child.stdout, child.stderr].map(shut))
}

const shut = async (output: Readable | null): Promise<void> => {
  if (output === null || output.closed) return
  const closing = once(output, 'close')
  output.destroy()
  await closing
}

/** SIGTERM, and SIGKILL if that has not ended it after `graceMs`. */
export const stopProcess = async (node: NodeProcess, graceMs: number): Promise<StopOutcome> => {
  const grace = new AbortController()
  node.terminate()
  const inTime = await Promise.race([node.exit, delay(graceMs, undefined, { signal: grace.signal })])
  grace.abort()
  if (inTime === undefined) node.kill()
  return { how: inTime === undefined ? 'forced' : 'graceful', ...(await node.drained) }
}

const watchOrKill = (pid: number, reaper: Reaper): void => {
  try {
    reaper.watch(pid)
  } catch (error) {
    signalGroup(pid, 'SIGKILL')
    throw error
  }
}

const record = (child: ChildProcess, log: NodeLog): void => {
  for (const output of [child.stdout, child.stderr]) {
    if (output === null) continue
    const lines = log.stream()
    output.setEncoding('utf8')
    output.on('data', (chunk: string) => lines.write(chunk))
    // Also when it is shut before its end.
    output.on('close', () => lines.end())
  }
}

const killOnAbort = (node: NodeProcess, signal: AbortSignal): void => {
  const kill = (): void => node.kill()
  signal.addEventListener('abort', kill, { once: true })
  void node.exit.then(() => signal.removeEventListener('abort', kill))
}

/** Promise.withResolvers, which Node.js 20 has not. */
const deferred = <T>(): { promise: Promise<T>; resolve: (value: T) => void } => {
  let settle: (value: T) => void = () => undefined
  const promise = new Promise<T>((resolve) => (settle = resolve))
  return { promise, resolve: (value) => settle(value) }
}
