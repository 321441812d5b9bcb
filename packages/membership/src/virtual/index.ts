/**
 * A member whose network, disk, clock and chance are handed in, for simulations of a whole instance: the core, the roster on
 * disk and all that an application sees are those of `createMembership`; libp2p (TCP, Noise, admission, gossipsub, mDNS) is
 * replaced by what carries bytes between hosts.
 *
 * @module
 */
export { joinVirtually, type VirtualOutside } from './join-virtually.ts'
export type { VirtualNetworkPort, VirtualHostPort, VirtualListener } from './virtual-host-port.ts'
export type { Wire } from './wire.ts'
