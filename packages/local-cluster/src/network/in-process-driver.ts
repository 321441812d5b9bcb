import { reasonOf, serialQueue } from '@grapevine/std'
import type { ControlPanel } from '../ipc/control-panel.ts'
import { UnsupportedFaultError } from '../errors.ts'
import type { FaultDriver } from '../faults/fault-driver.ts'
import { openLinkProxy, type LinkProxy } from './link-proxy.ts'
import type { LinkRule } from '../faults/links.ts'
import type { Shape } from './shaper.ts'

export interface InProcessDependencies {
  /** From 0 to below 1. */
  readonly random: () => number
  /** Adds a line to the log of a node. */
  readonly note: (node: string, line: string) => void
}

/**
 * Does faults from within: the preload in each process refuses and ends connections, or leads them through a proxy in
 * this process. It works anywhere and needs no rights. What it cannot do is lose packets in silence: both ends of a cut
 * link see a closed connection.
 */
export const inProcessDriver = (
  panel: ControlPanel,
  { random, note }: InProcessDependencies,
): FaultDriver => {
  /** All peer ids and ports that a node ever told of: when it comes back it may have them again. */
  const members = new Map<string, Set<string>>()
  const ports = new Map<string, Set<number>>()
  /** Each with the port that it has for good. */
  const nodes = new Map<string, number>()
  /** By `from`, and the port of `to`. */
  const proxies = new Map<string, Promise<LinkProxy>>()
  const running = new Set<string>()
  /** Those whose port is held by something that the preload is not in. */
  const outside = new Set<string>()
  let rules: readonly LinkRule[] = []

  const known = <T>(table: ReadonlyMap<string, ReadonlySet<T>>, names: readonly string[]): T[] => [
    ...new Set(names.flatMap((name) => [...(table.get(name) ?? [])])),
  ]

  const detoursOf = async (from: string): Promise<Record<string, number>> => {
    // A detour to a process that has ended would hide that its port refuses connections.
    const targets = [...running].filter((to) => shaping(rules, from, to).length > 0)
    const entries = known(ports, targets).map(async (port): Promise<[string, number]> => {
      const proxy = await proxyTo(from, port)
      return [String(port), proxy.port]
    })
    return Object.fromEntries(await Promise.all(entries))
  }
  const proxyTo = async (from: string, port: number): Promise<LinkProxy> => {
    const key = `${from} ${port}`
    const proxy = proxies.get(key) ?? openLinkProxy(port, { random, log: (line) => note(from, line) })
    proxies.set(key, proxy)
    try {
      return await proxy
    } catch (error) {
      // The next one who needs it is to try again.
      proxies.delete(key)
      throw error
    }
  }
  const shapeAll = async (): Promise<void> => {
    for (const [key, opening] of proxies) {
      const [from = '', port] = key.split(' ')
      const to = [...nodes.keys()].find((node) => ports.get(node)?.has(Number(port))) ?? ''
      const proxy = await opening
      proxy.reshape({
        there: shapeOf(shaping(rules, from, to)),
        back: shapeOf(shaping(rules, to, from)),
      })
    }
  }

  const tell = async (): Promise<void> => {
    for (const node of nodes.keys()) {
      const cut = peersCutOff(rules, node)
      panel.order(node, {
        peers: known(members, cut),
        ports: known(ports, cut),
        detours: await detoursOf(node),
      })
    }
    await shapeAll()
  }
  const inTurn = serialQueue()
  const tellInTurn = async (): Promise<void> => await inTurn(tell)

  const closeProxiesTo = async (node: string): Promise<void> => {
    const theirs = [...proxies].filter(([key]) => ports.get(node)?.has(Number(key.split(' ')[1])))
    for (const [key] of theirs) proxies.delete(key)
    await Promise.all(theirs.map(async ([, proxy]) => await (await proxy).close()))
  }
  const check = (wanted: readonly LinkRule[]): void => {
    const beyond = [...outside].find((node) => wanted.some(({ from, to }) => from === node || to === node))
    if (beyond === undefined) return
    const fault = `touch the links of ${beyond}, whose port is held by something other than the Node.js process of an entry`
    throw new UnsupportedFaultError(fault, 'in-process', "faults: 'namespaces'")
  }

  panel.listen((node, report) => {
    if (report.type === 'local-cluster:obeyed') return
    if (report.type === 'local-cluster:member') add(members, node, report.id)
    else add(ports, node, report.port)
    if (rules.length > 0)
      tellInTurn().catch((error: unknown) =>
        note(node, `its new port or member is not cut off: ${reasonOf(error)}`),
      )
  })

  return {
    name: 'in-process',
    settle: async ({ name, port }) => {
      nodes.set(name, port)
      await tellInTurn()
      return '127.0.0.1'
    },
    launch: async (node) => {
      // The system may give the ports that its last process had to another node's.
      ports.set(node, new Set([nodes.get(node) ?? 0]))
      running.add(node)
      await tellInTurn()
      return []
    },
    started: (node, port) => {
      if (port === 'seen') outside.delete(node)
      else outside.add(node)
      check(rules)
    },
    ended: async (node) => {
      running.delete(node)
      await closeProxiesTo(node)
      // The ports of those proxies are free for anybody now: nobody is to be led there.
      await tellInTurn()
    },
    withdraw: async (node) => {
      for (const table of [nodes, ports, members]) table.delete(node)
      for (const set of [running, outside]) set.delete(node)
      await tellInTurn()
    },
    check,
    apply: async (next) => {
      rules = next
      await tellInTurn()
      await panel.settled()
    },
    close: async () => {
      await Promise.all([...proxies.values()].map(async (proxy) => await (await proxy).close()))
    },
  }
}

/** The nodes that `node` must not talk to. Which way a rule cuts makes no difference to a closed connection. */
const peersCutOff = (rules: readonly LinkRule[], node: string): string[] => {
  const cut = rules.filter(({ effect }) => effect.kind === 'cut')
  return [
    ...new Set(cut.flatMap(({ from, to }) => (from === node ? [to] : to === node ? [from] : []))),
  ].sort()
}

/** What is to be done to the bytes from one node to another, besides cutting. */
const shaping = (rules: readonly LinkRule[], from: string, to: string): LinkRule[] =>
  rules.filter((rule) => rule.from === from && rule.to === to && rule.effect.kind !== 'cut')

/** Of several faults the worst counts. */
const shapeOf = (rules: readonly LinkRule[]): Shape => {
  const slow = rules.flatMap(({ effect }) => (effect.kind === 'slow' ? [effect] : []))
  const worst = (kind: 'corrupt' | 'reorder'): number | undefined => {
    const shares = rules.flatMap(({ effect }) => (effect.kind === kind ? [effect.share] : []))
    return shares.length > 0 ? Math.max(...shares) : undefined
  }
  const rates = slow.flatMap(({ bitsPerSecond }) => bitsPerSecond ?? [])
  const delays = slow.flatMap(({ delayMs }) => delayMs ?? [])
  return {
    bitsPerSecond: rates.length > 0 ? Math.min(...rates) : undefined,
    delayMs: delays.length > 0 ? Math.max(...delays) : undefined,
    corruptShare: worst('corrupt'),
    reorderShare: worst('reorder'),
  }
}

const add = <T>(table: Map<string, Set<T>>, node: string, value: T): void => {
  table.set(node, (table.get(node) ?? new Set<T>()).add(value))
}
