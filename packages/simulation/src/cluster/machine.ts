import { createWallClock, type WallClock } from '../clock/wall-clock.ts'
import { createVirtualDisk, type VirtualDisk } from '../disk/virtual-disk.ts'
import type { VirtualFiles } from '../disk/files.ts'
import type { HostListener, VirtualHost } from '../network/virtual-network.ts'
import { derivedRandom, type Random } from '../random.ts'
import type { Simulation } from '../simulate.ts'

/** What one life of a program takes from outside: from when it is started until it is killed. */
export interface Outside<Message> {
  readonly name: string
  /** 1 for its first life on this machine. */
  readonly life: number
  /** Its place in the network, with timers. Called once. */
  listen(listener: HostListener<Message>): VirtualHost<Message>
  /** The machine's disk, after `listen`: its calls take the host's time. */
  files(): VirtualFiles
  readonly wall: WallClock
  /** Its own chance, whatever the others draw. */
  readonly random: Random
}

/** A machine outlives the programs on it, and so do its disk and its clock. */
export interface Machine<Message> {
  readonly name: string
  readonly disk: VirtualDisk
  readonly wall: WallClock
  readonly host: VirtualHost<Message> | undefined
  /** The life that goes on, or was the last; 0 before the first. */
  readonly life: number
  /** The outside of a new life. */
  boot(): Outside<Message>
  /** SIGKILL; nothing of the program happens any more. */
  kill(): void
}

export const createMachine = <Message>(
  { seed, clock, network }: Simulation<Message>,
  name: string,
): Machine<Message> => {
  const disk = createVirtualDisk({ random: derivedRandom(seed, `disk of ${name}`) })
  const wall = createWallClock(clock)
  let host: VirtualHost<Message> | undefined
  let lives = 0
  return {
    name,
    disk,
    wall,
    get host() {
      return host
    },
    get life() {
      return lives
    },
    boot: () => {
      lives += 1
      const life = lives
      return {
        name,
        life,
        wall,
        random: derivedRandom(seed, `life ${life} of ${name}`),
        listen: (listener) => {
          host = network.host(name, listener)
          return host
        },
        files: () => {
          if (host === undefined) throw new Error(`${name}: listen() comes before files()`)
          return disk.mount({ left: Infinity, clock: host.clock })
        },
      }
    },
    // What the disk has under way goes by the host's clock, and ends with it.
    kill: () => host?.crash(),
  }
}
