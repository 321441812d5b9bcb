import type { RequestHandler } from '../bus.ts'

/** Who answers which protocol: one at a time. */
export interface Handlers {
  get(protocol: string): RequestHandler | undefined
  /** @returns how to remove it; doing so twice does not take away who came after */
  add(protocol: string, handler: RequestHandler): () => void
}

export const createHandlers = (): Handlers => {
  const handlers = new Map<string, RequestHandler>()
  return {
    get: (protocol) => handlers.get(protocol),
    add: (protocol, handler) => {
      if (handlers.has(protocol)) throw new Error(`${protocol} is handled already`)
      handlers.set(protocol, handler)
      let isHandling = true
      return () => {
        if (isHandling) handlers.delete(protocol)
        isHandling = false
      }
    },
  }
}
