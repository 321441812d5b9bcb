import { sleep } from '@grapevine/std'
import { openAdmin } from './admin/server.ts'
import { openServer } from './http/server.ts'
import { metricsListener } from './metrics/metrics-listener.ts'
import { onFirstFree, sharesItsPort, sharedPort } from './slots/shared-port.ts'
import type { RequestListener } from 'node:http'
import type { Grapevine } from './grapevine.ts'
import type { Draining } from './http/health/readiness.ts'
import type { Instance } from './instance/instance.ts'
import type { Ports } from './instance/ports.ts'
import type { Metrics } from './metrics/metrics.ts'
import type { Slot } from './slots/slots.ts'
import type { Settings } from './settings/settings.ts'

export interface ServingParts {
  readonly instance: Instance
  readonly settings: Settings
  readonly ports: Pick<Ports, 'clock' | 'log'>
  readonly metrics: Metrics
  readonly callback: () => RequestListener
  readonly slot: Pick<Slot, 'unread'>
  readonly draining: DrainSwitch
  /** Ends the streams that would never end by themselves. */
  readonly stopping: AbortController
}

interface Server {
  drain(): Promise<void>
}

export interface DrainSwitch extends Draining {
  readonly begin: () => void
}

export const drainSwitch = (): DrainSwitch => {
  let isDraining = false
  return { isDraining: () => isDraining, begin: () => void (isDraining = true) }
}

/** How an instance begins to serve, and how it ends. */
export const serving = (parts: ServingParts): Pick<Grapevine, 'listen' | 'stop'> => {
  const { ports } = parts
  const servers: Server[] = []
  let stopped: Promise<void> | undefined
  const stop = (): Promise<void> => (stopped ??= end(parts, servers))
  return {
    stop,
    listen: async () => {
      try {
        if (!(await open(parts, servers))) return
      } catch (error) {
        await stop()
        throw error
      }
      ports.log.info(whereabouts(parts), 'listening')
    },
  }
}

/** @returns false if it was told to end before it could listen */
const open = async (parts: ServingParts, servers: Server[]): Promise<boolean> => {
  const { instance, settings, ports, metrics, callback, slot } = parts
  servers.push(await openAdmin({ instance, settings, unreadSlots: slot.unread }, ports.log))
  const { metricsListen, dataSlots } = settings
  if (metricsListen !== undefined) {
    const names = { host: 'METRICS_LISTEN', port: 'METRICS_LISTEN' }
    const how = { names, sharing: { exclusive: true } }
    servers.push(
      await onFirstFree(metricsListen, dataSlots, (address) =>
        openServer(metricsListener(metrics), address, ports.clock, how),
      ),
    )
  }
  // Behind a port of its own it says itself that it is not ready; from a shared one it would be given people at once.
  if (sharesItsPort() && !(await untilReady(parts))) return false
  servers.push(await openServer(callback(), settings, ports.clock, { sharing: sharedPort(settings) }))
  return true
}

const betweenLooks = 50

/** @returns false if it was told to end meanwhile */
const untilReady = async ({ instance, ports, draining }: ServingParts): Promise<boolean> => {
  while (!instance.isReady() && !draining.isDraining()) await sleep(ports.clock, betweenLooks)
  return !draining.isDraining()
}

const whereabouts = ({ instance, settings: { host, port, clusterName } }: ServingParts): object => ({
  url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
  id: instance.membership.self.id,
  cluster: clusterName,
  pid: process.pid,
})

/**
 * First it says that it is not ready, and serves on until balancers have seen that; then it lets go of its connections,
 * and says goodbye to the other members.
 */
const end = async (
  { instance, settings, ports, draining, stopping }: ServingParts,
  servers: readonly Server[],
): Promise<void> => {
  draining.begin()
  if (servers.length > 0 && settings.drainDelay > 0) await sleep(ports.clock, settings.drainDelay)
  const drained = Promise.all(servers.map((server) => server.drain()))
  stopping.abort()
  await drained
  await instance.stop()
}
