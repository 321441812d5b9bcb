import { expect, onTestFinished, test } from 'vitest'
import { memoryNetwork } from '../testing/memory-bus.ts'
import { broadcastChannelBus } from './broadcast-channel-bus.ts'
import { busContract } from './contract.ts'
import type { Bus } from '../bus.ts'

const inMemory = async (): Promise<[Bus, Bus]> => {
  const network = memoryNetwork()
  return [network.join('a'), network.join('b')]
}

let channels = 0
const onChannel = async (): Promise<[Bus, Bus]> => {
  channels += 1
  const name = `contract ${channels}`
  const [bus, other] = [broadcastChannelBus(name, { id: 'a' }), broadcastChannelBus(name, { id: 'b' })]
  onTestFinished(() => {
    bus.close()
    other.close()
  })
  await Promise.all(
    [bus, other].map((one) => new Promise<void>((resolve) => one.on('member:linked', () => resolve()))),
  )
  return [bus, other]
}

for (const { requirement, check } of busContract) {
  test(`in memory: ${requirement}`, async () => {
    await expect(check(...(await inMemory()))).resolves.toBeUndefined()
  })
  test(`on a BroadcastChannel: ${requirement}`, async () => {
    await expect(check(...(await onChannel()))).resolves.toBeUndefined()
  })
}
