import cluster from 'node:cluster'
import { Socket } from 'node:dgram'

/**
 * Runs what binds UDP sockets at once, before it waits for anything, so that they are this process's own. In a worker of
 * node:cluster all that bind the same port share one socket, and each packet, also one of multicast, reaches only one of them;
 * multicast-dns has no option against it.
 */
export const withOwnSockets = <T>(bindThem: () => T, isWorker: boolean = cluster.isWorker): T => {
  if (!isWorker) return bindThem()
  const { bind } = Socket.prototype
  Socket.prototype.bind = exclusively(bind)
  try {
    return bindThem()
  } finally {
    Socket.prototype.bind = bind
  }
}

const exclusively = (bind: Socket['bind']): Socket['bind'] =>
  function (this: Socket, ...args: unknown[]): Socket {
    const [port, address] = args
    const told = args.find((argument): argument is () => void => typeof argument === 'function')
    const options = {
      exclusive: true,
      ...(typeof port === 'number' ? { port } : {}),
      ...(typeof address === 'string' ? { address } : {}),
    }
    return told === undefined ? bind.call(this, options) : Reflect.apply(bind, this, [options, told])
  }
