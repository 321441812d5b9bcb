import { reasonOf } from '@grapevine/std'
import type { Compiled } from './compiler.ts'

/** An instance that can be started anew; of a node of local-cluster what is needed here. */
export interface Restartable {
  readonly name: string
  readonly state: { readonly kind: 'starting' | 'running' | 'paused' | 'exited' }
  restart(): Promise<unknown>
}

export interface RebuildingOptions {
  readonly nodes: () => readonly Restartable[]
  readonly compile: () => Promise<Compiled>
  readonly say: (line: string) => void
  readonly now: () => number
}

/**
 * Builds and restarts after an edit; edits that come meanwhile are one more round. An instance that somebody stopped stays stopped, one
 * that failed to start because of an edit is tried again with the next.
 *
 * @returns what to call after an edit
 */
export const rebuilding = ({ nodes, compile, say, now }: RebuildingOptions): (() => Promise<void>) => {
  const failed = new Set<string>()
  let round: 'none' | 'under-way' | 'asked-for' = 'none'

  const restart = async (node: Restartable): Promise<void> => {
    try {
      await node.restart()
      failed.delete(node.name)
    } catch (error) {
      failed.add(node.name)
      say(`${node.name} does not start: ${reasonOf(error)}`)
    }
  }

  const rebuild = async (): Promise<void> => {
    const began = now()
    const compiled = await compile()
    if (compiled.kind === 'failed') return say(`not rebuilt, and so not restarted:\n${compiled.words}`)
    const ours = nodes().filter(({ name, state }) => state.kind === 'running' || failed.has(name))
    say(
      `rebuilt in ${((now() - began) / 1_000).toFixed(1)} s; ${ours.map(({ name }) => name).join(', ')} start anew`,
    )
    await Promise.all(ours.map(restart))
  }

  return async () => {
    if (round !== 'none') {
      round = 'asked-for'
      return
    }
    do {
      round = 'under-way'
      await rebuild()
      // Whoever edits meanwhile has set it.
    } while ((round as string) === 'asked-for')
    round = 'none'
  }
}
