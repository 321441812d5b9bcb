import { once } from 'node:events'
import { SettingError } from '../settings/setting-error.ts'
import type { Server } from 'node:http'
import { codeOf } from '@grapevine/std'

/** Which variables name the address. */
export interface ListenNames {
  readonly host: string
  readonly port: string
}

/** @throws SettingError that names the variable, when the address cannot be had */
export const listen = async (
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
  names: ListenNames = { host: 'HOST', port: 'PORT' },
): Promise<void> => {
  server.listen(port, host)
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
