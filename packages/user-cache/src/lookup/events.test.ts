import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { UserEvent } from './events.ts'
import { emptySet, hashOf, heal, noon, pull, startNode } from '../testing/kit.ts'
import type { TestNode } from '../testing/kit.ts'
import { createUserCache } from '../user-cache.ts'

const adaRegistration = { username: 'Ada', passwordHash: hashOf('one') }

let node: TestNode
beforeEach(() => {
  node = startNode('n1')
})

const listener = () => vi.fn<(event: UserEvent) => void>()

describe('events', () => {
  test('tell registration, change and erasure, after the look-ups answer accordingly', () => {
    const told: string[] = []
    let ada = ''
    node.users.on('user:registered', ({ user }) => told.push(`+ ${node.users.size} ${user.username}`))
    node.users.on('user:changed', ({ user, previous }) => told.push(`${previous.disabled}>${user.disabled}`))
    node.users.on('user:erased', ({ id }) => told.push(`- ${node.users.size} ${id === ada}`))
    ada = node.users.register(adaRegistration).id
    node.users.disable(ada)
    node.users.erase(ada)
    expect(told).toEqual(['+ 1 Ada', 'false>true', '- 0 true'])
  })

  test('tell of merged users, and of a contested name with the owner first', () => {
    const other = startNode('n2', { clock: noon - 1 })
    const mine = node.users.register(adaRegistration)
    const theirs = other.users.register(adaRegistration)
    const [registered, changed, contested] = [listener(), listener(), listener()]
    node.users.on('user:registered', registered)
    node.users.on('user:changed', changed)
    node.users.on('name:contested', contested)
    pull(node, other)
    expect(registered.mock.calls).toMatchObject([[{ user: { id: theirs.id, claim: 'owner' } }]])
    expect(changed.mock.calls).toMatchObject([[{ user: { id: mine.id, claim: 'loser' }, previous: mine }]])
    expect(contested.mock.calls).toMatchObject([
      [{ name: 'ada', claimants: [{ id: theirs.id }, { id: mine.id }] }],
    ])
  })

  test('are not told of facts that change nothing, nor after unsubscribing', () => {
    const { id } = node.users.register(adaRegistration)
    const changed = listener()
    const off = node.users.on('user:changed', changed)
    const slow = startNode('n2', { clock: noon - 1 })
    heal(node, slow)
    node.users.enable(id)
    slow.users.rename(id, 'TooEarly')
    node.users.rename(id, 'Eva')
    expect(changed).toHaveBeenCalledOnce()
    pull(node, slow)
    off()
    node.users.disable(id)
    expect(changed).toHaveBeenCalledOnce()
  })

  test('a listener that throws stops neither the write nor the other listeners, and its error is reported', () => {
    const onListenerError = vi.fn<(error: unknown) => void>()
    const users = createUserCache({ facts: emptySet(), nodeId: 'n1', onListenerError })
    const heard = listener()
    const failure = new Error('listener')
    users.on('user:registered', () => {
      throw failure
    })
    users.on('user:registered', heard)
    users.register(adaRegistration)
    expect(onListenerError).toHaveBeenCalledExactlyOnceWith(failure)
    expect(heard).toHaveBeenCalledOnce()
  })
})
