import { openServer, type WebServer } from './http/server.ts'
import type { RequestListener } from 'node:http'
import type { AdminServer } from './admin/server.ts'
import type { Grapevine } from './grapevine.ts'
import type { Instance } from './instance/instance.ts'
import type { Ports } from './instance/ports.ts'
import type { Settings } from './settings/settings.ts'

export interface ServingParts {
  readonly instance: Pick<Instance, 'membership' | 'stop'>
  readonly settings: Settings
  readonly ports: Pick<Ports, 'clock' | 'log'>
  readonly admin: AdminServer
  readonly callback: () => RequestListener
  /** Ends the streams that would never end by themselves. */
  readonly stopping: AbortController
}

/** How an instance begins to serve, and how it ends. */
export const serving = (parts: ServingParts): Pick<Grapevine, 'listen' | 'stop'> => {
  const { settings, ports, callback } = parts
  let server: WebServer | undefined
  let stopped: Promise<void> | undefined
  const stop = (): Promise<void> => (stopped ??= end(parts, server))
  return {
    stop,
    listen: async () => {
      try {
        server = await openServer(callback(), settings, ports.clock)
      } catch (error) {
        await stop()
        throw error
      }
      ports.log.info(whereabouts(parts), 'listening')
    },
  }
}

const whereabouts = ({ instance, settings: { host, port, clusterName } }: ServingParts): object => ({
  url: `http://${host}:${port}`,
  id: instance.membership.self.id,
  cluster: clusterName,
  pid: process.pid,
})

const end = async (
  { instance, admin, stopping }: ServingParts,
  server: WebServer | undefined,
): Promise<void> => {
  const drained = server?.drain()
  stopping.abort()
  await admin.close()
  await drained
  await instance.stop()
}
