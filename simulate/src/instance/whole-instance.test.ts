import { expect, test } from 'vitest'
import { inWorld } from '../running/in-world.ts'

const nodes = ['node-1', 'node-2', 'node-3']
const ada = { username: 'ada', password: 'a password that is long' }

/** Signs up on one side of a split, and logs in on the other: during it, and after. */
const throughASplit = (seed: number) =>
  inWorld({ seed, nodes }, async ({ cluster, clock, network, instance, browser, during, trace }) => {
    await during(Promise.all(nodes.map((node) => cluster.start(node))))
    await clock.settle(6_000)
    expect(nodes.map((node) => instance(node)?.app.isReady())).toEqual([true, true, true])
    network.partition(['node-1'], ['node-2', 'node-3'])
    await clock.settle(6_000)
    const send = (node: string, path: string, to = browser('192.0.2.1')) =>
      during(to.send(instance(node), 'POST', path, ada))
    expect(await send('node-1', '/signup')).toMatchObject({ status: 201 })
    expect(await send('node-2', '/')).toMatchObject({ status: 401 })
    network.heal()
    await clock.settle(6_000)
    const home = browser('192.0.2.2')
    expect(await send('node-2', '/', home)).toMatchObject({ status: 200 })
    const { body } = await during(home.send(instance('node-3'), 'GET', '/me'))
    expect(body['id']).toBe(instance('node-1')?.app.users.claimants('ada')[0]?.id)
    return { digest: trace.digest(), lines: trace.newest }
  })

test('a person signs up on one virtual instance and logs in on another after a split, byte for byte the same each time', async () => {
  const first = await throughASplit(1)
  const second = await throughASplit(1)
  expect(second.lines).toEqual(first.lines)
  expect(second.digest).toBe(first.digest)
  expect((await throughASplit(2)).digest).not.toBe(first.digest)
}, 120_000)
