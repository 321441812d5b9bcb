import { simulateAsync, createVirtualCluster, wholeBetween, derivedRandom } from '@grapevine/simulation'
import type { Outside, Simulation, VirtualCluster, VirtualFile } from '@grapevine/simulation'
import { createRecorder, type Attempt, type Entry, type Recorder, type SetOperation } from '../history.ts'
import { playFaults } from '../nemesis/play.ts'
import type { PlayedFault } from '../nemesis/played-fault.ts'
import { scheduleFaults, type ScheduledFault } from '../nemesis/schedule.ts'

/** Keeps notes on its disk, and tells the others. */
export interface Notes {
  /** Resolves when it is acknowledged. */
  add(note: string): Promise<void>
  read(): readonly string[]
}

/** When a note is acknowledged: a program that does not wait for the flush loses notes when the power goes. */
export type Acknowledges = 'after the flush' | 'before the flush'

export const notesProgram =
  (nodes: readonly string[], acknowledges: Acknowledges) =>
  async (outside: Outside<string>): Promise<Notes> => {
    const notes = new Set<string>()
    const host = outside.listen({
      received: (_from, text) => void text.split('\n').map((note) => notes.add(note)),
    })
    const files = outside.files()
    const log = await files.open('/notes', 'continue').catch(() => files.open('/notes', 'create'))
    await files.syncFolder('/')
    const whole = await log.read(await log.size(), 0)
    for (const line of whole.toString().split('\n').slice(0, -1)) notes.add(line)
    let end = await log.size()
    const tell = (): void => {
      for (const other of nodes) if (other !== outside.name) host.datagram(other, [...notes].join('\n'))
    }
    return {
      add: async (note) => {
        notes.add(note)
        const line = Buffer.from(`${note}\n`)
        const at = end
        end += line.length
        await writeAll(log, line, at)
        if (acknowledges === 'before the flush') {
          host.after(5_000, () => void log.sync().then(tell))
          return
        }
        await log.sync()
        tell()
      },
      read: () => [...notes],
    }
  }

const writeAll = async (file: VirtualFile, bytes: Uint8Array, position: number): Promise<void> => {
  for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done), position + done)
}

/** All that is done to it, with its time: what a failing run is made shorter of. */
export type StoryEvent =
  | { readonly kind: 'fault'; readonly fault: ScheduledFault }
  | { readonly kind: 'add'; readonly atMs: number; readonly node: string; readonly note: string }

const durationMs = 60_000

export const drawStory = (seed: number, nodes: readonly string[]): StoryEvent[] => {
  const random = derivedRandom(seed, 'clients')
  const kinds = ['kill', 'isolate', 'partition', 'pause', 'lose', 'skewClock', 'flapNode'] as const
  const faults = scheduleFaults({ seed, nodes, kinds, durationMs, holdMs: [500, 3_000] })
  const adds = Array.from({ length: 60 }, (_, number): StoryEvent => {
    const node = nodes[wholeBetween(random, 0, nodes.length - 1)] ?? ''
    return { kind: 'add', atMs: wholeBetween(random, 0, durationMs), node, note: `note ${number}` }
  })
  return [...faults.map((fault): StoryEvent => ({ kind: 'fault', fault })), ...adds]
}

export interface Played {
  readonly entries: readonly Entry<SetOperation>[]
  readonly faults: readonly PlayedFault[]
  readonly digest: string
}

type Cluster = VirtualCluster<string, Notes>

/** Plays a story on a virtual cluster, and reads every node once all is quiet. */
export const playStory = (
  seed: number,
  nodes: readonly string[],
  story: readonly StoryEvent[],
  acknowledges: Acknowledges,
): Promise<Played> =>
  simulateAsync<string, Played>({ seed, describe: (message) => message }, async (simulation) => {
    const { clock } = simulation
    const cluster: Cluster = createVirtualCluster(simulation, nodes, notesProgram(nodes, acknowledges))
    const recorder = createRecorder<SetOperation>(clock)
    const starting = Promise.all(nodes.map(cluster.start))
    await clock.settle(1_000)
    await starting
    for (const event of story) if (event.kind === 'add') sendAt(event, cluster, recorder, simulation)
    const faults = playFaults(
      cluster,
      story.flatMap((event) => (event.kind === 'fault' ? event.fault : [])),
      { clock },
    )
    await clock.settle(2 * durationMs)
    const played = await faults
    for (const node of nodes)
      await recorder.record(node, async () => readOf(cluster, node), { kind: 'read', elements: [] })
    return { entries: recorder.entries, faults: played, digest: simulation.trace.digest() }
  })

const sendAt = (
  { atMs, node, note }: StoryEvent & { readonly kind: 'add' },
  cluster: Cluster,
  recorder: Recorder<SetOperation>,
  { clock }: Simulation<string>,
): void => {
  const operation = { kind: 'add', element: note } as const
  const send = async (): Promise<Attempt<SetOperation>> => {
    const program = cluster.program(node)
    if (program === undefined) return { operation, outcome: 'failed', problem: 'nobody is there' }
    await program.add(note)
    return { operation, outcome: 'ok' }
  }
  clock.after(atMs, () => void recorder.record(node, send, operation))
}

const readOf = (cluster: Cluster, node: string): Attempt<SetOperation> => ({
  operation: { kind: 'read', elements: cluster.program(node)?.read() ?? [] },
  outcome: 'ok',
})
