import { reasonOf } from '@grapevine/std'
import { checkSimulation, type SimulationOptions } from './config.ts'
import { seededRandom, type Random } from './random.ts'
import { createVirtualClock, type VirtualClock } from './clock/virtual-clock.ts'
import { createTrace, type Trace } from './trace.ts'
import { createVirtualNetwork, type NetworkEvent, type VirtualNetwork } from './network/virtual-network.ts'

export interface Simulation<Message> {
  readonly seed: number
  readonly random: Random
  readonly clock: VirtualClock
  readonly network: VirtualNetwork<Message>
  /** The same for the same seed, byte for byte. */
  readonly trace: Trace
}

/** A scenario failed; its seed repeats the run exactly. The cause is what the scenario threw. */
export class SimulationError extends Error {
  override readonly name = 'SimulationError'
  readonly code = 'SIMULATION_FAILED'
  readonly seed: number

  constructor(seed: number, at: number, cause: unknown) {
    super(
      `seed ${seed}, at ${Math.round(at)} ms of virtual time: ${reasonOf(cause)}\n(SEED=${seed} repeats it)`,
      {
        cause,
      },
    )
    this.seed = seed
  }
}

/**
 * Runs a scenario on a virtual network with a virtual clock.
 *
 * @throws SimulationError for whatever the scenario throws
 */
export const simulate = <Message, Result = void>(
  options: SimulationOptions<Message>,
  scenario: (simulation: Simulation<Message>) => Result,
): Result => {
  const simulation = createSimulation<Message>(options)
  try {
    return scenario(simulation)
  } catch (cause) {
    throw new SimulationError(options.seed, simulation.clock.now(), cause)
  }
}

/** As `simulate`, for nodes that use promises; let time pass with `await clock.settle(ms)`. */
export const simulateAsync = async <Message, Result = void>(
  options: SimulationOptions<Message>,
  scenario: (simulation: Simulation<Message>) => Promise<Result>,
): Promise<Result> => {
  const simulation = createSimulation<Message>(options)
  try {
    return await scenario(simulation)
  } catch (cause) {
    throw new SimulationError(options.seed, simulation.clock.now(), cause)
  }
}

const createSimulation = <Message>(options: SimulationOptions<Message>): Simulation<Message> => {
  checkSimulation(options)
  const { seed, conditions, describe } = options
  const random = seededRandom(seed)
  const clock = createVirtualClock()
  const trace = createTrace()
  const note =
    describe === undefined
      ? undefined
      : (event: NetworkEvent<Message>): void => {
          const words = event.kind === 'received' ? describe(event.message) : event.kind
          trace.note(`${clock.now().toFixed(3)} ${event.from} > ${event.to}: ${words}`)
        }
  return { seed, random, clock, trace, network: createVirtualNetwork(clock, random, conditions, note) }
}

/**
 * The seeds to run: `count` of them, the same each time; `SEEDS=n` in the environment asks for n times as many, `SEEDS_FROM=m` for as many
 * from m on, `SEED=n` for that one only.
 */
export const seedsToRun = (
  count: number,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): readonly number[] => {
  const one = wholeNumber('SEED', environment['SEED'])
  if (one !== undefined) return [one]
  const times = wholeNumber('SEEDS', environment['SEEDS']) ?? 1
  const first = wholeNumber('SEEDS_FROM', environment['SEEDS_FROM']) ?? 1
  return Array.from({ length: count * times }, (_, index) => first + index)
}

const wholeNumber = (name: string, value: string | undefined): number | undefined => {
  if (value === undefined || value === '') return undefined
  if (!/^\d{1,9}$/.test(value)) throw new RangeError(`${name}=${value}; allowed: a whole number from 0`)
  return Number(value)
}
