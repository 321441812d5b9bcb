import { abilities, abilitiesFor, type DriverName, type FaultDriver } from './fault-driver.ts'
import type { FlapTimes } from './fault-options.ts'
import { ClusterStoppedError, UnsupportedFaultError } from '../errors.ts'
import { linkRules, type LinkFault } from './links.ts'

/** The faults on links that are in force. Each promise resolves when that is so on every node that runs. */
export interface LinkFaults {
  /** Adds a fault to those in force. @throws UnsupportedFaultError if the driver cannot do it; nothing is changed then */
  add(fault: LinkFault): Promise<void>
  /** Puts a fault in the place of all before it. @throws UnsupportedFaultError */
  replace(fault: LinkFault): Promise<void>
  /** Adds a fault that comes and goes; it begins with being there. @throws UnsupportedFaultError */
  flap(fault: LinkFault, times: FlapTimes): Promise<void>
  /** Brings the faults to nodes that have joined the clusterNodes since. */
  extend(): Promise<void>
  /** Undoes all. @throws what a flapping fault could not do meanwhile */
  clear(): Promise<void>
  /** The cluster is being stopped: nothing flaps any more, and no fault can be added. */
  end(): void
}

interface Flapping {
  readonly fault: LinkFault
  state: 'down' | 'up'
  timer: NodeJS.Timeout
}

export const createLinkFaults = (names: () => readonly string[], driver: FaultDriver): LinkFaults => {
  let lasting: readonly LinkFault[] = []
  const flapping = new Set<Flapping>()
  const failures: unknown[] = []
  let ended = false

  const inForce = (): LinkFault[] => [
    ...lasting,
    ...[...flapping].flatMap(({ fault, state }) => (state === 'down' ? fault : [])),
  ]
  const extend = async (): Promise<void> => await driver.apply(linkRules(inForce(), names()))
  const check = (fault: LinkFault): void => {
    if (ended) throw new ClusterStoppedError()
    const rules = linkRules([fault], names())
    const wanted = abilitiesFor(rules)
    const missing = wanted.find((ability) => !abilities[driver.name].includes(ability))
    if (missing !== undefined) throw new UnsupportedFaultError(missing, driver.name, whoCan(missing))
    driver.check(rules)
  }
  const become = async (next: readonly LinkFault[], fault: LinkFault): Promise<void> => {
    check(fault)
    lasting = next
    await extend()
  }
  const stopFlapping = (): void => {
    for (const { timer } of flapping) clearTimeout(timer)
    flapping.clear()
  }
  const turn = (flap: Flapping, times: FlapTimes): void => {
    flap.state = flap.state === 'down' ? 'up' : 'down'
    // Nobody waits for this turn; whoever heals is told.
    extend().catch((error: unknown) => failures.push(error))
    flap.timer = setTimeout(turn, flap.state === 'down' ? times.downMs : times.upMs, flap, times)
  }

  return {
    add: async (fault) => await become([...lasting, fault], fault),
    replace: async (fault) => {
      check(fault)
      stopFlapping()
      await become([fault], fault)
    },
    flap: async (fault, times) => {
      check(fault)
      const flap: Flapping = {
        fault,
        state: 'down',
        timer: setTimeout(() => turn(flap, times), times.downMs),
      }
      flapping.add(flap)
      await extend()
    },
    extend,
    end: () => {
      ended = true
      stopFlapping()
    },
    clear: async () => {
      stopFlapping()
      lasting = []
      if (ended) return
      await extend()
      const [failure] = failures.splice(0)
      if (failure !== undefined) throw failure
    },
  }
}

const whoCan = (ability: (typeof abilities)[DriverName][number]): string => {
  const able = Object.entries(abilities).flatMap(([name, can]) => (can.includes(ability) ? `'${name}'` : []))
  return able.length === 0 ? 'nothing' : `faults: ${able.join(' or ')}`
}
