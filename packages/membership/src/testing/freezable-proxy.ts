import { connect, createServer, type Socket } from 'node:net'

/** A way to a port on loopback whose present connections can be made silent without closing them, as a cut does. */
export interface FreezableProxy extends AsyncDisposable {
  /** Where to dial instead, as a multiaddr. */
  readonly address: string
  /** Nothing goes through the present connections any more; later ones work. */
  freeze(): void
}

export const startFreezableProxy = async (port: number): Promise<FreezableProxy> => {
  const pairs = new Set<readonly [Socket, Socket]>()
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    const pair = [near, far] as const
    pairs.add(pair)
    for (const socket of pair) {
      socket.on('error', () => socket.destroy())
      socket.on('close', () => pair.forEach((end) => end.destroy()))
    }
    near.pipe(far)
    far.pipe(near)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  return {
    address: `/ip4/127.0.0.1/tcp/${address.port}`,
    freeze: () => {
      for (const [near, far] of pairs) {
        near.unpipe(far).pause()
        far.unpipe(near).pause()
      }
    },
    [Symbol.asyncDispose]: async () => {
      for (const pair of pairs) pair.forEach((end) => end.destroy())
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
