import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { silentLog, systemClock } from '@grapevine/std'
import { StorageUnavailableError } from '../../errors.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import { encodeResponse } from '../protocol/message.ts'
import type { Bus } from '../../bus.ts'
import type { Journal } from '../journal.ts'

interface Place {
  readonly outbox: Outbox
  readonly gossiped: Uint8Array[]
  readonly asked: string[]
}

interface Surroundings {
  readonly members?: readonly { readonly id: string; readonly state: string }[]
  /** Members that are linked; of these, who refuses. */
  readonly linked: readonly string[]
  readonly refusing?: readonly string[]
  readonly save?: () => Promise<void>
}

const place = ({ members, linked, refusing = [], save = async () => undefined }: Surroundings): Place => {
  const gossiped: Uint8Array[] = []
  const asked: string[] = []
  const bus: Bus = {
    self: { id: 'self' },
    ...(members === undefined ? {} : { members: () => members }),
    reachable: () => linked,
    topic: () => ({
      publish: async (bytes) => void gossiped.push(bytes),
      subscribe: () => () => undefined,
    }),
    request: async (member) => {
      asked.push(member)
      if (refusing.includes(member)) throw new Error('not now')
      return encodeResponse({ type: 'stored' })
    },
    handle: async () => () => undefined,
    on: () => () => undefined,
  }
  const unused = (): never => {
    throw new Error('not used here')
  }
  const journal: Journal = {
    save,
    settled: unused,
    compact: unused,
    state: 'keeping',
    unsaved: 0,
    close: unused,
  }
  const traffic = { refused: 0, dropped: 0, gaps: 0, bytesIn: 0, bytesOut: 0 }
  const { signal } = new AbortController()
  const context = { bus, name: 'notes', traffic, clock: systemClock, signal, log: silentLog, journal }
  return { outbox: createOutbox({ ...context, exchangeAnewWith: unused }), gossiped, asked }
}

const change = (): Uint8Array => {
  const doc = new Y.Doc()
  doc.getMap('notes').set('milk', true)
  return Y.encodeStateAsUpdate(doc)
}

/** Adds a change. @returns what each member said */
const sent = async ({ outbox }: Place): Promise<readonly boolean[]> => {
  outbox.add(change())
  return Promise.all((await outbox.flushed()).values())
}

const alive = (...ids: readonly string[]) => ids.map((id) => ({ id, state: 'alive' }))

test('the others are sent a change while this disk still writes, and it counts when this disk has it', async () => {
  let written: () => void = () => undefined
  const writing = new Promise<void>((resolve) => (written = resolve))
  const here = place({ linked: ['b', 'c'], members: alive('self', 'b', 'c'), save: () => writing })
  here.outbox.add(change())
  let isFlushed = false
  const flushed = here.outbox.flushed().then(() => (isFlushed = true))
  while (here.asked.length < 2) await new Promise((resolve) => setImmediate(resolve))
  expect(isFlushed).toBe(false)
  written()
  await flushed
})

test('a change that this disk does not take is not acknowledged, though others have it', async () => {
  const save = (): Promise<void> => Promise.reject(new StorageUnavailableError('full'))
  const here = place({ linked: ['b'], members: alive('self', 'b'), save })
  here.outbox.add(change())
  await expect(here.outbox.flushed()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
  expect(here.asked).toEqual(['b'])
})

test('where every member is linked nothing is gossiped', async () => {
  const away = [
    { id: 'd', state: 'down' },
    { id: 'e', state: 'left' },
  ]
  const here = place({ linked: ['b', 'c'], members: [...alive('self', 'b', 'c'), ...away] })
  expect(await sent(here)).toEqual([true, true])
  expect(here.gossiped.length).toBe(0)
})

test('gossip reaches for a member that is not linked, also when the bus cannot tell', async () => {
  const distant = place({ linked: ['b'], members: alive('self', 'b', 'c') })
  await sent(distant)
  expect(distant.gossiped.length).toBe(1)
  const unknown = place({ linked: ['b'] })
  await sent(unknown)
  expect(unknown.gossiped.length).toBe(1)
})

test('a change that a linked member did not confirm is gossiped after all', async () => {
  const here = place({ linked: ['b', 'c'], members: alive('self', 'b', 'c'), refusing: ['c'] })
  expect(await sent(here)).toEqual([true, false])
  expect(here.gossiped.length).toBe(1)
})
