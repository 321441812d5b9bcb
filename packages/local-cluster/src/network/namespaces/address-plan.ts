/** The names and addresses of one cluster's namespaces. */
export interface AddressPlan {
  /** Of the namespace that holds the bridge. */
  readonly bridge: string
  /** The end of the cable to the bridge that is on this process's side. */
  readonly uplink: string
  /** This process's own address in the subnet, with the length of its prefix. */
  readonly gateway: string
  namespaceOf(index: number): string
  addressOf(index: number): string
}

const firstHost = 10

/** Every name begins with it, and no name is longer than the 15 characters of an interface. */
const prefix = 'lc'

/**
 * Draws a plan that no other run has: names from 32 random bits, and a subnet of 10.0.0.0/8, which is private, that no
 * interface and no route of this machine overlaps.
 *
 * @param inUse addresses and routes of this machine, such as 10.0.0.5, 10.0.0.0/16
 */
export const drawPlan = (random: (end: number) => number, inUse: readonly string[]): AddressPlan => {
  const run = random(2 ** 32)
    .toString(16)
    .padStart(8, '0')
  const subnet = freeSubnet(random, inUse)
  return {
    bridge: `${prefix}${run}-b`,
    uplink: `${prefix}${run}`,
    gateway: `${subnet}.1/24`,
    namespaceOf: (index) => `${prefix}${run}-${index}`,
    addressOf: (index) => `${subnet}.${firstHost + index}`,
  }
}

const freeSubnet = (random: (end: number) => number, inUse: readonly string[]): string => {
  for (let tries = 0; tries < 1_000; tries++) {
    const subnet = `10.${random(256)}.${random(256)}`
    if (!inUse.some((used) => overlaps(used, toNumber(`${subnet}.0`)))) return subnet
  }
  throw new RangeError('no free subnet was found in 10.0.0.0/8')
}

/** Whether an address or network shares an address with the /24 that begins at `subnet`. */
const overlaps = (used: string, subnet: number): boolean => {
  const [address = '', length = '32'] = used.split('/')
  const block = 2 ** (32 - Math.min(Number(length), 24))
  return Math.floor(toNumber(address) / block) === Math.floor(subnet / block)
}

const toNumber = (address: string): number =>
  address.split('.').reduce((number, part) => number * 256 + Number(part), 0)
