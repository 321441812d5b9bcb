import ipaddr from 'ipaddr.js'

/**
 * What counts as one address: an IPv4 address, or the /64 of an IPv6 address, since whoever has one of those has all
 * of them. IPv4 addresses written as IPv6, dotted or in hexadecimal, are IPv4.
 */
export const addressGroup = (ip: string): string => {
  const [text = ''] = ip.split('%', 1)
  if (!ipaddr.isValid(text)) return 'unknown'
  const address = ipaddr.process(text)
  if (address.kind() === 'ipv4') return address.toString()
  const prefix = address.toByteArray().map((byte, index) => (index < 8 ? byte : 0))
  return `${ipaddr.fromByteArray(prefix).toString()}/64`
}
