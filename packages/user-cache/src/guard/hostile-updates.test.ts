/** Whatever a member sends: what the policy accepts takes no fact away but with the erasure of its user. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { encodeStamp, nodeTag } from '../clock/stamp.ts'
import { factKey, parseFact, parseFactKey } from '../facts/fact.ts'
import { hashOf, judge, noon, startNode, testId } from '../testing/kit.ts'
import type { TestNode } from '../testing/kit.ts'

const at = encodeStamp({ ms: noon, counter: 0 }, nodeTag('hostile'))
const users = 4

/** Four users, one of them erased. */
const startVictim = (): TestNode => {
  const node = startNode('victim')
  const ids = Array.from({ length: users }, (_, n) => {
    const { id } = node.users.register({ username: `user${n}`, passwordHash: hashOf(`${n}`) })
    node.users.disable(id)
    return id
  })
  node.users.erase(ids[0] ?? '')
  return node
}

const step = fc.record({
  kind: fc.constantFrom('set', 'again', 'delete', 'bury', 'insert', 'erase', 'nest', 'write'),
  /** A copy of the document replaces what stands there; an empty one writes beside it. */
  from: fc.constantFrom('copy', 'empty'),
  client: fc.constantFrom(1, 'theirs', 2 ** 32 - 1),
  target: fc.nat(20),
})
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

const attack = fc.array(fc.tuple(fc.array(step, { minLength: 1, maxLength: 4 }), fc.nat(15)), {
  minLength: 1,
  maxLength: 4,
})

/** What each step of a hostile member puts on the wire. */
const forge = (victim: TestNode, steps: readonly Step[]): Uint8Array[] => {
  const updates: Uint8Array[] = []
  for (const each of steps) {
    const peer = new Y.Doc()
    if (each.from === 'copy') Y.applyUpdate(peer, Y.encodeStateAsUpdate(victim.doc))
    peer.clientID = each.client === 'theirs' ? victim.doc.clientID : Number(each.client)
    peer.on('update', (update: Uint8Array) => updates.push(update))
    act(victim, peer, each)
  }
  return updates
}

const act = (victim: TestNode, peer: Y.Doc, { kind, target }: Step): void => {
  const held = [...victim.doc.getMap('users')]
  const [key = '', value] = held[target % held.length] ?? []
  const user = parseFactKey(key)?.user ?? ''
  const map = peer.getMap('users')
  if (kind === 'set') map.set(key, { kind: 'sessionsEnded', user, at: at })
  else if (kind === 'again') map.set(key, value)
  else if (kind === 'delete') map.delete(key)
  else if (kind === 'nest') map.set(key, new Y.Map([['kind', 'erased']]))
  else if (kind === 'write') peer.getText('notes').insert(0, 'x')
  else if (kind === 'bury') {
    map.set(key, value)
    map.delete(key)
  } else {
    const ending = kind === 'erase' && target < 3 ? 'erased' : 'disabled'
    map.set(factKey({ user, fact: testId(`${target % 5}`) }), { kind: ending, user, at: at })
  }
}

const lost = (before: ReadonlyMap<string, unknown>, { doc }: TestNode): string[] => {
  const now = doc.getMap('users')
  const erased = new Set<string>()
  for (const value of now.values()) {
    const parsed = parseFact(value)
    if (parsed.kind === 'fact' && parsed.fact.kind === 'erased') erased.add(parsed.fact.user)
  }
  return [...before]
    .filter(([key, value]) => JSON.stringify(now.get(key)) !== JSON.stringify(value))
    .map(([key, value]) => `${erased.has(parseFactKey(key)?.user ?? '')} ${JSON.stringify(value)}`)
    .filter((loss) => loss.startsWith('false') || loss.includes('"erased"'))
}

describe('a hostile member', () => {
  test('takes no fact away but with the erasure of its user, and no erasure', () => {
    let accepted = 0
    const keeps = fc.property(attack, (rounds) => {
      const victim = startVictim()
      for (const [steps, subset] of rounds) {
        const updates = forge(victim, steps).filter((_update, index) => ((subset >> index) & 1) === 0)
        if (updates.length === 0) continue
        const update = Y.mergeUpdates(updates)
        if (judge(victim, update).verdict === 'refuse') continue
        accepted += 1
        const before = new Map(victim.doc.getMap('users').entries())
        Y.applyUpdate(victim.doc, update)
        expect(lost(before, victim)).toEqual([])
        expect(victim.doc.store.pendingStructs).toBeNull()
      }
    })
    fc.assert(keeps, { numRuns: 400 })
    expect(accepted).toBeGreaterThan(50)
  })
})
