import { readFileSync } from 'node:fs'
import { yamux } from '@libp2p/yamux'
import { multiaddrConnectionPair } from '@libp2p/utils'
import { expect, test } from 'vitest'
import { checkHooks, tcpConnection } from './hooks.ts'
import { sturdyYamux } from './sturdy-yamux.ts'
import type { StreamMuxer, StreamMuxerFactory } from '@libp2p/interface'

/** Yamux of a version that has renamed a member. */
const without = (rename: (muxer: StreamMuxer) => void): StreamMuxerFactory => {
  const factory = yamux()()
  return {
    protocol: factory.protocol,
    createStreamMuxer: (connection) => {
      const muxer = factory.createStreamMuxer(connection)
      rename(muxer)
      return muxer
    },
  }
}

const openStream = async (factory: StreamMuxerFactory): Promise<unknown> => {
  const [connection] = multiaddrConnectionPair()
  try {
    return await sturdyYamux(factory).createStreamMuxer(connection).createStream()
  } finally {
    connection.abort(new Error('the test is over'))
  }
}

test('the versions that are installed have every hook', async () => {
  await expect(checkHooks()).resolves.toBeUndefined()
  expect(await tcpConnection()).toBeDefined()
})

test.each(['onCreateStream', 'onRemoteStream'])('a muxer without %s is refused by name', async (hook) => {
  const factory = without((muxer) => Object.assign(muxer, { [hook]: undefined }))
  await expect(openStream(factory)).rejects.toMatchObject({
    code: 'MISSING_HOOK',
    message: expect.stringContaining(`@libp2p/yamux has no ${hook}`),
  })
})

test.each(['state', 'recvWindow', 'recvWindowCapacity'])(
  'a stream without %s is refused by name',
  async (hook) => {
    const factory = without((muxer) => {
      const create = Reflect.get(muxer, 'onCreateStream').bind(muxer)
      Object.assign(muxer, { onCreateStream: () => Object.assign(create(), { [hook]: undefined }) })
    })
    const opening = openStream(factory)
    await expect(opening).rejects.toMatchObject({ code: 'MISSING_HOOK' })
  },
)

test('what is patched is pinned exactly', () => {
  const workspace = readFileSync(new URL('../../../../../pnpm-workspace.yaml', import.meta.url), 'utf8')
  const versionOf = (name: string): string | undefined => new RegExp(`'${name}': (.*)`).exec(workspace)?.[1]
  for (const name of ['@libp2p/yamux', '@libp2p/tcp', '@libp2p/utils'])
    expect(versionOf(name), name).toMatch(/^\d+\.\d+\.\d+$/)
})
