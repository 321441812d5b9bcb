import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'vitest'
import { allAgree, checkAll } from '../cluster/check.ts'
import { left, right, unlinked } from '../cluster/halves.ts'
import { ms, type Row } from '../matrix.ts'
import { logInAtOnce } from '../people/person.ts'
import { during, healed, nodesOf, notAliveWhile, patience, signUpOn, target } from './stage.ts'

export const f3: Row = {
  id: 'F3',
  claim: 'one node alone for 60 s: it serves its logins meanwhile, X within 5 s',
  run: async (stage) => {
    const { cluster, signUps } = stage
    await signUps.many(5, cluster.nodes)
    const lonely = cluster.node('node-3')
    await cluster.isolate(lonely)
    const until = performance.now() + 60_000
    let logins = 0
    while (performance.now() < until) {
      const who = signUps.acknowledged[logins % 5]
      if (who !== undefined) await logInAtOnce(lonely, who)
      const failed = await signUpOn(stage, 1, [cluster.node(logins % cluster.nodes.length)])
      expect(failed, 'sign-ups that failed').toEqual([])
      logins++
      await delay(500)
    }
    await unlinked(cluster, [lonely.name], ['node-1', 'node-2', ...right])
    return `${logins} logins on the lonely node; ${await healed(stage)}`
  },
}

export const f7: Row = {
  id: 'F7',
  claim: 'links flap, 1 s on and 1 s off, for 60 s: X within 5 s',
  run: async (stage) => {
    await stage.cluster.flap({ downMs: 1_000, upMs: 1_000 })
    const acknowledged = await during(stage, 60_000, 60, stage.cluster.nodes)
    return `${acknowledged}; ${await healed(stage)}`
  },
}

export const f12: Row = {
  id: 'F12',
  claim: 'a minority is stopped for 30 s and goes on: X within 5 s, and it accuses nobody',
  run: async (stage) => {
    const { cluster, signUps } = stage
    for (const name of right) await cluster.pause(name)
    const acknowledged = await during(stage, 30_000, 30, nodesOf(stage, left))
    await unlinked(cluster, left, right)
    const since = performance.now()
    await cluster.heal()
    let took = Infinity
    const absent = await notAliveWhile(nodesOf(stage, right), async () => {
      const looked = delay(5_000)
      took = await allAgree(cluster, signUps, { within: patience, since })
      await looked
    })
    // That the other one was down until now it hears from those who found it so, and may repeat.
    const accused = absent.filter((said) => left.some((name) => said.includes(` says ${name} is `)))
    expect(accused, 'accusations').toEqual([])
    await checkAll(cluster, signUps, { within: target, sample: 20 })
    expect(took, `X was ${ms(took)}`).toBeLessThanOrEqual(target)
    return `${acknowledged}; nobody accused; X ${ms(took)}`
  },
}
