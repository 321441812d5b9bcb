import { wholeNumber } from '@grapevine/std'
import { allSteps } from './all-steps.ts'
import type { ClusterNode } from '../cluster-node.ts'
import type { ControlPanel } from '../ipc/control-panel.ts'
import type { Disks } from './disks.ts'
import { ClusterStoppedError, UnsupportedFaultError } from '../errors.ts'
import { createLinkFaults } from './link-faults.ts'
import { checkGroups, checkNamed, checkPair } from './links.ts'
import type { LinkEffect, LinkFault, Links } from './links.ts'
import type { FaultDriver } from './fault-driver.ts'
import { checkFlap, checkShare, checkSlow } from './fault-options.ts'
import type { FlapTimes, LinksRef, OnLinks, Rates, Share } from './fault-options.ts'
import type { Program } from '../process/program.ts'
import type { NodeRef, ClusterNodes } from '../cluster-nodes.ts'
import { createWriteLimits } from './write-limits.ts'

/**
 * What can be done to a cluster. Each resolves when it is in force on every running node; nodes that restart or come
 * later are subject to it from their first instant, those that are just loading by when they are ready. They add up; `partition`, `bridge` and `ring` take the place of
 * the faults on links before them. All are undone by `heal()`.
 *
 * Each throws UnknownNodeError, InvalidOptionError, FaultTimeoutError if a node does not confirm, and UnsupportedFaultError if
 * the driver cannot do it, which then says what could. In a cluster that was stopped they throw ClusterStoppedError.
 */
export interface Faults {
  /** Nodes of different groups cannot talk. Nodes that no group names, also later ones, form one further group. */
  partition(groups: readonly (readonly NodeRef[])[]): Promise<void>
  /** Two nodes can talk only if some group has both: `[[1, 2, 3], [3, 4, 5]]` are two halves that share one node. */
  bridge(groups: readonly (readonly NodeRef[])[]): Promise<void>
  /** Each node can talk only to the one before and the one after it, by index. */
  ring(): Promise<void>
  /** One node cannot talk to any other. */
  isolate(node: NodeRef): Promise<void>
  /** Two nodes cannot talk to each other. */
  cut(a: NodeRef, b: NodeRef): Promise<void>
  /** What one node sends does not reach the other; what comes back does. Needs namespaces. */
  cutOneWay(from: NodeRef, to: NodeRef): Promise<void>
  /** Links are cut for `downMs`, whole for `upMs`, and so on. 10 ms to 10 minutes each. */
  flap(options: FlapTimes & OnLinks): Promise<void>
  /** Limits what a link carries (bits per second, each way, 8_000 and more), or delays it (ms, 1 to 60_000; in-process only). */
  slow(options: Rates & OnLinks): Promise<void>
  /** A share of the packets, above 0 and at most 1, is lost, each way. Needs namespaces. */
  lose(options: Share & OnLinks): Promise<void>
  /** In a share of the chunks of a TCP stream, above 0 and at most 1, one bit is flipped. In-process only. */
  corrupt(options: Share & OnLinks): Promise<void>
  /**
   * In a share of the chunks of a TCP stream, above 0 and at most 1, one is held back until the next has passed, or for
   * 100 ms if none comes: the bytes are out of order, which no TCP would let happen. In-process only.
   */
  reorder(options: Share & OnLinks): Promise<void>
  /** SIGSTOP. @throws NodeStateError unless it is running */
  pause(node: NodeRef): Promise<void>
  /** SIGKILL. Healing starts it again. (`node.kill()` leaves that to you.) */
  kill(node: NodeRef): Promise<void>
  /** The node's `Date` is so many milliseconds ahead, or behind if negative. Node.js programs only. */
  skewClock(node: NodeRef, ms: number): Promise<void>
  /** No byte is left on the node's disk. Needs `diskMb`. */
  fillDisk(node: NodeRef): Promise<void>
  /**
   * Every write of the running process to a file fails with EFBIG, as on a broken disk; reads go on. Needs Linux with
   * `prlimit`, and a program that ignores SIGXFSZ, as Node.js and Python do: by default that signal ends it.
   */
  failDisk(node: NodeRef): Promise<void>
  /**
   * Undoes all faults, and starts the nodes that `kill` has killed. What a test ended itself stays ended. All is tried; what
   * failed is thrown then, and tried again the next time. In a cluster that was stopped there is nothing to undo.
   */
  heal(): Promise<void>
}

/** A hundred years: from now, a clock without a battery is in 1970, and 32 bits without a sign end in 2106. */
const maxSkewMs = 3_153_600_000_000

/** What only the cluster itself may ask for. */
export interface ClusterFaults extends Faults {
  /** Brings the faults to nodes that have joined the clusterNodes since. */
  extend(): Promise<void>
  /** The cluster is being stopped: nothing comes and goes by itself any more, and there are no further faults. */
  end(): void
}

