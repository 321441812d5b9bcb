import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import * as Y from 'yjs'
import { endLine, factLine, headerLine, stateLine } from './line.ts'
import type { FactSet } from '@grapevine/facts'
import type { OpenDocument } from '../instance/documents.ts'
import type { OpenFacts } from '../instance/facts.ts'

/** All that an instance holds for good: users and what is of the app. Ended sessions are not in it, nor any secret. */
export interface Kept {
  readonly facts: Readonly<Record<string, Pick<OpenFacts, 'set' | 'replica'>>>
  readonly documents: Readonly<Record<string, KeptDocument>>
}

export interface KeptDocument extends Pick<OpenDocument, 'doc' | 'write'> {
  /** Removes all that is of this user, if anything in it is kept by user. */
  readonly keptByUser?: ((userId: string) => void) | undefined
}

export interface BackupOptions {
  readonly cluster: string
  readonly signal: AbortSignal
}

/** Lines between two turns of the event loop: about a millisecond. */
const turn = 500
/** Bytes of a document in one line. */
const partSize = 49_152

/**
 * What is held, as lines with their ends: one at a time, while people are served. What is written meanwhile may or may not be among
 * them: any part of a set of facts is a state that there could have been. The last line has a checksum of all before.
 *
 * @throws the reason of the signal
 */
export const backup = async function* (
  { facts, documents }: Kept,
  { cluster, signal }: BackupOptions,
): AsyncGenerator<string, void, undefined> {
  const hash = createHash('sha256')
  let lines = 0
  const said = (line: string): string => {
    hash.update(`${line}\n`)
    lines += 1
    return `${line}\n`
  }
  yield said(headerLine({ cluster, facts: Object.keys(facts), documents: Object.keys(documents) }))
  for (const [name, { set }] of Object.entries(facts))
    for (const line of linesOf(name, set)) {
      yield said(line)
      if (lines % turn === 0) await setImmediate()
      signal.throwIfAborted()
    }
  for (const [name, { doc }] of Object.entries(documents))
    for (const part of partsOf(doc)) yield said(stateLine(name, part))
  yield `${endLine(lines, hash.digest('hex'))}\n`
}

/** Erasures first. */
const linesOf = function* (name: string, set: FactSet): Generator<string> {
  for (const section of [set.erasures, set.facts])
    for (const key of section.keys()) {
      const fact = set.fact(key)
      if (fact !== undefined) yield factLine(name, fact)
    }
}

const partsOf = function* (doc: Y.Doc): Generator<Uint8Array> {
  const state = Y.encodeStateAsUpdate(doc)
  for (let at = 0; at < state.length; at += partSize) yield state.subarray(at, at + partSize)
}
