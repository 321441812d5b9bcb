import assert from 'node:assert/strict'
import type { Bus, RequestHandler } from '../bus.ts'

/** One thing that every bus must do. */
export interface BusRequirement {
  readonly requirement: string
  /** @param bus, other - of two members that are linked */
  check(bus: Bus, other: Bus): Promise<void>
}

const bytes = Uint8Array.of(1, 2, 3)
const protocol = 'contract/1'

const reversed: RequestHandler = async (request) => Uint8Array.from(request).toReversed()

const ask = async (
  from: Bus,
  to: Bus,
  signal: AbortSignal = new AbortController().signal,
): Promise<number[]> => [...(await from.request(to.self.id, protocol, bytes, { signal }))]

/** The contract of {@link Bus}, for any test runner: check each requirement with two linked members of their own. */
export const busContract: readonly BusRequirement[] = [
  {
    requirement: 'each of two linked members can reach the other, and not itself',
    check: async (bus, other) => {
      assert.deepEqual(bus.reachable(), [other.self.id])
      assert.deepEqual(other.reachable(), [bus.self.id])
    },
  },
  {
    requirement: 'a request is answered by who handles its protocol, who is told who asks',
    check: async (bus, other) => {
      const askers: string[] = []
      await other.handle(protocol, (request, { from }) => {
        askers.push(from)
        return reversed(request, { from })
      })
      assert.deepEqual(await ask(bus, other), [3, 2, 1])
      assert.deepEqual(askers, [bus.self.id])
    },
  },
  {
    requirement: 'what nobody handles, or who handles it refuses, rejects',
    check: async (bus, other) => {
      await assert.rejects(ask(bus, other))
      await other.handle(protocol, async () => Promise.reject(new Error('no')))
      await assert.rejects(ask(bus, other))
    },
  },
  {
    requirement: 'a protocol has one handler: a second is refused, and the first goes on',
    check: async (bus, other) => {
      await other.handle(protocol, reversed)
      await assert.rejects(other.handle(protocol, async () => bytes))
      assert.deepEqual(await ask(bus, other), [3, 2, 1])
    },
  },
  {
    requirement: 'who stops handling a protocol answers no longer, and it can be handled anew',
    check: async (bus, other) => {
      const stop = await other.handle(protocol, reversed)
      stop()
      await assert.rejects(ask(bus, other))
      await other.handle(protocol, async (request) => request)
      assert.deepEqual(await ask(bus, other), [1, 2, 3])
      // Undone twice, it must not take away who came after.
      stop()
      assert.deepEqual(await ask(bus, other), [1, 2, 3])
    },
  },
  {
    requirement: 'a request is given up when its signal aborts, and when it has aborted before',
    check: async (bus, other) => {
      await other.handle(protocol, () => new Promise(() => undefined))
      const controller = new AbortController()
      const asked = ask(bus, other, controller.signal)
      controller.abort(new Error('enough'))
      await assert.rejects(asked)
      await assert.rejects(ask(bus, other, controller.signal))
    },
  },
  {
    requirement: 'what is published reaches who subscribed to the topic, until they unsubscribe',
    check: async (bus, other) => {
      const [staying, leaving] = [listener(), listener()]
      other.topic('one').subscribe(staying.hear)
      const unsubscribe = other.topic('one').subscribe(leaving.hear)
      other.topic('two').subscribe(() => assert.fail('told of another topic'))
      await published(bus, 1, [staying, leaving])
      unsubscribe()
      await published(bus, 2, [staying])
      assert.ok(!leaving.heard.has(2))
    },
  },
]

interface Listener {
  readonly heard: ReadonlySet<number | undefined>
  readonly hear: (bytes: Uint8Array) => void
}

const listener = (): Listener => {
  const heard = new Set<number | undefined>()
  return { heard, hear: ([first]) => void heard.add(first) }
}

/** Published anew until they have heard it, as any single message may be lost. */
const published = async (bus: Bus, byte: number, listeners: readonly Listener[]): Promise<void> => {
  for (let tries = 0; tries < 500 && !listeners.every(({ heard }) => heard.has(byte)); tries += 1) {
    await bus.topic('one').publish(Uint8Array.of(byte))
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  assert.ok(listeners.every(({ heard }) => heard.has(byte)))
}
