import type { ControlEvent } from '../ipc/control-link.ts'
import type { ControlPanel } from '../ipc/control-panel.ts'
import type { NodeOrders, Report } from '../ipc/control-protocol.ts'

/** A process that answers orders by itself, or only when it is told to. */
export interface FakeProcess {
  /** The orders it was given, in order. */
  readonly told: readonly NodeOrders[]
  answer(): void
  report(report: Report): void
  become(state: 'answering' | 'silent'): void
}

export const fakeProcess = (
  panel: ControlPanel,
  node: string,
  { answers = 'at once' }: { answers?: 'at once' | 'when told' } = {},
): FakeProcess => {
  const told: NodeOrders[] = []
  const unanswered: number[] = []
  const listeners: ((event: ControlEvent) => void)[] = []
  let answering = true
  const tell = (event: ControlEvent): void => listeners.forEach((listener) => listener(event))
  const answer = (): void => {
    for (const seq of unanswered.splice(0))
      tell({ kind: 'report', report: { type: 'local-cluster:obeyed', seq } })
  }
  panel.attach(node, {
    get answering() {
      return answering
    },
    send: ({ seq, orders }) => {
      told.push(orders)
      unanswered.push(seq)
      if (answers === 'at once') queueMicrotask(answer)
    },
    listen: (listener) => void listeners.push(listener),
  })
  return {
    told,
    answer,
    report: (report) => tell({ kind: 'report', report }),
    become: (state) => {
      answering = state === 'answering'
      tell({ kind: 'answering' })
    },
  }
}
