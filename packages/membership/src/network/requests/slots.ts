/** How many requests of each member are being answered; shared by all of its streams. */
export interface Slots {
  /** @returns whether there was a free one */
  take(member: string): boolean
  free(member: string): void
}

export const createSlots = (most: number): Slots => {
  const taken = new Map<string, number>()
  return {
    take: (member) => {
      const count = taken.get(member) ?? 0
      if (count >= most) return false
      taken.set(member, count + 1)
      return true
    },
    free: (member) => {
      const count = taken.get(member) ?? 0
      if (count > 1) taken.set(member, count - 1)
      else taken.delete(member)
    },
  }
}
