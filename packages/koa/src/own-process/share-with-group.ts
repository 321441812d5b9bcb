import { privateModes } from '@grapevine/std/node'

/** Where another user of the group takes this one's place, the usual umask would take the group's rights away. */
export const shareWithGroup = (): void => {
  if (privateModes().file === 0o660) process.umask(0o007)
}
