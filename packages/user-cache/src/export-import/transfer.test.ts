import { setImmediate } from 'node:timers/promises'
import * as fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { hashOf, heal, noon, said, smuggle, startNode, testId } from '../testing/kit.ts'
import type { TestNode } from '../testing/kit.ts'
import type { Progress } from './batches.ts'

const adaRegistration = { username: 'Ada', passwordHash: hashOf('one') }
const nothing = { inserted: 0, known: 0, erased: 0, registered: 0, nameTaken: 0, blank: 0 }

let node: TestNode
let other: TestNode
beforeEach(() => {
  node = startNode('n1')
  other = startNode('n2')
})

const linesOf = async ({ users }: TestNode): Promise<string[]> => {
  const lines: string[] = []
  for await (const line of users.export()) lines.push(line)
  return lines
}

const plain = (count: number): string[] =>
  Array.from({ length: count }, (_, n) =>
    JSON.stringify({ username: `user${n}`, passwordHash: hashOf(`${n}`) }),
  )

/** Two users of one name, and one of everything that can happen to them. */
const fillNode = (): string => {
  const { id } = node.users.register(adaRegistration)
  node.users.changePassword(id, hashOf('two'))
  node.users.rehash(id, hashOf('two, anew'), hashOf('two'))
  node.users.disable(id)
  node.users.enable(id)
  node.users.endSessions(id)
  node.users.rename(id, 'Eva')
  node.users.rename(id, 'EVA')
  const rival = startNode('n3', { clock: noon - 1 })
  rival.users.register({ ...adaRegistration, username: 'eva' })
  heal(node, rival)
  expect(node.users.claimants('Eva')).toHaveLength(2)
  return id
}

describe('an export, imported elsewhere,', () => {
  test('makes the same users, with the same claims and session epochs', async () => {
    const id = fillNode()
    const report = await other.users.import(await linesOf(node))
    expect(report).toEqual({ ...nothing, inserted: 9 })
    expect(other.users.get(id)).toEqual(node.users.get(id))
    expect(other.users.claimants('Eva')).toEqual(node.users.claimants('Eva'))
  })

  test('changes nothing the second time, nor where it came from', async () => {
    fillNode()
    const lines = await linesOf(node)
    await other.users.import(lines)
    const updates: unknown[] = []
    for (const { doc } of [node, other]) doc.on('update', (update: Uint8Array) => updates.push(update))
    for (const { users } of [node, other]) expect(await users.import(lines)).toEqual({ ...nothing, known: 9 })
    expect(updates).toEqual([])
  })

  test('in any order, and in parts, is the same', async () => {
    fillNode()
    const lines = await linesOf(node)
    const anyOrder = fc.asyncProperty(
      fc.shuffledSubarray(lines, { minLength: lines.length }),
      async (shuffled) => {
        const target = startNode('n4')
        await target.users.import(shuffled.slice(0, 4))
        await target.users.import(shuffled)
        expect(target.users.claimants('Eva')).toEqual(node.users.claimants('Eva'))
      },
    )
    await fc.assert(anyOrder, { numRuns: 50 })
  })

  test('does not bring back who was erased since, and carries erasures', async () => {
    const id = fillNode()
    const before = await linesOf(node)
    node.users.erase(id)
    const after = await linesOf(node)
    expect(after.join()).not.toContain('Ada')
    const old = await node.users.import(before)
    expect(old).toEqual({ ...nothing, known: 1, erased: 8 })
    await other.users.import([...before, ...after])
    for (const { users } of [node, other]) expect(users.get(id)).toBeUndefined()
    expect(JSON.stringify(other.doc.toJSON())).not.toContain('Ada')
  })
})

describe('an export', () => {
  test('tells its version first, and then erasures before all else', async () => {
    const id = fillNode()
    node.users.register({ ...adaRegistration, username: 'Bob' })
    node.users.erase(id)
    const lines = (await linesOf(node)).map((line): object => JSON.parse(line))
    expect(lines[0]).toEqual({ grapevine: 'users', version: 1 })
    expect(lines[1]).toEqual({ subject: id, mark: '!' })
    expect(lines.slice(2)).toHaveLength(2)
    for (const line of lines.slice(2)) expect(Object.keys(line)).toEqual(['subject', 'mark', 'text'])
  })

  test('has what is not read here as well, for whoever reads it', async () => {
    smuggle(node, testId('user'), said('promoted'))
    smuggle(node, testId('user'), '\u0001'.repeat(16_384))
    await other.users.import(await linesOf(node))
    expect(other.facts.digest()).toBe(node.facts.digest())
    expect(other.users.unread()).toMatchObject({ unknownKind: { count: 1 }, noObject: { count: 1 } })
  })
})

describe('users from elsewhere', () => {
  test('keep a name that mixes scripts, under which nobody could sign up', async () => {
    const name = 'Иvan'
    expect(() => node.users.register({ ...adaRegistration, username: name })).toThrow('one script')
    await node.users.import([JSON.stringify({ ...adaRegistration, username: name })])
    expect(node.users.claimants(name)).toHaveLength(1)
  })

  test('are registered where the name is free', async () => {
    const { id } = node.users.register({ ...adaRegistration, username: 'USER1' })
    const report = await node.users.import([...plain(3), '', ...plain(1)])
    expect(report).toEqual({ ...nothing, registered: 2, nameTaken: 2, blank: 1 })
    expect(node.users.claimants('user0')[0]?.passwordHash).toBe(hashOf('0'))
    expect(node.users.claimants('user1').map((user) => user.id)).toEqual([id])
  })
})

