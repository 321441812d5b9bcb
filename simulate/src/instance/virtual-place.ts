import type { VirtualListener, VirtualNetworkPort, Wire } from '@grapevine/membership/virtual'
import type { Outside, VirtualHost } from '@grapevine/simulation'
import type { Directory } from './directory.ts'

/** One life's place in the network: the machine's, in which members are told by their ids. */
export interface VirtualPlace {
  readonly host: VirtualHost<Wire>
  readonly network: VirtualNetworkPort
}

export const addressOf = (machine: string): string => `/sim/${machine}`
const machineOf = (address: string): string => address.split('/')[2] ?? ''

/** @param tamper - what is sent in the place of what the member sends; `undefined` for nothing */
export const virtualPlace = (
  { name, listen }: Outside<Wire>,
  directory: Directory,
  tamper: (wire: Wire) => Wire | undefined,
): VirtualPlace => {
  let own: { readonly id: string; readonly listener: VirtualListener } | undefined
  /** Of members that are linked, their machines; and the other way about. */
  const machines = new Map<string, string>()
  const linkedMembers = new Map<string, string>()

  const host = listen({
    linked: (machine) => {
      const peer = directory.member(machine)
      // Nobody listens there yet, or here.
      if (own === undefined || peer === undefined) return host.hangUp(machine)
      if (peer === own.id) {
        host.hangUp(machine)
        return own.listener.cloned()
      }
      if (machines.has(peer)) return host.hangUp(machine)
      machines.set(peer, machine)
      linkedMembers.set(machine, peer)
      own.listener.linked(peer)
    },
    unlinked: (machine) => {
      const peer = linkedMembers.get(machine)
      if (peer === undefined) return
      linkedMembers.delete(machine)
      machines.delete(peer)
      own?.listener.unlinked(peer)
    },
    received: (machine, wire) => {
      const peer = linkedMembers.get(machine)
      if (peer !== undefined) own?.listener.received(peer, wire)
    },
  })

  return {
    host,
    network: {
      address: addressOf(name),
      listen: (id, listener) => {
        own = { id, listener }
        directory.listens(name, id)
        return {
          dial: (address, done) => {
            const machine = machineOf(address)
            if (machine === name) return void host.after(0, () => done({ type: 'self' }))
            host.dial(machine, () => {
              const peer = linkedMembers.get(machine)
              done(peer === undefined ? { type: 'failed' } : { type: 'connected', peer })
            })
          },
          send: (to, wire) => {
            const machine = machines.get(to)
            const sent = tamper(wire)
            if (machine !== undefined && sent !== undefined) host.send(machine, sent)
          },
          hangUp: (to) => {
            const machine = machines.get(to)
            if (machine !== undefined) host.hangUp(machine)
          },
          isLinked: (to) => machines.has(to),
        }
      },
    },
  }
}
