/**
 * libp2p calls `Promise.withResolvers`, which Node.js has since version 22. On Node.js 20 this module
 * supplies it (ECMA-262, 27.2.4.9); it must be evaluated before any module of libp2p.
 */
interface Resolvers<T> {
  readonly promise: Promise<T>
  readonly resolve: (value: T | PromiseLike<T>) => void
  readonly reject: (reason?: unknown) => void
}

const withResolvers = function <T>(this: PromiseConstructor): Resolvers<T> {
  let settle: Omit<Resolvers<T>, 'promise'> | undefined
  const promise = new this<T>((resolve, reject) => {
    settle = { resolve, reject }
  })
  if (settle === undefined) throw new TypeError('the promise constructor did not call its executor')
  return { promise, ...settle }
}

if (!('withResolvers' in Promise)) {
  Object.defineProperty(Promise, 'withResolvers', {
    configurable: true,
    writable: true,
    value: withResolvers,
  })
}
