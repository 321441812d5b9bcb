import { describe, expect, test } from 'vitest'
import { InvalidOptionError } from '@grapevine/std'
import { askedFaults, chooseDriver, lineOf } from './driver-choice.ts'
import { NamespacesUnavailableError } from '../errors.ts'
import type { NamespacesProbe } from '../network/namespaces/probe.ts'

const possible = async (): Promise<NamespacesProbe> => ({ kind: 'possible' })
const impossible = async (): Promise<NamespacesProbe> => ({ kind: 'impossible', why: 'they need root' })
const nobodyLooks = async (): Promise<NamespacesProbe> => {
  throw new Error('the machine was looked at')
}

describe('who asks', () => {
  test.each([
    [undefined, undefined, 'default', 'nobody'],
    [undefined, '', 'default', 'nobody'],
    [undefined, 'auto', 'auto', 'LOCAL_CLUSTER_FAULTS'],
    [undefined, 'namespaces', 'namespaces', 'LOCAL_CLUSTER_FAULTS'],
    ['auto', 'in-process', 'in-process', 'LOCAL_CLUSTER_FAULTS'],
    ['auto', '', 'auto', 'option'],
    ['in-process', 'namespaces', 'in-process', 'option'],
  ] as const)('option %s, variable %s: %s, by %s', (option, variable, name, by) => {
    expect(askedFaults(option, variable)).toEqual({ name, by })
  })

  test('a bad variable is named, with what is allowed', () => {
    expect(() => askedFaults(undefined, 'yes')).toThrow(InvalidOptionError)
    expect(() => askedFaults(undefined, 'yes')).toThrow(
      'LOCAL_CLUSTER_FAULTS is "yes"; allowed: "auto", "in-process", "namespaces"',
    )
  })
})

describe('what is chosen', () => {
  const auto = askedFaults('auto', undefined)
  const nothing = askedFaults(undefined, undefined)

  test('auto takes namespaces where they are possible, and else says why they are not', async () => {
    await expect(chooseDriver(auto, 'entry', possible)).resolves.toMatchObject({ driver: 'namespaces' })
    const lesser = await chooseDriver(auto, 'entry', impossible)
    expect(lineOf(lesser)).toBe(
      "local-cluster: faults on links are 'in-process', connections are refused and closed (namespaces are not possible here: they need root)",
    )
  })

  test('the default for an entry does not look at the machine; for a command it does', async () => {
    await expect(chooseDriver(nothing, 'entry', nobodyLooks)).resolves.toMatchObject({ driver: 'in-process' })
    await expect(chooseDriver(nothing, 'command', possible)).resolves.toMatchObject({ driver: 'namespaces' })
  })

  test('namespaces that were asked for by name and are not possible are an error', async () => {
    const asked = askedFaults('namespaces', undefined)
    await expect(chooseDriver(asked, 'entry', impossible)).rejects.toThrow(NamespacesUnavailableError)
  })
})