describe('a bad line', () => {
  const fact = { subject: testId('user'), mark: '.', text: '{"kind":"promoted"}' }

  test.each([
    ['no JSON', '{"username":"Ada","passwordHash":"$argon2id$', 'a line is a JSON object'],
    ['an array', '[]', 'a line is a JSON object'],
    ['too long', `"${'x'.repeat(100_000)}"`, 'at most 100000 characters, not 100002'],
    ['a field more', JSON.stringify({ ...fact, admin: true }), 'there is nothing else'],
    ['__proto__', JSON.stringify(fact).replace('{', '{"__proto__":{"a":1},'), 'there is nothing else'],
    ['an erasure with a text', JSON.stringify({ ...fact, mark: '!' }), 'an erasure has no "text"'],
    ['another mark', JSON.stringify({ ...fact, mark: '?' }), '"subject", "mark" and "text"'],
    ['a subject of other letters', JSON.stringify({ ...fact, subject: 'a b' }), 'A subject is 1 to 64'],
    ['a text over the bound', JSON.stringify({ ...fact, text: 'x'.repeat(20_000) }), 'at most 16384 bytes'],
    ['half a surrogate pair', JSON.stringify({ ...fact, text: '\ud800' }), 'well-formed Unicode'],
    ['a later version', '{"grapevine":"users","version":2}', 'reads up to 1: upgrade it first'],
    ['an export of something else', '{"grapevine":"entries","version":1}', 'the first line of an export'],
    [
      'a password in the clear',
      JSON.stringify({ ...adaRegistration, passwordHash: 'hunter2' }),
      'not an argon2id hash',
    ],
    ['a bad name', JSON.stringify({ ...adaRegistration, username: 'a b' }), 'this one has a space'],
    ['a user with more', JSON.stringify({ ...adaRegistration, admin: true }), 'and nothing else'],
  ])('is told by number and reason, without its values: %s', async (_what, line, why) => {
    const failure: unknown = await node.users
      .import([...plain(2), line, ...plain(9)])
      .catch((e: unknown) => e)
    expect(failure).toMatchObject({ code: 'INVALID_LINE', line: 3, message: expect.stringContaining(why) })
    expect(failure).toMatchObject({ message: expect.stringContaining('The 2 lines before it were taken') })
    expect(String(failure)).not.toMatch(/hunter2|argon2id\$/)
    expect(node.users.size).toBe(2)
  })

  test('anywhere leaves exactly the lines before it', async () => {
    const where = fc.asyncProperty(fc.nat(350), fc.string(), async (at, garbage) => {
      const target = startNode('n4')
      const bad = target.users.import([...plain(at), `x${garbage}`, ...plain(400).slice(at)])
      await expect(bad).rejects.toMatchObject({ code: 'INVALID_LINE', line: at + 1 })
      expect(target.users.size).toBe(at)
    })
    await fc.assert(where, { numRuns: 20 })
  })
})

describe('a large transfer', () => {
  test('is written in small transactions, with a turn of the event loop after each, and tells how far it is', async () => {
    const seen: Progress[] = []
    let [turns, transactions, running] = [0, 0, true]
    node.doc.on('afterTransaction', () => void (transactions += 1))
    const tick = (): void => {
      turns += 1
      if (running) void setImmediate().then(tick)
    }
    void setImmediate().then(tick)
    await node.users.import(plain(120), { total: 120, onProgress: (progress) => seen.push(progress) })
    running = false
    expect(seen).toEqual([50, 100, 120].map((done) => ({ done, total: 120 })))
    expect(transactions).toBe(3)
    expect(turns).toBeGreaterThanOrEqual(3)
  })

  test('waits for each batch to be written as the caller does it', async () => {
    const log: string[] = []
    await node.users.import(plain(120), {
      write: async (change) => {
        log.push('begin')
        node.doc.transact(change)
        // Longer than the turn of the event loop that each batch is followed by.
        for (let turn = 0; turn < 3; turn += 1) await setImmediate()
        log.push('end')
      },
    })
    expect(log).toEqual(['begin', 'end', 'begin', 'end', 'begin', 'end'])
  })

  test('stops between two batches when aborted, and what was told as done stays', async () => {
    const stop = new AbortController()
    let done = 0
    const importing = node.users.import(plain(1_000), {
      signal: stop.signal,
      onProgress: (progress) => {
        ;({ done } = progress)
        if (done === 200) stop.abort(new Error('enough'))
      },
    })
    await expect(importing).rejects.toThrow('enough')
    expect(node.users.size).toBe(done)
  })

  test('out goes line by line: who is erased meanwhile is not in it, and it can be aborted', async () => {
    await node.users.import(plain(1_200))
    const [stop, seen] = [new AbortController(), [] as Progress[]]
    const lines = node.users.export({ signal: stop.signal, onProgress: (progress) => seen.push(progress) })
    const exported: string[] = []
    const last = node.users.claimants('user1199')[0]?.id ?? ''
    const reading = (async () => {
      for await (const line of lines) {
        if (exported.push(line) === 1) node.users.erase(last)
        if (exported.length === 700) stop.abort(new Error('enough'))
      }
    })()
    await expect(reading).rejects.toThrow('enough')
    expect(exported).toHaveLength(1_001)
    expect(seen).toEqual([500, 1_000].map((done) => ({ done, total: 1_200 })))
    expect((await linesOf(node)).join()).not.toContain('user1199')
  })

  test('what the source of the lines throws ends it, with the batches before written', async () => {
    const failing = function* (): Generator<string> {
      yield* plain(170)
      throw new Error('disk')
    }
    await expect(node.users.import(failing())).rejects.toThrow('disk')
    expect(node.users.size).toBe(150)
  })

  test('into a closed cache is refused', async () => {
    node.users.close()
    await expect(node.users.import(plain(1))).rejects.toMatchObject({ code: 'CACHE_CLOSED' })
    expect(node.facts.size).toBe(0)
  })
})
