import { lookup, type LookupAddress } from 'node:dns'
import { Server, Socket, type LookupFunction } from 'node:net'
import { placeOf, type HostPlace } from './local-address.ts'

/** Decides to which ports of this machine this process may connect, and by which detour. */
export interface SocketFilter {
  /** Replaces what was forbidden and detoured. Open connections that are not as they should be are ended at once. */
  route(ports: readonly number[], detours: Readonly<Record<string, number>>): void
}

/** What a `connect` asks for. */
interface Target {
  readonly host: string
  readonly port: number
  /** How the name is looked up. Given by the caller, it may know names that nobody else does. */
  readonly lookup: LookupFunction
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
export const installSocketFilter = (onListening: (port: number) => void): SocketFilter => {
  let forbidden: ReadonlySet<number> = new Set()
  let detours: ReadonlyMap<number, number> = new Map()
  const open = new Map<Socket, Opened>()

  const connect = Socket.prototype.connect
  const enter = (socket: Socket, args: readonly unknown[], port: number): Socket => {
    if (forbidden.has(port)) return refuse(socket, port)
    const through = detours.get(port) ?? port
    note(socket, { port, through })
    return Reflect.apply(connect, socket, through === port ? args : redirected(args, through))
  }
  const note = (socket: Socket, opened: Opened): void => {
    if (!open.has(socket)) socket.once('close', () => open.delete(socket))
    open.set(socket, opened)
  }
  /** A name may turn out to lead here. Looked up by the socket itself it can still be refused, but not led elsewhere. */
  const enterByName = (socket: Socket, args: readonly unknown[], target: Target): Socket => {
    const { port } = target
    if (detours.has(port))
      return lookUpFirst(socket, target, (place) =>
        place === 'here' ? enter(socket, args, port) : Reflect.apply(connect, socket, args),
      )
    socket.on('lookup', (_error, address: string | undefined) => {
      if (address === undefined || placeOf(address) !== 'here') return
      if (forbidden.has(port)) socket.destroy(failure('ECONNREFUSED', port))
      else note(socket, { port, through: port })
    })
    return Reflect.apply(connect, socket, args)
  }
  const filtered = function (this: Socket, ...args: unknown[]): Socket {
    const target = targetOf(args)
    const place = target === undefined ? 'elsewhere' : placeOf(target.host)
    if (target === undefined || place === 'elsewhere') return Reflect.apply(connect, this, args)
    if (place === 'named') return enterByName(this, args, target)
    return enter(this, args, target.port)
  }
  Object.assign(Socket.prototype, { connect: filtered })
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

const reportListening = (onListening: (port: number) => void): void => {
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
const refuse = (socket: Socket, port: number): Socket => {
  process.nextTick(() => socket.destroy(failure('ECONNREFUSED', port)))
  return socket
}

const failure = (code: 'ECONNREFUSED' | 'ECONNRESET', port: number): Error =>
  Object.assign(new Error(`${code} 127.0.0.1:${port}: partitioned by local-cluster`), {
    code,
    syscall: code === 'ECONNREFUSED' ? 'connect' : 'read',
    port,
  })

/** Connects once it is known where the name leads. A name that leads nowhere is left to the socket to complain of. */
const lookUpFirst = (socket: Socket, target: Target, then: (place: HostPlace) => void): Socket => {
  Object.assign(socket, { connecting: true })
  target.lookup(target.host, {}, (_error, found: string | LookupAddress[] | undefined) => {
    // One address was asked for; Node.js mostly asks for all, and a caller's function may know no other answer.
    const address = Array.isArray(found) ? found[0]?.address : found
    if (!socket.destroyed) then(address === undefined ? 'elsewhere' : placeOf(address))
  })
  return socket
}

/** The host and the port, if the arguments of a `connect` have them. Node.js itself passes them on as one array. */
const targetOf = (args: readonly unknown[]): Target | undefined => {
  const [first, second] = unwrapped(args)
  // A path: a socket of this machine's files, which no network carries.
  if (typeof first === 'object' && !isOptions(first)) return undefined
  const asked = isOptions(first) ? first : { port: first, host: second }
  const port = Number(asked.port)
  if (!Number.isInteger(port) || port <= 0) return undefined
  return {
    host: typeof asked.host === 'string' ? asked.host : 'localhost',
    port,
    lookup: asked.lookup ?? lookup,
  }
}

const redirected = (args: readonly unknown[], port: number): unknown[] => {
  const [first, ...rest] = unwrapped(args)
  const next = isOptions(first) ? [{ ...first, host: '127.0.0.1', port }, ...rest] : [port, '127.0.0.1']
  return isOptions(first) ? next : [...next, ...rest.filter((value) => typeof value === 'function')]
}

const unwrapped = (args: readonly unknown[]): readonly unknown[] => (Array.isArray(args[0]) ? args[0] : args)

const isOptions = (value: unknown): value is { port?: unknown; host?: unknown; lookup?: LookupFunction } =>
  typeof value === 'object' && value !== null && !('path' in value && typeof value.path === 'string')
