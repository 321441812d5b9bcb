import { once, setMaxListeners } from 'node:events'
import { createServer } from 'node:http'
import { dashboard, type Source } from '@grapevine/dashboard'
import Koa from 'koa'

export interface Served extends AsyncDisposable {
  /** Of the live view of a source. */
  urlOf(name: string): string
}

/** A live view of each source, at a path of its own, with nothing behind it. */
export const serveSources = async (sources: Readonly<Record<string, Source>>): Promise<Served> => {
  const app = new Koa()
  app.silent = true
  const stopping = new AbortController()
  setMaxListeners(0, stopping.signal)
  for (const [name, source] of Object.entries(sources)) {
    app.use(
      dashboard({ source, mode: 'development', path: `/${name}`, interval: 250, signal: stopping.signal }),
    )
  }
  const answer = app.callback()
  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    urlOf: (name) => `http://127.0.0.1:${address.port}/${name}`,
    [Symbol.asyncDispose]: async () => {
      stopping.abort()
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
