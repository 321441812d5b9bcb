import { oneOf } from '@grapevine/std'
import { NamespacesUnavailableError } from '../errors.ts'
import type { DriverName } from './fault-driver.ts'
import type { NamespacesProbe } from '../network/namespaces/probe.ts'
import type { Program } from '../process/program.ts'

/** How faults on links are to be done. */
export type FaultsOption = 'auto' | DriverName

export interface AskedFaults {
  readonly name: FaultsOption | 'default'
  /** Who asked, for the line that says what was chosen. */
  readonly by: 'option' | 'LOCAL_CLUSTER_FAULTS' | 'nobody'
}

export interface DriverChoice {
  readonly driver: DriverName
  /** Why it is this one, and not the other. */
  readonly reason: string
}

export const faultsOptions: readonly FaultsOption[] = ['auto', 'in-process', 'namespaces']

const effects: Readonly<Record<DriverName, string>> = {
  'in-process': 'connections are refused and closed',
  namespaces: 'packets are dropped',
}

/** The option counts, then the variable. An empty variable is none. @throws InvalidOptionError naming the variable */
export const askedFaults = (option: FaultsOption | undefined, variable: string | undefined): AskedFaults => {
  if (option !== undefined && option !== 'auto') return { name: option, by: 'option' }
  if (variable !== undefined && variable !== '')
    return { name: oneOf(...faultsOptions)('LOCAL_CLUSTER_FAULTS', variable), by: 'LOCAL_CLUSTER_FAULTS' }
  return option === undefined ? { name: 'default', by: 'nobody' } : { name: option, by: 'option' }
}

/** @throws NamespacesUnavailableError if they were asked for by name and are not possible */
export const chooseDriver = async (
  { name, by }: AskedFaults,
  program: Program['kind'],
  probe: () => Promise<NamespacesProbe>,
): Promise<DriverChoice> => {
  if (name === 'in-process') return { driver: name, reason: `asked for by ${by}` }
  if (name === 'default' && program === 'entry')
    return {
      driver: 'in-process',
      reason: "the default, fast and without rights; faults: 'auto' looks for better",
    }
  const seen = await probe()
  if (seen.kind === 'possible') {
    const reason = name === 'namespaces' ? `asked for by ${by}` : 'this machine allows it'
    return { driver: 'namespaces', reason }
  }
  if (name === 'namespaces') throw new NamespacesUnavailableError(seen.why)
  return { driver: 'in-process', reason: `namespaces are not possible here: ${seen.why}` }
}

/** What is said aloud of a choice. */
export const lineOf = ({ driver, reason }: DriverChoice): string =>
  `local-cluster: faults on links are '${driver}', ${effects[driver]} (${reason})`
