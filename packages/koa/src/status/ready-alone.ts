import type { Membership } from '@grapevine/membership'

/** Whether it may be ready as far as other members are concerned; once it was, it stays so. */
export type MayBeReady = (isReadyOtherwise: boolean) => boolean

/**
 * Alone is never assumed: who has reason to believe in others and reaches none is not ready for a while, at its start. Later
 * it is not asked again: a member that a split cuts off goes on serving.
 *
 * @param readyAloneAfter milliseconds, or Infinity
 */
export const readyAlone = (
  membership: Pick<Membership, 'discovery'>,
  readyAloneAfter: number,
): MayBeReady => {
  let isSettled = false
  return (isReadyOtherwise) => {
    if (isSettled) return true
    const { expectsOthers, isAlone, aloneFor } = membership.discovery()
    const mayBe = !isAlone || !expectsOthers || aloneFor >= readyAloneAfter
    isSettled = mayBe && isReadyOtherwise
    return mayBe
  }
}
