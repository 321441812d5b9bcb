import { networkInterfaces } from 'node:os'
import { expect, test } from 'vitest'
import { placeOf } from './local-address.ts'

const own = Object.values(networkInterfaces()).flatMap((each) => each?.map(({ address }) => address) ?? [])

test.each([
  'localhost',
  'LOCALHOST',
  'localhost.',
  '127.0.0.1',
  '127.0.0.2',
  '127.255.255.254',
  '0.0.0.0',
  '::1',
  '0:0:0:0:0:0:0:1',
  '::',
  '::ffff:127.0.0.1',
  '::FFFF:7f00:2',
  '::ffff:0.0.0.0',
  ...own,
  ...own.filter((address) => address.includes('.')).map((address) => `::ffff:${address}`),
])('%s is here', (host) => expect(placeOf(host)).toBe('here'))

test.each(['192.0.2.1', '2001:db8::1', '::ffff:192.0.2.1', '128.0.0.1'])('%s is elsewhere', (host) =>
  expect(placeOf(host)).toBe('elsewhere'),
)

test.each(['example.org', 'localhost.example.org', '1.2.3'])(
  '%s is only known when it is looked up',
  (host) => expect(placeOf(host)).toBe('named'),
)
