import { once } from 'node:events'
import { codeOf } from '@grapevine/std'
import { SettingError } from '../settings/setting-error.ts'
import type { ListenOptions, Server } from 'node:net'

/** Which variables name the address. */
export interface ListenNames {
  readonly host: string
  readonly port: string
}

export interface Address {
  readonly host: string
  readonly port: number
}

/** Whether a port is for one process, or for several that share the work; Node.js has `reusePort` from 22.12 on. */
export type Sharing = Pick<ListenOptions, 'exclusive'> & { readonly reusePort?: boolean }

/** @throws SettingError that names the variable, when the address cannot be had */
export const listen = async (
  server: Server,
  { host, port }: Address,
  names: ListenNames = { host: 'HOST', port: 'PORT' },
  sharing: Sharing = {},
): Promise<void> => {
  server.listen({ host, port, ...sharing })
  try {
    await once(server, 'listening')
  } catch (error) {
    const code = codeOf(error)
    if (code === 'EADDRINUSE') throw new SettingError(names.port, `${port} is in use by another process`)
    if (code === 'EACCES') throw new SettingError(names.port, `this process may not listen on ${port}`)
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new SettingError(names.host, `${JSON.stringify(host)} is not an address of this machine`)
    }
    throw error
  }
}
