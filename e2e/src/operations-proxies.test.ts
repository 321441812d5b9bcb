import { showLogsOnFailure } from '@grapevine/local-cluster/vitest'
import { describe, expect, test } from 'vitest'
import { ms, report } from './matrix.ts'
import { deployAnew, restartAll, startBehind, type Behind } from './proxies/behind.ts'
import { startHaproxy } from './proxies/haproxy.ts'
import { startNginx } from './proxies/nginx.ts'
import { isInstalled, type Front } from './proxies/running.ts'
import { startLoad, type LoadResult } from './proxies/steady-load.ts'
import { through } from './proxies/through.ts'

// As stated: 500 requests/s of people who are logged in and 2 sign-ups/s, five times in a row, is
// PROXY_LOAD=500 PROXY_ROUNDS=5, and PROXY_ROLLS=restart,deploy behind each of the two.
const requestsPerSecond = Number(process.env['PROXY_LOAD'] ?? 100)
const rounds = Number(process.env['PROXY_ROUNDS'] ?? 1)
const signUpsPerSecond = 2
const limit = { timeout: 120_000 + rounds * 150_000 }

const inWords = ({ answered, perSecond, signUps, wrong, p50, p99, max }: LoadResult): string =>
  `${wrong.length} wrong of ${answered} answers, ${perSecond}/s, ${signUps} sign-ups; p50 ${ms(p50)}, p99 ${ms(p99)}, max ${ms(max)}`

type Roll = (behind: Behind) => Promise<void>

/** What was wrong, in all rounds; each round's figures are reported. */
const roll = async (
  name: string,
  behind: Behind,
  front: Front,
  { rolls, keepAlive }: { readonly rolls: Readonly<Record<string, Roll>>; readonly keepAlive: boolean },
): Promise<LoadResult[]> => {
  const way = through(front.port, { keepAlive })
  const results: LoadResult[] = []
  try {
    for (let round = 1; round <= rounds; round += 1) {
      for (const [kind, once] of Object.entries(rolls)) {
        const load = await startLoad({ through: way, requestsPerSecond, signUpsPerSecond, people: 20 })
        await once(behind)
        const result = await load.stop()
        report('N6', `${name}, rolling ${kind}, round ${round}: ${inWords(result)}`)
        for (const wrong of result.wrong.slice(0, 10)) process.stdout.write(`WRONG ${wrong}\n`)
        results.push(result)
      }
    }
    return results
  } finally {
    way.close()
  }
}

/** A machine with other work may be late by a little. */
const achieved = (perSecond: number): number =>
  perSecond > requestsPerSecond * 0.9 ? requestsPerSecond : perSecond

/** Of all rounds. */
interface Seen {
  readonly wrong: readonly string[]
  readonly perSecond: number
}
const asItShouldBe: Seen = { wrong: [], perSecond: requestsPerSecond }

const inAll = (results: readonly LoadResult[]): Seen => ({
  wrong: results.flatMap(({ wrong }) => wrong).slice(0, 20),
  perSecond: achieved(Math.min(...results.map(({ perSecond }) => perSecond))),
})

const rolls: Readonly<Record<string, Roll>> = { restart: restartAll, deploy: deployAnew }

/** What is asked for; else each proxy sees one of the two. */
const rollsBehind = (otherwise: string): Readonly<Record<string, Roll>> => {
  const names = (process.env['PROXY_ROLLS'] ?? otherwise).split(',')
  return Object.fromEntries(Object.entries(rolls).filter(([name]) => names.includes(name)))
}

describe('N6: three instances replaced one by one, under load of people who are logged in', () => {
  const hasHaproxy = isInstalled('haproxy', 'N6 behind HAProxy')
  test.skipIf(!hasHaproxy)('behind HAProxy every answer is what it should be', limit, async () => {
    await using behind = await startBehind()
    showLogsOnFailure(behind.cluster)
    await using front = await startHaproxy(behind.ports)
    const results = await roll('HAProxy', behind, front, { rolls: rollsBehind('restart'), keepAlive: true })
    expect(inAll(results), front.said()).toEqual(asItShouldBe)
  })

  const hasNginx = isInstalled('nginx', 'N6 behind nginx')
  test.skipIf(!hasNginx)('behind nginx every answer is what it should be', limit, async () => {
    await using behind = await startBehind()
    showLogsOnFailure(behind.cluster)
    await using front = await startNginx(behind.ports)
    // Workers of nginx that are replaced close kept connections of browsers, which send anew then: here each has its own.
    const results = await roll('nginx', behind, front, { rolls: rollsBehind('deploy'), keepAlive: false })
    expect(inAll(results), front.said()).toEqual(asItShouldBe)
  })
})
