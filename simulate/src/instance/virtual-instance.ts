import { bytesFrom, derivedRandom, type Outside, type VirtualHost } from '@grapevine/simulation'
import { createGrapevine, type Settings } from '@grapevine/koa'
import { joinVirtually, type Wire } from '@grapevine/membership/virtual'
import { pino } from 'pino'
import { addRoutes, keptByApp, type SimulatedApp } from './app.ts'
import { keptFiles } from './kept-files.ts'
import { simulatedHasher } from './simulated-hasher.ts'
import { addressOf, virtualPlace } from './virtual-place.ts'
import type { Directory } from './directory.ts'

/** One life of an instance on a machine. */
export interface VirtualInstance {
  readonly app: SimulatedApp
  readonly host: VirtualHost<Wire>
}

export interface InstanceWorld {
  readonly seed: number
  readonly nodes: readonly string[]
  readonly directory: Directory
  /** Each line of a log, as it is written. */
  readonly log: (node: string, line: string) => void
  /** What a node sends in the place of what its member would. */
  readonly tamper: (node: string) => (wire: Wire) => Wire | undefined
}

/** Starts `createGrapevine`, as an app does, with an outside that is virtual. */
export const startVirtualInstance = async (
  outside: Outside<Wire>,
  world: InstanceWorld,
): Promise<VirtualInstance> => {
  const { name, life, wall, random } = outside
  const { host, network } = virtualPlace(outside, world.directory, world.tamper(name))
  const files = outside.files()
  const { clock } = host
  const chance = derivedRandom(world.seed, `bytes of life ${life} of ${name}`)
  const randomBytes = (size: number): Buffer => bytesFrom(chance, size)
  const now = (): number => wall.now()
  const drawId = (): string => `${name}-${randomBytes(6).toString('hex')}`
  const app = await createGrapevine({
    name: 'simulated',
    ownsProcess: false,
    env: { NODE_ENV: 'production' },
    log: pino(
      { level: 'warn', base: null, timestamp: false },
      { write: (line: string) => world.log(name, line) },
    ),
    settings: settingsOf(name, world.nodes),
    ...keptByApp(),
    ports: {
      join: joinVirtually({ network, files: keptFiles(files), clock, now, random, drawId }),
      files,
      clock,
      now,
      random,
      randomBytes,
      hasher: simulatedHasher(),
    },
  })
  addRoutes(app, () => randomBytes(16).toString('base64url'))
  return { app, host }
}

const settingsOf = (name: string, nodes: readonly string[]): Partial<Settings> => ({
  nodeName: name,
  dataDir: '/data',
  dataSlots: 1,
  secrets: ['the secret of a simulated cluster'],
  publicUrl: 'https://simulated.example',
  trustedProxies: { kind: 'count', count: 1 },
  // Small, so that logs are compacted within a minute.
  compactAfter: 16_384,
  readyAloneAfter: 5_000,
  drainDelay: 0,
  clusterListen: ['/ip4/0.0.0.0/tcp/4100'],
  clusterAnnounce: [],
  discovery: [
    {
      type: 'active',
      name: 'seeds',
      start: ({ found }) => found({ type: 'configured', addresses: nodes.map(addressOf) }),
    },
  ],
})
