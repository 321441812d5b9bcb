import { expect, test } from 'vitest'
import { InvalidOptionError } from '@grapevine/std'
import { nodeEnv } from './node-env.ts'

const place = { name: 'one', index: 0, host: '127.0.0.1', port: 4_000, dataDir: '/data/one' }

test('a node gets its place, what was given, and of the rest only what runs programs', () => {
  const parent = { PATH: '/bin', HOME: '/home/me', NODE_OPTIONS: '--inspect', SECRET: 'x', LANG: undefined }
  expect(nodeEnv(place, { COLOUR: 'red', HOME: '/elsewhere' }, parent)).toEqual({
    PATH: '/bin',
    HOME: '/elsewhere',
    COLOUR: 'red',
    PORT: '4000',
    HOST: '127.0.0.1',
    DATA_DIR: '/data/one',
    NODE_NAME: 'one',
  })
})

test('what the cluster sets cannot be given, and the error does not show the value', () => {
  const give = (): unknown => nodeEnv(place, { PORT: 's3cret' }, {})
  expect(give).toThrow(InvalidOptionError)
  expect(give).not.toThrow(/s3cret/)
})
