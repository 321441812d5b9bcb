import cluster from 'node:cluster'
import { SettingError } from '../settings/setting-error.ts'
import type { Address, Sharing } from '../http/listen.ts'
import type { Settings } from '../settings/settings.ts'

/** In a worker of node:cluster, as PM2 starts them, the port for people is one for all, and whoever listens gets some of them. */
export const sharesItsPort = (): boolean => cluster.isWorker

/**
 * How the port for people is had. Processes that share a folder and are no workers share it by the kernel's own means, which
 * Node.js knows from 22.12 on; before, the second of them is told that it is in use.
 */
export const sharedPort = ({ dataSlots }: Pick<Settings, 'dataSlots'>): Sharing =>
  dataSlots > 1 && !cluster.isWorker && process.platform === 'linux' ? { reusePort: true } : {}

/** The first address, from the one given on, that no other process of this host has: each has metrics of its own. */
export const onFirstFree = async <T>(
  { host, port }: Address,
  dataSlots: number,
  open: (address: Address) => Promise<T>,
): Promise<T> => {
  for (let shift = 0; ; shift += 1) {
    try {
      return await open({ host, port: port + shift })
    } catch (error) {
      const isTaken = error instanceof SettingError && error.message.includes('in use')
      if (!isTaken || shift + 1 >= dataSlots) throw error
    }
  }
}
