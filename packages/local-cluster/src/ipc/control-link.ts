import type { OrderCommand, Report } from './control-protocol.ts'

/** The line to the preload in one running process. */
export interface ControlLink {
  /** False while the process is loading its program, is paused, or is gone: it would not answer. */
  readonly answering: boolean
  /** Sends a command. To a process that is gone it does nothing. */
  send(command: OrderCommand): void
  /** Hears what the preload reports, and that `answering` has changed. */
  listen(listener: (event: ControlEvent) => void): void
}

export type ControlEvent =
  | { readonly kind: 'report'; readonly report: Report }
  | { readonly kind: 'answering' }
