import { merged } from '../codec/update.ts'

/**
 * Changes on their way to one member: a few at a time, and those that come meanwhile together in the next. A member
 * answers only so many requests at once, and one that is slow for a moment must not refuse those that it could take
 * a moment later.
 */
export interface SendQueue {
  /** @returns whether the member confirmed the change */
  deliver(update: Uint8Array): Promise<boolean>
  readonly isIdle: boolean
}

/** Well below what a member answers at once. */
export const mostUnderWay = 16

interface Next {
  readonly updates: Uint8Array[]
  readonly delivered: Promise<boolean>
  readonly go: () => void
}

/** `send` tells whether the member confirmed, and does not throw. */
export const createSendQueue = (send: (update: Uint8Array) => Promise<boolean>): SendQueue => {
  let underWay = 0
  let next: Next | undefined

  const sendNow = async (update: Uint8Array): Promise<boolean> => {
    underWay += 1
    try {
      return await send(update)
    } finally {
      underWay -= 1
      next?.go()
    }
  }
  const gather = (): Next => {
    const updates: Uint8Array[] = []
    let go = (): void => undefined
    const delivered = new Promise<boolean>((resolve) => {
      go = () => {
        next = undefined
        resolve(sendNow(merged(updates)))
      }
    })
    return { updates, delivered, go }
  }

  return {
    deliver: (update) => {
      if (underWay < mostUnderWay) return sendNow(update)
      next ??= gather()
      next.updates.push(update)
      return next.delivered
    },
    get isIdle() {
      return underWay === 0
    },
  }
}
