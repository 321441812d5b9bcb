import { serialQueue } from '@grapevine/std'
import type { NodePlace } from './config.ts'
import { NodeStateError } from './errors.ts'
import type { ProcessExit } from './process/exit-note.ts'
import { nodeHttp, type NodeHttp } from './http/node-http.ts'
import { launchNode, type NodeDependencies } from './process/node-launch.ts'
import { stopProcess, type ProcessState, type StopOutcome } from './process/node-process.ts'

/** One node: a place (name, port, folder) and the process that runs there now, or ran there last. */
export interface ClusterNode extends NodePlace, NodeHttp {
  /** `http://<host>:<port>`, without a slash at the end. */
  readonly url: string
  readonly pid: number
  readonly state: ProcessState
  /**
   * What it wrote to stdout and stderr, through all restarts: the newest lines, oldest first. Lines of this package begin
   * with `[local-cluster]`: that it ended by itself, or not well when it was told to stop.
   */
  readonly log: readonly string[]
  /** Resolves when the present process has ended, for whatever reason, and its last words are in the log. */
  readonly exit: Promise<ProcessExit>
  /** SIGTERM; after `stopTimeoutMs` SIGKILL, which the outcome and the log then say. */
  stop(): Promise<StopOutcome>
  /** SIGKILL, to the program and all that it started: a crash. */
  kill(): Promise<ProcessExit>
  /** SIGSTOP: it holds its connections and answers nothing. @throws NodeStateError unless it is running. */
  pause(): Promise<void>
  /** SIGCONT; faults asked for meanwhile are in force on it when this resolves. @throws NodeStateError unless paused. */
  resume(): Promise<void>
  /**
   * Stops it if it runs, runs it again at its place, and resolves when it is ready. Of several at once each comes after
   * the one before. @throws NodeStartError
   */
  restart(): Promise<StopOutcome>
}

/** Starts a node and resolves when it is ready. @throws NodeStartError, and nothing of it runs then. */
export const startNode = async (place: NodePlace, dependencies: NodeDependencies): Promise<ClusterNode> => {
  const { config, panel, logs } = dependencies
  const located = { ...place, url: `http://${place.host}:${place.port}` }
  const log = logs.of(place.name)
  /** A second restart at the same time would find the port still held by the first. */
  const restartInTurn = serialQueue()
  let current = await launchNode(located, dependencies)

  const expect = (asked: string, state: ProcessState['kind']): void => {
    if (current.state.kind !== state) throw new NodeStateError(place.name, asked, current.state.kind)
  }
  const stop = async (): Promise<StopOutcome> => {
    const outcome = await stopProcess(current, config.stopTimeoutMs)
    if (outcome.how === 'forced')
      log.add(`[local-cluster] SIGKILL: still there ${config.stopTimeoutMs} ms after SIGTERM`)
    return outcome
  }

  return {
    ...located,
    ...nodeHttp(located.url, config.requestTimeoutMs),
    get pid() {
      return current.pid
    },
    get state() {
      return current.state
    },
    get log() {
      return log.lines()
    },
    get exit() {
      return current.drained
    },
    stop,
    kill: async () => {
      current.kill()
      return await current.drained
    },
    pause: async () => {
      expect('pause', 'running')
      current.pause()
    },
    resume: async () => {
      expect('resume', 'paused')
      current.resume()
      await panel.settled(place.name)
    },
    restart: async () =>
      await restartInTurn(async () => {
        const outcome = await stop()
        current = await launchNode(located, dependencies)
        return outcome
      }),
  }
}