export interface FaultsDependencies {
  readonly driver: FaultDriver
  readonly panel: ControlPanel
  readonly disks: Disks
  readonly program: Program['kind']
}

export const createFaults = (
  clusterNodes: ClusterNodes,
  { driver, panel, disks, program }: FaultsDependencies,
): ClusterFaults => {
  const links = createLinkFaults(() => clusterNodes.names, driver)
  const limits = createWriteLimits()
  const killed = new Set<string>()
  let ended = false
  const find = (ref: NodeRef): ClusterNode => {
    if (ended) throw new ClusterStoppedError()
    return clusterNodes.find(ref)
  }
  const nameOf = (ref: NodeRef): string => find(ref).name
  const named = (groups: readonly (readonly NodeRef[])[]): string[][] =>
    groups.map((group) => group.map((ref) => nameOf(ref)))
  const pair = (one: NodeRef, other: NodeRef): { a: string; b: string } => {
    const [a, b] = [nameOf(one), nameOf(other)]
    checkPair(a, b)
    return { a, b }
  }
  const chosen = (on: LinksRef | undefined): Links => {
    if (on === undefined) return { of: 'all' }
    if (!isPair(on)) return { of: 'node', node: nameOf(on) }
    return { of: 'pair', ...pair(on[0], on[1]) }
  }
  const shape = async (effect: LinkEffect, on: LinksRef | undefined): Promise<void> => {
    await links.add({ kind: 'links', links: chosen(on), effect })
  }
  const shapeShare = async (
    kind: 'lose' | 'corrupt' | 'reorder',
    options: Share & OnLinks,
  ): Promise<void> => {
    const { on, share } = checkShare(options)
    await shape({ kind, share }, on)
  }
  const setClock = async (node: string, ms: number): Promise<void> => {
    if (program === 'command')
      throw new UnsupportedFaultError('set the clock of a command', driver.name, 'an entry, run by Node.js,')
    panel.order(node, { clockSkewMs: ms })
    await panel.settled()
  }

  return {
    extend: links.extend,
    end: () => {
      ended = true
      links.end()
    },
    partition: async (groups) => {
      const fault: LinkFault = { kind: 'partition', groups: named(groups) }
      checkGroups(fault.groups)
      await links.replace(fault)
    },
    bridge: async (groups) => {
      const fault: LinkFault = { kind: 'bridge', groups: named(groups) }
      checkNamed(fault.groups)
      await links.replace(fault)
    },
    ring: async () => await links.replace({ kind: 'ring' }),
    isolate: async (node) => await shape({ kind: 'cut' }, node),
    cut: async (a, b) => await shape({ kind: 'cut' }, [a, b]),
    cutOneWay: async (from, to) => {
      const { a, b } = pair(from, to)
      await links.add({ kind: 'cut-one-way', from: a, to: b })
    },
    flap: async (options) => {
      const { on, ...times } = checkFlap(options)
      await links.flap({ kind: 'links', links: chosen(on), effect: { kind: 'cut' } }, times)
    },
    slow: async (options) => {
      const { on, ...rates } = checkSlow(options)
      await shape({ kind: 'slow', ...rates }, on)
    },
    lose: async (options) => await shapeShare('lose', options),
    corrupt: async (options) => await shapeShare('corrupt', options),
    reorder: async (options) => await shapeShare('reorder', options),
    pause: async (node) => await find(node).pause(),
    kill: async (ref) => {
      const node = find(ref)
      killed.add(node.name)
      await node.kill()
    },
    skewClock: async (node, ms) => await setClock(nameOf(node), wholeNumber(-maxSkewMs, maxSkewMs)('ms', ms)),
    fillDisk: async (node) => await disks.fill(nameOf(node)),
    failDisk: async (node) => await limits.refuse(find(node)),
    heal: async () => {
      if (ended) return
      const steps = [
        links.clear,
        async () => await resumeAll(clusterNodes),
        async () => {
          for (const name of clusterNodes.names) panel.order(name, { clockSkewMs: 0 })
          await panel.settled()
        },
        disks.free,
        limits.lift,
        async () => await restartKilled(clusterNodes, killed),
      ]
      await allSteps(steps)
    },
  }
}

const resumeAll = async (clusterNodes: ClusterNodes): Promise<void> => {
  const paused = clusterNodes.nodes.filter((node) => node.state.kind === 'paused')
  await Promise.all(paused.map((node) => node.resume()))
}

const restartKilled = async (clusterNodes: ClusterNodes, killed: Set<string>): Promise<void> => {
  const restarts = [...killed].map(async (name) => {
    const node = clusterNodes.find(name)
    if (node.state.kind === 'exited') await node.restart()
    // Not before: one that could not be started is still to be healed.
    killed.delete(name)
  })
  const failed = (await Promise.allSettled(restarts)).find((outcome) => outcome.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}

const isPair = (on: LinksRef): on is readonly [NodeRef, NodeRef] => Array.isArray(on)
