import { setTimeout as delay } from 'node:timers/promises'
import type { ControlPanel } from './control-panel.ts'
import { ORDERS_VARIABLE } from './control-protocol.ts'
import type { ClusterConfig, NodePlace } from './config.ts'
import { NodeStartError } from './errors.ts'
import type { FaultDriver } from './fault-driver.ts'
import { nodeEnv } from './node-env.ts'
import { urlOf } from './node-http.ts'
import type { NodeLog } from './node-log.ts'
import { spawnNodeProcess, type NodeProcess, type ProcessExit } from './node-process.ts'
import { untilReady, type Readiness } from './readiness.ts'
import type { Reaper } from './reaper.ts'

/** What nodes share. */
export interface NodeDependencies {
  readonly config: ClusterConfig
  readonly driver: FaultDriver
  readonly panel: ControlPanel
  /** The compiled preload. */
  readonly preload: URL
  /** Where all nodes are. */
  readonly places: () => readonly NodePlace[]
  readonly reaper: Reaper
  /** Aborted when the cluster ends: every process is killed. */
  readonly ending: AbortSignal
}

const TAIL_LINES = 20

/** Runs the program at its place; resolves when it is ready. @throws NodeStartError, and nothing of it runs then. */
export async function launchNode(
  place: NodePlace & { readonly url: string },
  log: NodeLog,
  dependencies: NodeDependencies,
): Promise<NodeProcess> {
  const { config, panel } = dependencies
  const probe = urlOf(place.url, config.ready(place))
  const launched = await spawnAt(place, log, dependencies)
  panel.attach(place.name, launched)

  const gone = new AbortController()
  void launched.exit.then(() => gone.abort())
  const seen = await untilReady(probe, { timeoutMs: config.startTimeoutMs, signal: gone.signal })
  if (seen.kind !== 'ready') throw await failure(place.name, seen, launched, log, config.startTimeoutMs)
  await panel.settled()
  return launched
}

async function spawnAt(place: NodePlace, log: NodeLog, dependencies: NodeDependencies): Promise<NodeProcess> {
  const { config, driver, panel, preload, places, reaper, ending } = dependencies
  const prefix = driver.launch(place.name)
  const command = [...prefix, process.execPath, '--import', preload.href, config.entry, ...config.args]
  const env = {
    ...nodeEnv(place, config.env(place, places()), process.env),
    [ORDERS_VARIABLE]: JSON.stringify(panel.orders(place.name)),
  }
  return await spawnNodeProcess({ command, env }, { log, reaper, signal: ending })
}

async function failure(
  name: string,
  seen: Readiness,
  launched: NodeProcess,
  log: NodeLog,
  timeoutMs: number,
): Promise<NodeStartError> {
  launched.kill()
  const exit = await launched.exit
  // Its last words are on their way; for ever, if something that it started in another session holds the pipe.
  await Promise.race([launched.drained, delay(500)])
  const reason = seen.kind === 'late' ? `not ready within ${timeoutMs} ms (${seen.last})` : ended(exit)
  return new NodeStartError(name, reason, log.lines().slice(-TAIL_LINES))
}

function ended({ code, signal }: ProcessExit): string {
  return signal === null ? `it exited with code ${code}` : `it was ended by ${signal}`
}
