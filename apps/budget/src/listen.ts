import { once } from 'node:events'
import { ConfigError } from './config.ts'
import type { Server } from 'node:http'

/** @throws ConfigError that names the variable, when the address cannot be had */
export const listen = async (
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<void> => {
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EADDRINUSE') throw new ConfigError('PORT', `${port} is in use by another process`)
    if (code === 'EACCES') throw new ConfigError('PORT', `this process may not listen on ${port}`)
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new ConfigError('HOST', `${JSON.stringify(host)} is not an address of this machine`)
    }
    throw error
  }
}
