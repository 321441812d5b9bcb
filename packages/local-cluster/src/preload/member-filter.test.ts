import { describe, expect, test, vi } from 'vitest'
import {
  checkAnnouncement,
  createMemberFilter,
  type ConnectionLike,
  type GaterLike,
  type Libp2pLike,
} from './member-filter.ts'

type Gate = NonNullable<GaterLike['denyDialPeer']>

class FakeNetwork implements Libp2pLike {
  readonly connections: ConnectionLike[] = []
  readonly aborted: string[] = []
  #onOpen: ((event: { detail: ConnectionLike }) => void) | undefined

  open(peer: string): void {
    const connection: ConnectionLike = {
      remotePeer: peer,
      abort: (error) => this.aborted.push(`${peer}: ${error.message}`),
    }
    this.connections.push(connection)
    this.#onOpen?.({ detail: connection })
  }

  getConnections(): ConnectionLike[] {
    return this.connections
  }

  addEventListener(_type: 'connection:open', listener: (event: { detail: ConnectionLike }) => void): void {
    this.#onOpen = listener
  }
}

const filters = [
  'denyDialPeer',
  'denyOutboundConnection',
  'denyInboundEncryptedConnection',
  'denyOutboundEncryptedConnection',
  'denyInboundUpgradedConnection',
  'denyOutboundUpgradedConnection',
] as const

describe('a member filter', () => {
  test('every filter is shut for who is blocked, and for nobody else', () => {
    const gater: GaterLike = {}
    createMemberFilter(['foe']).admit({ id: 'me', libp2p: new FakeNetwork(), gater })
    for (const filter of filters)
      expect([filter, gater[filter]?.('foe'), gater[filter]?.('friend')]).toEqual([filter, true, false])
  })

  test('for the others the program decides, as before', async () => {
    const own = vi.fn<Gate>(async (peer) => peer.toString() === 'stranger')
    const gater: GaterLike = { denyInboundEncryptedConnection: own }
    createMemberFilter(['foe']).admit({ id: 'me', libp2p: new FakeNetwork(), gater })
    await expect(gater.denyInboundEncryptedConnection?.('stranger', 'the connection')).resolves.toBe(true)
    await expect(gater.denyInboundEncryptedConnection?.('friend', 'the connection')).resolves.toBe(false)
    expect(own).toHaveBeenLastCalledWith('friend', 'the connection')
    expect(own.mock.contexts).toEqual([gater, gater])
  })

  test('a new list aborts the connections to those on it, of all members in the process', () => {
    const networks = [new FakeNetwork(), new FakeNetwork()]
    const filter = createMemberFilter()
    for (const [index, libp2p] of networks.entries()) filter.admit({ id: `me-${index}`, libp2p, gater: {} })
    for (const network of networks) for (const peer of ['friend', 'foe']) network.open(peer)
    filter.block(['foe'])
    for (const { aborted } of networks) expect(aborted).toEqual(['foe: partitioned by local-cluster'])
  })

  test('a connection that was past its last filter when the list came is aborted when it opens', () => {
    const libp2p = new FakeNetwork()
    const filter = createMemberFilter()
    filter.admit({ id: 'me', libp2p, gater: {} })
    filter.block(['foe'])
    libp2p.open('foe')
    libp2p.open('friend')
    expect(libp2p.aborted).toEqual(['foe: partitioned by local-cluster'])
  })

  test('an empty list opens the filters again', () => {
    const gater: GaterLike = {}
    const filter = createMemberFilter(['foe'])
    filter.admit({ id: 'me', libp2p: new FakeNetwork(), gater })
    filter.block([])
    expect(gater.denyDialPeer?.('foe')).toBe(false)
  })
})

describe('checkAnnouncement', () => {
  const libp2p = new FakeNetwork()

  test('it takes what a filter needs', () => {
    expect(() => checkAnnouncement({ id: 'me', libp2p, gater: {} })).not.toThrow()
  })

  test.each([
    ['an announced member', 'me'],
    ['id:', { libp2p, gater: {} }],
    ['gater:', { id: 'me', libp2p }],
    ['libp2p:', { id: 'me', libp2p: {}, gater: {} }],
  ])('it says that %s is missing', (message, announced) => {
    expect(() => checkAnnouncement(announced)).toThrow(message)
  })
})
