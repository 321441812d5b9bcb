import { admissionKeys } from './admission.ts'
import { checkMetadata, checkOptions, defaultTimings, limits, type MembershipOptions } from './config.ts'
import { initialState, type Effect, type Input, type MembershipEvent } from './core/state.ts'
import { step } from './core/step.ts'
import { viewOf, type View } from './core/view.ts'
import { mdns } from './discovery/mdns.ts'
import { createEmitter, type MembershipListener } from './emitter.ts'
import { loadIdentity } from './identity.ts'
import { silentLog } from './log.ts'
import { dial } from './network/dial.ts'
import { openLinks } from './network/links.ts'
import { createNode } from './network/node.ts'
import { openRequests, type RequestHandler } from './network/requests.ts'
import { openTopic, topicWireName, type Topic } from './network/topics.ts'
import { oncePer } from './once-per.ts'
import type { Member } from './core/member.ts'

export interface Membership extends AsyncDisposable {
  /** This member, as it tells others of itself. */
  readonly self: Member
  /** All members that this node knows of, itself included, in every state. */
  members(): readonly Member[]
  /** Ids of the members that this node can send requests to now. */
  reachable(): readonly string[]
  view(): View
  on(type: MembershipEvent['type'], listener: MembershipListener): () => void
  topic(name: string): Topic
  /** Asks one member. Rejects if it is not linked, does not answer before the signal, or the size is over the bound. */
  request(
    member: string,
    protocol: string,
    bytes: Uint8Array,
    options: { readonly signal: AbortSignal },
  ): Promise<Uint8Array>
  handle(protocol: string, handler: RequestHandler): Promise<void>
  /** Replaces the metadata and tells every member. */
  setMetadata(metadata: Readonly<Record<string, string>>): void
  /** Says goodbye and stops; afterwards nothing of this member is left running. */
  leave(): Promise<void>
}

/** Starts a member: it listens, looks for others, and is joined by them until it leaves. */
export const createMembership = async (options: MembershipOptions): Promise<Membership> => {
  checkOptions(options)
  const log = options.log ?? silentLog
  const stopped = new AbortController()
  const identity = await loadIdentity(options.dataDir, Date.now)
  const topics = options.topics ?? []
  const discovery = options.discovery ?? [mdns()]
  const context = {
    cluster: options.cluster,
    log,
    signal: stopped.signal,
    found: (found: { readonly peer?: string; readonly addresses: readonly string[] }): void =>
      handle({ type: 'found', ...found }),
  }
  const refusedOnce = oncePer(60_000, limits.strangers)
  const node = await createNode({
    privateKey: identity.privateKey,
    listen: options.listen ?? ['/ip4/0.0.0.0/tcp/0'],
    keys: admissionKeys(options.cluster, options.secrets),
    topics: topics.map((name) => topicWireName(options.cluster, name)),
    discovery,
    context,
    onRefused: (peer) => {
      if (!refusedOnce(peer, Date.now())) return
      log.warn(
        { peer },
        `refused a peer: it does not know the name and secret of cluster "${options.cluster}"`,
      )
    },
  })

  const id = node.peerId.toString()
  const now = (): number => performance.now()
  let state = initialState(
    {
      id,
      name: options.name ?? id.slice(-8),
      incarnation: identity.incarnation,
      addresses: [],
      metadata: options.metadata ?? {},
      state: 'alive',
    },
    { ...defaultTimings, ...options.timings },
    Math.random,
    now(),
  )
  const events = createEmitter()

  const inbox: Input[] = []
  let working = false
  /** One input at a time: what a listener or the network causes meanwhile waits its turn. */
  const handle = (input: Input): void => {
    inbox.push(input)
    if (working) return
    working = true
    try {
      for (let next = inbox.shift(); next !== undefined; next = inbox.shift()) {
        const result = step(state, next, now())
        state = result.state
        for (const effect of result.effects) perform(effect)
      }
    } finally {
      working = false
    }
  }

  const perform = (effect: Effect): void => {
    switch (effect.type) {
      case 'send':
        return links.send(effect.to, effect.message)
      case 'dial':
        return void dial(node, effect, stopped.signal, log).then((outcome) =>
          handle({ type: 'dialled', target: effect.target, outcome }),
        )
      case 'emit':
        return tell(effect.event)
    }
  }

  const tell = (event: MembershipEvent): void => {
    const { id: member, name } = event.member
    const isStateChange = event.type !== 'member:linked' && event.type !== 'member:unlinked'
    log[isStateChange ? 'info' : 'debug']({ member, name }, event.type)
    events.emit(event)
  }

  const links = await openLinks(
    node,
    '/grapevine/membership/1',
    {
      linked: (peer) => handle({ type: 'linked', peer }),
      unlinked: (peer) => handle({ type: 'unlinked', peer }),
      received: (from, message) => handle({ type: 'received', from, message }),
    },
    log,
  )
  const requests = openRequests(node, links, log)
  await node.start()

  const tellAddresses = (): void => {
    const addresses = node
      .getMultiaddrs()
      .map((address) => address.toString())
      .slice(0, limits.addresses)
    if (addresses.join() !== state.self.addresses.join()) handle({ type: 'changed', self: { addresses } })
  }
  tellAddresses()
  node.addEventListener('self:peer:update', tellAddresses)
  for (const way of discovery) if (way.type === 'active') way.start(context)
  const clock = setInterval(() => handle({ type: 'tick' }), state.timings.tick)

  const stop = async (): Promise<void> => {
    clearInterval(clock)
    handle({ type: 'leave' })
    stopped.abort()
    links.close()
    await node.stop()
  }
  let leaving: Promise<void> | undefined
  const leave = (): Promise<void> => (leaving ??= stop())

  return {
    get self() {
      return state.self
    },
    members: () => [state.self, ...[...state.peers.values()].map((peer) => peer.member)],
    reachable: () => [...state.reachable],
    view: () => viewOf([state.self, ...[...state.peers.values()].map((peer) => peer.member)]),
    on: events.on,
    topic: (name) => openTopic(node, options.cluster, topics, name),
    request: requests.request,
    handle: requests.handle,
    setMetadata: (metadata) => {
      checkMetadata(metadata)
      handle({ type: 'changed', self: { metadata } })
    },
    leave,
    [Symbol.asyncDispose]: leave,
  }
}
