/** libp2p calls it, and Node.js has it since version 22; must be evaluated before any module of libp2p. */
if (!('withResolvers' in Promise)) {
  Object.defineProperty(Promise, 'withResolvers', {
    configurable: true,
    writable: true,
    value: <T>() => {
      let settle: { resolve(value: T): void; reject(reason: unknown): void } | undefined
      const promise = new Promise<T>((resolve, reject) => {
        settle = { resolve, reject }
      })
      return { promise, ...settle }
    },
  })
}
