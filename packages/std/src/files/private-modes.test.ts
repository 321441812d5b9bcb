import { expect, test } from 'vitest'
import { privateModes } from './private-modes.ts'

const as = (uid: number, gid: number) => ({ getuid: () => uid, getgid: () => gid })

test('files are the owner’s alone, but for a user in the group 0, whose place another one takes', () => {
  for (const [uid, gid] of [
    [0, 0],
    [1000, 1000],
  ] as const)
    expect(privateModes(as(uid, gid))).toEqual({ folder: 0o700, file: 0o600 })
  expect(privateModes(as(1_000_620_000, 0))).toEqual({ folder: 0o770, file: 0o660 })
})
