import { reasonOf } from '@grapevine/std'
import type { ControlPanel } from '../ipc/control-panel.ts'
import { ordersVariable } from '../ipc/control-protocol.ts'
import type { ClusterConfig, NodePlace } from '../config.ts'
import { NodeStartError, ReaperError } from '../errors.ts'
import type { ProcessExit } from './exit-note.ts'
import type { FaultDriver } from '../faults/fault-driver.ts'
import { nodeEnv } from './node-env.ts'
import { becomesFree } from './free-ports.ts'
import { urlOf } from '../http/node-http.ts'
import type { NodeLog } from './node-log.ts'
import type { NodeLogs } from './node-logs.ts'
import { spawnNodeProcess, type NodeProcess } from './node-process.ts'
import { holderOf } from './port-holder.ts'
import { commandOf } from './program.ts'
import { untilReady } from './readiness.ts'
import type { Reaper } from '../reaper/reaper.ts'

/** What nodes share. */
export interface NodeDependencies {
  readonly config: ClusterConfig
  readonly driver: FaultDriver
  readonly panel: ControlPanel
  readonly logs: NodeLogs
  /** The compiled preload. */
  readonly preload: URL
  /** Where all nodes are. */
  readonly places: () => readonly NodePlace[]
  readonly reaper: Reaper
  /** Aborted when the cluster ends: every process is killed. */
  readonly ending: AbortSignal
}

const tailLines = 20

/**
 * Runs the program at its place; resolves when it is ready, and obeys. If it throws, nothing of it runs.
 *
 * @throws NodeStartError if it does not become ready.
 * @throws FaultTimeoutError if it is ready, and does not confirm the faults in force.
 * @throws UnsupportedFaultError if a fault in force cannot be done to it, or SystemCommandError if it could not be.
 * @throws ReaperError if nobody would end it after this process.
 */
export const launchNode = async (
  place: NodePlace & { readonly url: string },
  dependencies: NodeDependencies,
): Promise<NodeProcess> => {
  const { config, driver, panel, logs } = dependencies
  const { name, port } = place
  const probe = urlOf(place.url, config.ready(place))
  await checkPort(place, dependencies)
  const launched = await spawnAt(place, dependencies)
  const told = portsToldBy(launched)
  panel.attach(name, launched)
  try {
    const seen = await readiness(probe, launched, config.startTimeoutMs)
    if (seen !== undefined) throw await failure(name, seen, launched, logs.of(name))
    launched.loaded()
    panel.ask(name)
    await panel.settled(name)
    if (driver.name === 'in-process' && !told.has(port)) await checkHolder(place, launched, logs.of(name))
    if (launched.state.kind === 'exited')
      throw await failure(name, ended(launched.state), launched, logs.of(name))
    driver.started(name, told.has(port) ? 'seen' : 'unseen')
  } catch (error) {
    launched.kill()
    await launched.drained
    throw error
  }
  return launched
}

const spawnAt = async (place: NodePlace, dependencies: NodeDependencies): Promise<NodeProcess> => {
  const { config, driver, panel, logs, preload, places, reaper, ending } = dependencies
  const { program } = config
  const { name } = place
  const command = [...(await driver.launch(name)), ...commandOf(program, preload, config.execPath(place))]
  const own = nodeEnv(place, config.env(place, places()), process.env)
  const preloaded = program.kind === 'entry'
  const env = preloaded ? { ...own, [ordersVariable]: JSON.stringify(panel.orders(name)) } : own
  const left = async (): Promise<void> =>
    await driver.ended(name).catch((error: unknown) => logs.note(name, `what it left: ${reasonOf(error)}`))
  try {
    const spec = { command, env, channel: preloaded ? 'ipc' : 'none' } as const
    const launched = await spawnNodeProcess(spec, { log: logs.of(name), reaper, signal: ending })
    void launched.exit.then(left)
    return launched
  } catch (error) {
    await left()
    if (ending.aborted || error instanceof ReaperError) throw error
    throw new NodeStartError(name, reasonOf(error), [], { cause: error })
  }
}

/** The ports that the preload tells of, which the set has as they come. */
const portsToldBy = (launched: NodeProcess): ReadonlySet<number> => {
  const told = new Set<number>()
  launched.listen((event) => {
    if (event.kind === 'report' && event.report.type === 'local-cluster:listening')
      told.add(event.report.port)
  })
  return told
}

/** In a namespace of its own a node shares its ports with nobody; on this machine somebody else may have taken one. */
const checkPort = async ({ name, port }: NodePlace, { driver }: NodeDependencies): Promise<void> => {
  if (driver.name === 'in-process' && !(await becomesFree(port)))
    throw new NodeStartError(name, heldByAnother(port), [])
}

/** The server that answered must be the node: another may have taken the port at the last moment. */
const checkHolder = async ({ name, port }: NodePlace, launched: NodeProcess, log: NodeLog): Promise<void> => {
  if ((await holderOf(port, launched.pid)) === 'another')
    throw await failure(name, heldByAnother(port), launched, log)
}

const heldByAnother = (port: number): string => `port ${port} is held by another program`

/** Why it is not ready, or nothing if it is. */
const readiness = async (
  probe: string,
  launched: NodeProcess,
  timeoutMs: number,
): Promise<string | undefined> => {
  const gone = new AbortController()
  void launched.exit.then(() => gone.abort())
  const seen = await untilReady(probe, { timeoutMs, signal: gone.signal })
  if (seen.kind === 'late') return `not ready within ${timeoutMs} ms (${seen.last})`
  return seen.kind === 'aborted' ? ended(await launched.exit) : undefined
}

const failure = async (
  name: string,
  reason: string,
  launched: NodeProcess,
  log: NodeLog,
): Promise<NodeStartError> => {
  launched.kill()
  await launched.drained
  return new NodeStartError(name, reason, log.lines().slice(-tailLines))
}

const ended = ({ code, signal }: ProcessExit): string =>
  signal === null ? `it exited with code ${code}` : `it was ended by ${signal}`
