/** Rights of what a process keeps for itself. */
export interface PrivateModes {
  readonly folder: number
  readonly file: number
}

/**
 * The owner's alone. But platforms such as OpenShift run a container as a user that nobody knows, another one after a move, and
 * always in the group 0: there the group's too, or the next user could not read what this one wrote.
 */
export const privateModes = (of: Pick<NodeJS.Process, 'getuid' | 'getgid'> = process): PrivateModes =>
  isAnyUser(of) ? { folder: 0o770, file: 0o660 } : { folder: 0o700, file: 0o600 }

const isAnyUser = ({ getuid, getgid }: Pick<NodeJS.Process, 'getuid' | 'getgid'>): boolean =>
  getgid?.() === 0 && getuid?.() !== 0
