import { once } from 'node:events'
import { SettingError } from '../settings/setting-error.ts'
import type { Server } from 'node:http'

/** @throws SettingError that names the variable, when the address cannot be had */
export const listen = async (
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<void> => {
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EADDRINUSE') throw new SettingError('PORT', `${port} is in use by another process`)
    if (code === 'EACCES') throw new SettingError('PORT', `this process may not listen on ${port}`)
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new SettingError('HOST', `${JSON.stringify(host)} is not an address of this machine`)
    }
    throw error
  }
}
