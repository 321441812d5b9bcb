import { reasonOf, shown } from '@grapevine/std'

/** No node of this cluster has that name or index. Nothing was changed. */
export class UnknownNodeError extends Error {
  override readonly name = 'UnknownNodeError'
  readonly code = 'UNKNOWN_NODE'

  constructor(seen: unknown, known: readonly string[]) {
    super(
      `there is no node ${shown(seen)}; the nodes are ${known.join(', ')} (indexes 0 to ${known.length - 1})`,
    )
  }
}

/** A node's process did not become ready. That process has been killed. */
export class NodeStartError extends Error {
  override readonly name = 'NodeStartError'
  readonly code = 'NODE_NOT_STARTED'
  readonly node: string

  constructor(node: string, reason: string, log: readonly string[], options?: ErrorOptions) {
    const said = log.length === 0 ? 'It wrote nothing.' : `Its last lines:\n${log.join('\n')}`
    super(`${node} did not start: ${reason}. ${said}`, options)
    this.node = node
  }
}

/** What was asked needs a running process, and the node's is paused or gone. Nothing was changed. */
export class NodeStateError extends Error {
  override readonly name = 'NodeStateError'
  readonly code = 'NODE_STATE'
  readonly node: string

  constructor(node: string, asked: string, state: string) {
    super(`cannot ${asked} ${node}: its process is ${state}`)
    this.node = node
  }
}

/** A node answered with another status than 2xx, or with something that is not JSON, where JSON was asked for. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError'
  readonly code = 'BAD_ANSWER'
  readonly status: number

  constructor(url: string, status: number, problem: string, options?: ErrorOptions) {
    super(`${url} answered ${status}: ${problem}`, options)
    this.status = status
  }
}

/** Some nodes have not confirmed a fault in time. It may be in force on the others; `heal()` undoes it. */
export class FaultTimeoutError extends Error {
  override readonly name = 'FaultTimeoutError'
  readonly code = 'FAULT_NOT_IN_FORCE'
  readonly nodes: readonly string[]

  constructor(nodes: readonly string[], timeoutMs: number) {
    super(`${nodes.join(', ')} did not confirm the fault within ${timeoutMs} ms: is the event loop blocked?`)
    this.nodes = nodes
  }
}

/** The driver of this cluster cannot do such a fault, or the cluster lacks what it needs. Nothing was changed. */
export class UnsupportedFaultError extends Error {
  override readonly name = 'UnsupportedFaultError'
  readonly code = 'FAULT_UNSUPPORTED'
  /** What would do it. */
  readonly needs: string

  constructor(fault: string, driver: string, needs: string) {
    super(`the driver '${driver}' cannot ${fault}; ${needs} can`)
    this.needs = needs
  }
}

/** Network namespaces were asked for, and this machine does not permit them or lacks a program. Nothing was started. */
export class NamespacesUnavailableError extends Error {
  override readonly name = 'NamespacesUnavailableError'
  readonly code = 'NAMESPACES_UNAVAILABLE'

  constructor(why: string) {
    super(`network namespaces are not possible here: ${why}`)
  }
}

/** A program of the system failed that a fault needs. What it was to change may be changed in part; `heal()` undoes it. */
export class SystemCommandError extends Error {
  override readonly name = 'SystemCommandError'
  readonly code = 'SYSTEM_COMMAND'

  constructor(command: string, said: string, options?: ErrorOptions) {
    super(`${command}: ${said.trim() || 'failed and said nothing'}`, options)
  }
}

/** The cluster was stopped or its signal was aborted: no node can be started in it. */
export class ClusterStoppedError extends Error {
  override readonly name = 'ClusterStoppedError'
  readonly code = 'CLUSTER_STOPPED'

  constructor() {
    super('the cluster was stopped; start another one')
  }
}

/** The process that ends the nodes if this one dies could not do its work. Processes or folders may be left. */
export class ReaperError extends Error {
  override readonly name = 'ReaperError'
  readonly code = 'REAPER'
}

/** The package's own files that run in child processes are missing: it was not built. */
export class NotBuiltError extends Error {
  override readonly name = 'NotBuiltError'
  readonly code = 'NOT_BUILT'

  constructor(file: string) {
    super(`${file} is missing: build the package first (tsc -b)`)
  }
}

/** An assertion did not come to hold. `cause` is its last failure. */
export class NotEventuallyError extends Error {
  override readonly name = 'NotEventuallyError'
  readonly code = 'NOT_EVENTUALLY'
  readonly tries: number
  readonly elapsedMs: number

  constructor(tries: number, elapsedMs: number, last: unknown) {
    const times = tries === 1 ? '1 try' : `${tries} tries`
    super(`still failing after ${Math.round(elapsedMs)} ms and ${times}: ${reasonOf(last)}`, { cause: last })
    this.tries = tries
    this.elapsedMs = elapsedMs
  }
}

/** A page has not the form, the field or the redirect that a browser would need. Nothing was sent. */
export class PageError extends Error {
  override readonly name = 'PageError'
  readonly code = 'BAD_PAGE'

  constructor(page: { url: string; status: number }, problem: string) {
    super(`${page.url} (status ${page.status}): ${problem}`)
  }
}
