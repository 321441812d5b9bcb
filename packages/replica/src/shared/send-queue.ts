/**
 * Changes on their way to one member: a few at a time, and those that come meanwhile together in the next. A member
 * answers only so many requests at once, and one that is slow for a moment must not refuse those that it could take
 * a moment later.
 */
export interface SendQueue<T> {
  /** @returns whether the member confirmed the change */
  deliver(change: T): Promise<boolean>
  readonly isIdle: boolean
}

/** Well below what a member answers at once. */
export const mostUnderWay = 16

interface Next<T> {
  readonly changes: T[]
  readonly delivered: Promise<boolean>
  readonly go: () => void
}

/** `send` tells whether the member confirmed, and does not throw; `merge` makes one change of several. */
export const createSendQueue = <T>(
  send: (change: T) => Promise<boolean>,
  merge: (changes: readonly T[]) => T,
): SendQueue<T> => {
  let underWay = 0
  let next: Next<T> | undefined

  const sendNow = async (change: T): Promise<boolean> => {
    underWay += 1
    try {
      return await send(change)
    } finally {
      underWay -= 1
      next?.go()
    }
  }
  const gather = (): Next<T> => {
    const changes: T[] = []
    let go = (): void => undefined
    const delivered = new Promise<boolean>((resolve) => {
      go = () => {
        next = undefined
        resolve(sendNow(merge(changes)))
      }
    })
    return { changes, delivered, go }
  }

  return {
    deliver: (change) => {
      if (underWay < mostUnderWay) return sendNow(change)
      next ??= gather()
      next.changes.push(change)
      return next.delivered
    },
    get isIdle() {
      return underWay === 0
    },
  }
}
