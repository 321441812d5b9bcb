// The example of README.md (see readme.test.ts).
import { simulate, type Simulation } from './index.ts'

const names = ['a', 'b', 'c']

/** Each tells the others every second the largest number that it knows, in packets that may be lost. */
const gossip = ({ network }: Simulation<number>): Map<string, number> => {
  const largest = new Map(names.map((name, index) => [name, index]))
  for (const name of names) {
    const host = network.host(name, {
      received: (_from, number) => largest.set(name, Math.max(number, largest.get(name) ?? 0)),
    })
    host.every(1_000, () => {
      for (const other of names) if (other !== name) host.datagram(other, largest.get(name) ?? 0)
    })
  }
  return largest
}

simulate<number>({ seed: 42, conditions: { loss: 0.3 } }, (simulation) => {
  const { clock, network } = simulation
  const largest = gossip(simulation)
  network.partition(['a'], ['b', 'c'])
  clock.advance(60_000)
  console.log('cut for a minute', ...largest.values()) // cut for a minute 0 2 2
  network.heal()
  clock.advance(10_000)
  console.log('healed', ...largest.values()) // healed 2 2 2
})
