import { describe, expect, test } from 'vitest'
import { InvalidOptionError } from '@grapevine/std'
import { resolveConfig } from './config.ts'

const entry = new URL('../fixtures/counter.mjs', import.meta.url)

describe('resolveConfig', () => {
  test('a number of nodes gives names that count from 1', () => {
    expect(resolveConfig({ entry, nodes: 3 }).names).toEqual(['node-1', 'node-2', 'node-3'])
  })

  test('what is not given has its default', () => {
    const config = resolveConfig({ entry, nodes: ['only'] })
    const place = { name: 'only', index: 0, host: '127.0.0.1', port: 1, dataDir: '/' }
    expect(config).toMatchObject({
      program: { kind: 'entry', args: [] },
      startTimeoutMs: 20_000,
      stopTimeoutMs: 5_000,
      faultTimeoutMs: 5_000,
    })
    expect(config).toMatchObject({ requestTimeoutMs: 10_000, logLines: 2_000 })
    expect(config.ready(place)).toBe('/readyz')
    expect(config.env(place, [place])).toEqual({})
  })

  test.each<[string, Record<string, unknown>, string]>([
    ['entry', { entry: './missing.js' }, 'missing.js'],
    ['entry', { entry: new URL('http://example.org/a.js') }, 'a path or a file: URL'],
    ['entry', { entry: undefined }, 'entry is missing'],
    ['command', { command: ['python3'] }, 'not both'],
    ['command', { entry: undefined, command: [] }, 'a program and its arguments'],
    ['stopTimoutMs', JSON.parse('{"stopTimoutMs":1}'), 'is unknown; allowed: entry, command, '],
    ['execPath', { execPath: '' }, 'the path of a Node.js'],
    ['execPath', { entry: undefined, command: ['a'], execPath: 'node' }, 'none where a command is run'],
    ['nodes', { nodes: 0 }, 'is 0; allowed: a whole number from 1 to 64'],
    ['nodes', { nodes: 65 }, 'is 65'],
    ['nodes', { nodes: [] }, '1 to 64 names'],
    ['nodes', { nodes: null }, 'is null'],
    ['nodes', { nodes: ['a', 'a'] }, 'is "a"; allowed: a name not yet taken'],
    ['nodes', { nodes: ['../a'] }, 'is "../a"'],
    ['startTimeoutMs', { startTimeoutMs: 1.5 }, 'is 1.5; allowed: a whole number from 100 to 600000'],
    ['stopTimeoutMs', { stopTimeoutMs: 0 }, 'is 0'],
    ['diskMb', { diskMb: 0 }, 'is 0'],
    ['logLines', { logLines: Number.NaN }, 'is NaN'],
    ['env', { env: { PORT_OF_PEER: 4000 } }, 'an object of strings'],
    ['ready', { ready: 'readyz' }, 'a path such as /readyz'],
    ['onLine', { onLine: 'console.log' }, 'a function'],
    ['faults', { faults: 'namespace' }, '"auto", "in-process", "namespaces"'],
    ['signal', { signal: 5_000 }, 'an AbortSignal'],
  ])('a bad %s (%o) is refused, saying what was seen and what is allowed', (option, wrong, message) => {
    const resolve = (): unknown => resolveConfig(Object.assign({ entry, nodes: 1 }, wrong))
    expect(resolve).toThrow(InvalidOptionError)
    expect(resolve).toThrow(message)
    expect(resolve).toThrow(new RegExp(`^${option} is `))
  })
})
