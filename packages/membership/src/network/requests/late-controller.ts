/** What of an AbortController is needed to tell a handler to stop. */
export interface LateController {
  readonly signal: AbortSignal
  abort(reason: Error): void
}

/**
 * An AbortController that is made when its signal is first asked for. Few handlers ask, and to make one takes longer
 * than to take in a small request.
 */
export const lateController = (): LateController => {
  let controller: AbortController | undefined
  let aborted: { readonly reason: Error } | undefined
  return {
    get signal() {
      controller ??= new AbortController()
      if (aborted !== undefined) controller.abort(aborted.reason)
      return controller.signal
    },
    abort: (reason) => {
      aborted ??= { reason }
      controller?.abort(reason)
    },
  }
}
