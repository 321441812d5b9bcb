/** Which member listens on which machine: what a handshake tells both ends of a link. */
export interface Directory {
  member(machine: string): string | undefined
  listens(machine: string, member: string): void
  gone(machine: string): void
}

export const createDirectory = (): Directory => {
  const members = new Map<string, string>()
  return {
    member: (machine) => members.get(machine),
    listens: (machine, member) => void members.set(machine, member),
    gone: (machine) => void members.delete(machine),
  }
}
