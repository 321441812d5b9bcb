/** A text of a source, and what stands in its place. */
export interface Edit {
  /** From the root of the repository. */
  readonly file: string
  readonly find: string
  readonly replace: string
}

/** A defect that is put back: most were there once. */
export interface Mutation {
  readonly name: string
  readonly edits: readonly Edit[]
}

const facts = 'packages/replica/src/facts'

export const mutations: readonly Mutation[] = [
  {
    name: 'a stamp as authority: the latest counts, whatever it names as superseded',
    edits: [
      {
        file: 'packages/user-cache/src/fold/history.ts',
        find: 'if (!heads.delete(named) && !hasArrived(named)) miss(history, named, register)',
        replace: 'if (!hasArrived(named)) miss(history, named, register)',
      },
    ],
  },
  {
    name: 'an append that failed, or was not asked for yet, counted as saved',
    edits: [
      {
        file: `${facts}/persistence/saver.ts`,
        find: "    await underWay.get(kept)\n    if (journal.owes(kept)) throw new StorageUnavailableError('the disk does not take writes; it is owed')\n",
        replace: '    void underWay, void journal\n',
      },
    ],
  },
  {
    name: 'an erasure told by reading: what comes after it is taken in',
    edits: [
      {
        file: 'packages/facts/src/fact-set.ts',
        find: '(erasing.has(fact.subject) || subjects.isErased(fact.subject))',
        replace: 'erasing.has(fact.subject)',
      },
    ],
  },
  {
    name: 'a confirmation before the flush',
    edits: [
      {
        file: 'packages/replica/src/storage/file/log-writer.ts',
        find: '    await log.file.sync()\n    log.length = end\n',
        replace: '    log.length = end\n',
      },
    ],
  },
  {
    name: 'an exchange that failed counted as done',
    edits: [
      {
        file: `${facts}/exchange/schedule.ts`,
        find: '      if (error instanceof StorageUnavailableError) return\n',
        replace:
          '      if (error instanceof StorageUnavailableError) return\n      readiness.completed(member)\n      if (!signal.aborted) return\n',
      },
    ],
  },
  {
    name: 'sign-ups and log-ins taken before every exchange',
    edits: [
      {
        file: 'packages/koa/src/instance/instance.ts',
        find: 'isReady: () => userReplica.status().ready && mayBeReady(),',
        replace: 'isReady: () => true,',
      },
      {
        file: 'packages/koa/src/http/app.ts',
        find: 'refuseUntilReady({ isReady: instance.hasUsers })',
        replace: 'refuseUntilReady({ isReady: () => true })',
      },
    ],
  },
  {
    name: 'nobody compares after a link or now and then: gossip alone',
    edits: [
      {
        file: `${facts}/exchange/schedule.ts`,
        find: '    if (signal.aborted || underWay.has(member) || !bus.reachable().includes(member)) return\n',
        replace:
          '    if (readiness.isReady || signal.aborted || underWay.has(member) || !bus.reachable().includes(member)) return\n',
      },
    ],
  },
  {
    name: 'a log-out that is answered and recorded nowhere',
    edits: [
      {
        file: 'packages/koa/src/ended-sessions/ended-sessions.ts',
        find: 'await place.replica.write(() => place.set.insert([fact]), { signal })',
        replace: 'void fact, void signal',
      },
    ],
  },
  {
    name: 'an erasure that makes no compaction due',
    edits: [{ file: `${facts}/persistence/journal.ts`, find: '      compactor.purge()\n', replace: '' }],
  },
  {
    name: 'what is kept by user stays when the user is erased',
    edits: [
      {
        file: 'packages/koa/src/instance/content.ts',
        find: 'options?.keptByUser === true ? users : undefined',
        replace: 'options?.keptByUser === undefined ? users : undefined',
      },
    ],
  },
  {
    name: 'a changed password that ends no session',
    edits: [
      {
        file: 'packages/user-cache/src/fold/history.ts',
        find: "passwordChanged: ['password', 'sessions'],",
        replace: "passwordChanged: ['password'],",
      },
    ],
  },
]
