import { Server, Socket } from 'node:net'
import { networkInterfaces } from 'node:os'

/** Decides to which ports of this machine this process may connect, and by which detour. */
export interface SocketGate {
  /** Replaces what was forbidden and detoured. Open connections that are not as they should be are ended at once. */
  route(ports: readonly number[], detours: Readonly<Record<string, number>>): void
}

interface Opened {
  readonly port: number
  /** The port that was really connected to. */
  readonly through: number
}

/**
 * Stands between this process and every TCP connection that it opens, whatever library opens it: all go through
 * `Socket.prototype.connect`. Only what is opened is judged; for a link to be cut, both ends are told.
 *
 * @param onListening hears each port that this process listens on
 */
export function installSocketGate(onListening: (port: number) => void): SocketGate {
  let forbidden: ReadonlySet<number> = new Set()
  let detours: ReadonlyMap<number, number> = new Map()
  const open = new Map<Socket, Opened>()

  const connect = Socket.prototype.connect
  const gated = function (this: Socket, ...args: unknown[]): Socket {
    const port = localPort(args)
    if (port === undefined) return Reflect.apply(connect, this, args)
    if (forbidden.has(port)) return refuse(this, port)
    const through = detours.get(port) ?? port
    open.set(this, { port, through })
    this.once('close', () => open.delete(this))
    return Reflect.apply(connect, this, through === port ? args : redirected(args, through))
  }
  Object.assign(Socket.prototype, { connect: gated })
  reportListening(onListening)

  return {
    route: (ports, table) => {
      forbidden = new Set(ports)
      detours = new Map(Object.entries(table).map(([port, through]) => [Number(port), through]))
      for (const [socket, { port, through }] of open) {
        // One that went by a detour may stay on it: without a rule the proxy passes everything on as it comes.
        const wrongWay = detours.has(port) && detours.get(port) !== through
        if (forbidden.has(port) || wrongWay) socket.destroy(failure('ECONNRESET', port))
      }
    },
  }
}

function reportListening(onListening: (port: number) => void): void {
  const listen = Server.prototype.listen
  const reported = function (this: Server, ...args: unknown[]): Server {
    this.once('listening', () => {
      const address = this.address()
      if (address !== null && typeof address === 'object') onListening(address.port)
    })
    return Reflect.apply(listen, this, args)
  }
  Object.assign(Server.prototype, { listen: reported })
}

/** As if nobody listened there. */
function refuse(socket: Socket, port: number): Socket {
  process.nextTick(() => socket.destroy(failure('ECONNREFUSED', port)))
  return socket
}

function failure(code: 'ECONNREFUSED' | 'ECONNRESET', port: number): Error {
  return Object.assign(new Error(`${code} 127.0.0.1:${port}: partitioned by local-cluster`), {
    code,
    syscall: code === 'ECONNREFUSED' ? 'connect' : 'read',
    port,
  })
}

/** The port, if the arguments of a `connect` lead to this machine. Node.js itself passes them on as one array. */
function localPort(args: readonly unknown[]): number | undefined {
  const [first, second] = unwrapped(args)
  const { port, host = 'localhost' } = isTarget(first) ? first : { port: first, host: second }
  const number = Number(port)
  const target = typeof host === 'string' ? host : 'localhost'
  return Number.isInteger(number) && number > 0 && isThisMachine(target) ? number : undefined
}

function redirected(args: readonly unknown[], port: number): unknown[] {
  const [first, ...rest] = unwrapped(args)
  const next = isTarget(first) ? [{ ...first, host: '127.0.0.1', port }, ...rest] : [port, '127.0.0.1']
  return isTarget(first) ? next : [...next, ...rest.filter((value) => typeof value === 'function')]
}

function unwrapped(args: readonly unknown[]): readonly unknown[] {
  return Array.isArray(args[0]) ? args[0] : args
}

function isTarget(value: unknown): value is { port?: unknown; host?: unknown } {
  return typeof value === 'object' && value !== null && !('path' in value && typeof value.path === 'string')
}

function isThisMachine(host: string): boolean {
  if (['localhost', '127.0.0.1', '::1', '0.0.0.0', '::'].includes(host)) return true
  return Object.values(networkInterfaces()).some((own) => own?.some(({ address }) => address === host))
}
