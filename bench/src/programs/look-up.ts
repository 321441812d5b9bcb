import { createFactSet } from '@grapevine/facts'
import { createUserCache } from '@grapevine/user-cache'
import * as Y from 'yjs'
import { monotonic } from '../clock.ts'
import { serve } from '../processes/serve.ts'
import { hashOf, usernameOf } from '../users.ts'

/** Looks users up by id, as each request does; one of the two kinds a process, so that neither is compiled for both. */
export interface LookUpCalls {
  prepare(options: { readonly users: number; readonly kind: 'user cache' | 'Map' }): void
  /** @returns nanoseconds for one, the mean of so many rounds of all ids in a random order */
  time(rounds: number): number
}

let look: (id: string) => { readonly username: string } | undefined = () => undefined
let ids: string[] = []

serve<LookUpCalls>({
  prepare: ({ users: count, kind }) => {
    const doc = new Y.Doc()
    const facts = createFactSet({ doc, root: 'users' })
    const users = createUserCache({ facts, nodeId: 'look-up' })
    doc.transact(() => {
      for (let index = 0; index < count; index += 1)
        ids.push(users.register({ username: usernameOf(index), passwordHash: hashOf(index) }).id)
    })
    const map = new Map(ids.map((id) => [id, users.get(id)]))
    look = kind === 'Map' ? (id) => map.get(id) : (id) => users.get(id)
    // Ids are random: their order is, too. As text that came with a request, not the strings that are the keys.
    ids = ids.sort().map((id) => Buffer.from(id).toString())
  },
  time: (rounds) => {
    let letters = 0
    const begun = monotonic()
    for (let round = 0; round < rounds; round += 1)
      for (const id of ids) letters += look(id)?.username.length ?? 0
    const taken = monotonic() - begun
    if (letters !== rounds * ids.length * usernameOf(0).length) throw new Error('somebody was not found')
    return (taken * 1e6) / (rounds * ids.length)
  },
})
