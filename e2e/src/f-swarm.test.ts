import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { eventually } from '@grapevine/local-cluster'
import { expect, test } from 'vitest'
import { startPuppet, type Puppet } from './hostile/puppet.ts'
import { isAsked, ms, report } from './matrix.ts'

const members = 16
const topic = 'news'

/**
 * Milliseconds: ten seconds where four processors and more start sixteen processes, which takes most of the time; in proportion
 * where there are fewer.
 */
const within = 10_000 * Math.max(1, 4 / availableParallelism())

test.runIf(isAsked('P9'))(
  `P9: ${members} members on one address, all started at once: all joined within 10 s, every message delivered`,
  { timeout: 120_000 },
  async () => {
    const [cluster, secret] = [`swarm-${randomBytes(4).toString('hex')}`, randomBytes(16).toString('hex')]
    const since = performance.now()
    const starting = Array.from({ length: members }, (_, index) =>
      startPuppet({ name: `member-${index + 1}`, cluster, secret, seeds: 'mdns', topics: [topic] }),
    )
    const swarm = await Promise.all(starting)
    try {
      await eventually(async () => await expectAllLinked(swarm), { within: 60_000, every: 100 })
      const joined = performance.now() - since
      const messages = swarm.map(({ name }) => Buffer.from(name))
      // Half of them hand on what they hear to the others.
      await Promise.all(
        swarm.map((member, index) => member.publish(topic, messages.slice(index, index + 1), members / 2)),
      )
      const published = performance.now()
      await eventually(async () => await expectAllHeard(swarm), { within: 10_000, every: 100 })
      const took = performance.now() - published
      expect(joined, `joined after ${ms(joined)}`).toBeLessThanOrEqual(within)
      report(
        'P9',
        `all ${members} joined after ${ms(joined)}; ${members * (members - 1)} deliveries, the last within ${ms(took)}`,
      )
    } finally {
      await Promise.all(swarm.map((member) => member[Symbol.asyncDispose]()))
    }
  },
)

const expectAllLinked = async (swarm: readonly Puppet[]): Promise<void> => {
  const links = await Promise.all(swarm.map(async (member) => (await member.links()).length))
  expect(links).toEqual(swarm.map(() => members - 1))
}

/** Each message once, from each but oneself. */
const expectAllHeard = async (swarm: readonly Puppet[]): Promise<void> => {
  for (const { name, heard } of swarm) {
    const names = (await heard()).map((bytes) => Buffer.from(bytes).toString())
    const others = swarm.map((other) => other.name).filter((other) => other !== name)
    expect(names.toSorted(), name).toEqual(others.toSorted())
  }
}
