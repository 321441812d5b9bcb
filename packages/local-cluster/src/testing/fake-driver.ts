import type { FaultDriver } from '../faults/fault-driver.ts'

/** Does no faults at all. */
export const fakeDriver = (some: Partial<FaultDriver> = {}): FaultDriver => ({
  name: 'in-process',
  settle: async () => '127.0.0.1',
  launch: async () => [],
  started: () => undefined,
  ended: async () => undefined,
  withdraw: async () => undefined,
  check: () => undefined,
  apply: async () => undefined,
  close: async () => undefined,
  ...some,
})
