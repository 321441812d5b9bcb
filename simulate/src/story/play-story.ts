import { createPerson, type Person } from '../clients/person.ts'
import { perform } from '../clients/acts.ts'
import { createFindings, type Finding, type Findings } from '../oracle/findings.ts'
import { judge } from '../oracle/judge.ts'
import { inWorld } from '../running/in-world.ts'
import { describeFault, type Act, type Fault, type StoryEvent } from './event.ts'
import { people, storyMs } from './draw-story.ts'
import { createNemesis, type Nemesis } from './faults.ts'
import type { World } from '../instance/world.ts'

/** Something that was done, with what came of it: for the timeline. */
export interface Happening {
  readonly node: string
  readonly words: string
  readonly from: number
  readonly to: number
  readonly outcome: string
}

export interface Played {
  readonly seed: number
  readonly findings: readonly Finding[]
  readonly happenings: readonly Happening[]
  readonly faults: ReadonlyMap<Fault['kind'], number>
  readonly outcomes: ReadonlyMap<string, number>
  readonly virtualMs: number
  /** The same for the same seed and story. */
  readonly digest: string
  readonly logged: readonly string[]
}

const startMs = 8_000
const quietMs = 15_000

/** Plays a story from its seed, and judges what came of it. */
export const playStory = (
  seed: number,
  nodes: readonly string[],
  story: readonly StoryEvent[],
): Promise<Played> =>
  inWorld({ seed, nodes }, async (world) => {
    const { cluster, clock, during, note, trace } = world
    const findings = createFindings(note)
    const nemesis = createNemesis(world)
    const cast = createCast(world)
    const stage = { world, nemesis, findings, ...cast }
    await during(Promise.all(nodes.map((node) => cluster.start(node))))
    await clock.settle(startMs)
    for (const [index, event] of story.entries()) schedule(stage, event, index + 1)
    await clock.settle(storyMs)
    note('quiet')
    await nemesis.heal()
    await clock.settle(quietMs)
    await judge({ ...stage, notes: cast.notes })
    return {
      seed,
      findings: findings.all,
      happenings: cast.happenings,
      faults: nemesis.done,
      outcomes: cast.outcomes,
      virtualMs: clock.now(),
      digest: trace.digest(),
      logged: world.logged,
    }
  })

interface Cast {
  readonly persons: readonly Person[]
  readonly notes: Map<string, string>
  readonly happenings: Happening[]
  readonly outcomes: Map<string, number>
}

const createCast = (world: World): Cast => ({
  persons: Array.from({ length: people }, (_, number) =>
    createPerson(number, () => world.browser(`192.0.2.${number + 1}`)),
  ),
  notes: new Map(),
  happenings: [],
  outcomes: new Map(),
})

interface Stage extends Cast {
  readonly world: World
  readonly nemesis: Nemesis
  readonly findings: Findings
}

const schedule = (stage: Stage, event: StoryEvent, count: number): void => {
  const { world, nemesis, happenings } = stage
  const { clock, note } = world
  if (event.kind === 'act') {
    clock.after(event.at, () => void doAct(stage, event, count))
    return
  }
  const words = describeFault(event.fault)
  clock.after(event.at, () => {
    note(`begins: ${words}`)
    nemesis.begin(event.fault)
  })
  clock.after(event.until, () => {
    note(`ends: ${words}`)
    nemesis.end(event.fault)
  })
  happenings.push({ node: '', words, from: startMs + event.at, to: startMs + event.until, outcome: 'fault' })
}

const doAct = async (
  stage: Stage,
  { person: number, node: nodeName, act }: Act,
  count: number,
): Promise<void> => {
  const { world, nemesis, findings, persons, notes, happenings, outcomes } = stage
  const person = persons[number]
  const node = world.instance(nodeName)
  if (person === undefined || person.isBusy || node === undefined || nemesis.isSuspect(nodeName)) return
  person.isBusy = true
  const from = world.clock.now()
  const verdict = await perform(act, { person, node, nodeName, findings, count, notes })
  person.isBusy = false
  const outcome = `${act} ${verdict}`
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
  world.note(`person ${number} on ${nodeName}: ${outcome}`)
  happenings.push({
    node: nodeName,
    words: `${act} of ${number}`,
    from,
    to: world.clock.now(),
    outcome: verdict,
  })
}
