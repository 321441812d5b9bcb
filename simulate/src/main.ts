// `pnpm simulate`: runs seeds of the whole instance, and says what it found. See docs/simulation.md.
import { availableParallelism } from 'node:os'
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { drawStory } from './story/draw-story.ts'
import { playStory } from './story/play-story.ts'
import { describeEvent, drawPlayed, shorten } from './running/shorten.ts'
import { fiveNodes, type Outcome } from './running/outcome.ts'
import { runSeeds } from './running/run-seeds.ts'
import { createTotals } from './running/totals.ts'

const usage = `pnpm simulate [--seeds 200] [--from 1] [--threads N] [--night HOURS] [--seed N [--shorten]]
  --seeds N     so many seeds, each at least a minute of five nodes
  --night H     seeds for so many hours, from a start of this day's own
  --seed N      that one alone; with --shorten its shortest story, and a picture of it in simulate-N.svg`

const whole = (name: string, value: string | undefined, otherwise: number): number => {
  if (value === undefined) return otherwise
  if (!/^\d{1,9}$/.test(value)) throw new RangeError(`--${name} is ${value}; allowed: a whole number`)
  return Number(value)
}

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    from: { type: 'string' },
    threads: { type: 'string' },
    night: { type: 'string' },
    seed: { type: 'string' },
    shorten: { type: 'boolean' },
    help: { type: 'boolean' },
  },
})

const one = async (seed: number): Promise<boolean> => {
  const story = drawStory(seed, fiveNodes)
  const played = await playStory(seed, fiveNodes, story)
  for (const event of story) console.log(describeEvent(event))
  for (const line of played.logged) console.log(line)
  for (const { kind, words } of played.findings) console.log(`FOUND ${kind}: ${words}`)
  const [first] = played.findings
  if (first !== undefined && values.shorten === true) {
    const shortest = await shorten(seed, fiveNodes, story, { kind: first.kind, mostRuns: 150 })
    console.log(`the shortest story of ${first.kind}, after ${shortest.runs} runs:`)
    for (const event of shortest.events) console.log(`  ${describeEvent(event)}`)
    const again = await playStory(seed, fiveNodes, shortest.events)
    const path = `simulate-${seed}.svg`
    writeFileSync(path, drawPlayed(again, shortest.events, fiveNodes))
    console.log(`drawn in ${path}`)
  }
  console.log(`digest ${played.digest}`)
  return played.findings.length === 0
}

const seedsFrom = (first: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => first + index)

const many = async (): Promise<boolean> => {
  const hours = whole('night', values.night, 0)
  const day = Math.floor(Date.now() / 86_400_000)
  const from = whole('from', values.from, hours > 0 ? day * 10_000 : 1)
  const count = whole('seeds', values.seeds, hours > 0 ? 1_000_000 : 200)
  const totals = createTotals()
  const start = performance.now()
  const said = (outcome: Outcome): void => {
    totals.add(outcome)
    for (const { kind, words } of outcome.findings.slice(0, 5))
      console.log(`seed ${outcome.seed}: ${kind}: ${words}`)
    if (totals.seeds % 20 === 0)
      console.error(`${totals.seeds} seeds, ${totals.failing.length} of them found something`)
  }
  await runSeeds({
    seeds: seedsFrom(from, count),
    threads: whole('threads', values.threads, Math.max(1, availableParallelism())),
    onOutcome: said,
    ...(hours > 0 ? { signal: AbortSignal.timeout(hours * 3_600_000) } : {}),
  })
  for (const line of totals.report(performance.now() - start)) console.log(line)
  return totals.failing.length === 0
}

if (values.help === true) console.log(usage)
else {
  const isClean = await (values.seed === undefined ? many() : one(whole('seed', values.seed, 1)))
  process.exitCode = isClean ? 0 : 1
}
