import { BlockList, isIPv4, isIPv6 } from 'node:net'
import { networkInterfaces } from 'node:os'

/** What leads to this machine whatever interfaces it has. IPv4 within IPv6 (`::ffff:127.0.0.1`) is looked up as IPv4. */
const always = new BlockList()
always.addSubnet('127.0.0.0', 8, 'ipv4')
always.addAddress('0.0.0.0', 'ipv4')
always.addAddress('::1', 'ipv6')
always.addAddress('::', 'ipv6')

/** Where a host that is to be connected to is. A name, other than `localhost`, tells only when it is looked up. */
export type HostPlace = 'here' | 'elsewhere' | 'named'

export const placeOf = (host: string): HostPlace => {
  if (/^localhost\.?$/i.test(host)) return 'here'
  const [address = host] = host.split('%')
  if (isIPv4(address)) return isOwn(address, 'ipv4') ? 'here' : 'elsewhere'
  if (isIPv6(address)) return isOwn(address, 'ipv6') ? 'here' : 'elsewhere'
  return 'named'
}

const isOwn = (address: string, family: 'ipv4' | 'ipv6'): boolean =>
  always.check(address, family) || ofInterfaces().check(address, family)

/** Asked each time: interfaces come and go. */
const ofInterfaces = (): BlockList => {
  const own = new BlockList()
  for (const { address, family } of Object.values(networkInterfaces()).flatMap((each) => each ?? []))
    own.addAddress(address, family === 'IPv4' ? 'ipv4' : 'ipv6')
  return own
}
