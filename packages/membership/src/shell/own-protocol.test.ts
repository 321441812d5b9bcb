import { expect, test } from 'vitest'
import { checkedConfig } from '../config.ts'
import { loadIdentity } from '../disk/identity.ts'
import { member } from '../testing/lone-member.ts'
import { ownProtocol } from './own-protocol.ts'

const config = checkedConfig({ cluster: 'test', secrets: ['a secret of the tests'], name: 'node-3' })
const onDisk = [member('before', { name: 'node-3' }), member('another', { name: 'node-1' })]

test.each([
  [true, ['another']],
  [false, ['before', 'another']],
])(
  'where the key is new (%s) the namesake in the roster of the folder is replaced',
  async (isNew, remembered) => {
    const identity = { ...(await loadIdentity(undefined, Date.now)), isNew }
    const { state } = ownProtocol(config, identity, onDisk, () => 0)
    expect([...state.remembered.keys()]).toEqual(remembered)
  },
)
