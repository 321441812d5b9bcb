import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { socketAddress } from '@grapevine/std/node'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { run } from './run.ts'
import { testFolder, type TestFolder } from './testing/folder.ts'

let folder: string
let serve: TestFolder['serve']
let grapevine: TestFolder['grapevine']
let quiet: TestFolder['quiet']
beforeEach(async () => {
  const test = await testFolder()
  ;({ path: folder, serve, grapevine, quiet } = test)
  onTestFinished(() => test[Symbol.asyncDispose]())
})

const one = { name: 'node-1', state: 'alive', holds: 'same', url: 'http://127.0.0.1:3000', id: 'id-1' }

describe('grapevine', () => {
  test('lists the members in columns, or as JSON', async () => {
    await serve('node-1', (_request, response) => response.end(JSON.stringify({ members: [one] })))
    expect((await grapevine('members')).out).toBe(
      'NAME    STATE  HOLDS  URL                    ID\nnode-1  alive  same   http://127.0.0.1:3000  id-1\n',
    )
    expect(JSON.parse((await grapevine('members --json')).out)).toEqual({ members: [one] })
  })

  test('lets no name that others chose move the cursor', async () => {
    const answer = JSON.stringify({ members: [{ ...one, name: 'x\u001b[2Jy' }] })
    await serve('node-1', (_request, response) => response.end(answer))
    expect((await grapevine('members')).out).toContain('x?[2Jy')
  })

  test('makes a secret without a node', async () => {
    const { out } = await grapevine('secret new')
    expect(out).toMatch(/^[0-9a-f]{64}\n$/)
    expect((await grapevine('secret new')).out).not.toBe(out)
  })

  test('says that no node runs, where it looked, and what to do', async () => {
    const { code, said } = await grapevine('status')
    expect(code).toBe(1)
    expect(said).toContain(join(folder, '.data'))
    expect(said).toContain('--data')
    expect((await grapevine('status --data nowhere')).said).toContain('No node runs there')
  })

  test('asks which node is meant when there are several', async () => {
    await serve('node-1', (_request, response) => response.end('{}'))
    await serve('node-2', (_request, response) => response.end('{}'))
    expect((await grapevine('members')).said).toContain('2 nodes have data here')
    expect((await grapevine('members --data .data/node-2')).code).toBe(0)
  })

  test('says so when the node is gone and only its socket is left', async () => {
    await mkdir(join(folder, '.data/node-1'), { recursive: true })
    await writeFile(join(folder, '.data/node-1/admin.sock'), '')
    expect((await grapevine('members')).said).toContain('nobody answers')
  })

  test('repeats what the node refused, in its words', async () => {
    await serve('node-1', (_request, response) => {
      response
        .writeHead(400)
        .end(JSON.stringify({ error: 'UNKNOWN_NAME', message: 'No user here is called "x".' }))
    })
    expect(await grapevine('users disable x')).toEqual({
      code: 1,
      out: '',
      said: 'No user here is called "x".\n',
    })
  })

  test('ends all sessions only for who says yes', async () => {
    const asked: string[] = []
    await serve('node-1', (request, response) => {
      asked.push(`${request.method} ${request.url}`)
      response.end('{"ended":"all"}')
    })
    expect(await grapevine('sessions end-all')).toMatchObject({ code: 2, out: '' })
    expect(await grapevine('sessions end-some --yes')).toMatchObject({ code: 2, out: '' })
    expect(asked).toEqual([])
    expect((await grapevine('sessions end-all --yes')).out).toContain('everybody has to log in again')
    expect(asked).toEqual(['POST /sessions/end-all'])
  })

  test('writes an export to a new file that only its owner can read', async () => {
    await serve('node-1', (_request, response) => response.end('{"a":1}\n{"b":2}\n'))
    const file = join(folder, 'users.jsonl')
    expect((await grapevine(`users export ${file}`)).said).toContain('2 facts')
    expect(await readFile(file, 'utf8')).toBe('{"a":1}\n{"b":2}\n')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await grapevine(`users export ${file}`)).code).toBe(1)
  })

  test('leaves no file of an export that broke off, and none where there is no node', async () => {
    const file = join(folder, 'users.jsonl')
    expect(await grapevine(`users export ${file}`)).toMatchObject({ code: 1 })
    await serve('node-1', (_request, response) => {
      response.write('{"a":1}\n')
      setTimeout(() => response.destroy(), 20)
    })
    const { code, said } = await grapevine(`users export ${file}`)
    expect([code, said]).toEqual([1, 'The node went away before it had said all.\n'])
    expect((await readdir(folder)).filter((name) => name !== '.data')).toEqual([])
  })

  test('leaves no file of an export that was ended', async () => {
    await serve('node-1', (_request, response) => void response.write('{"a":1}\n'))
    const stop = new AbortController()
    const running = run(['users', 'export', join(folder, 'users.jsonl')], { ...quiet(), signal: stop.signal })
    await vi.waitUntil(async () => (await readdir(folder)).some((name) => name.endsWith('.part')))
    stop.abort(new Error('ended'))
    expect(await running).toBe(1)
    expect((await readdir(folder)).filter((name) => name !== '.data')).toEqual([])
  })

  test('sends an import and tells the outcome', async () => {
    let received = ''
    await serve('node-1', (request, response) => {
      request.setEncoding('utf8').on('data', (text: string) => void (received += text))
      request.once('end', () => response.end('{"done":1}\n{"report":{"inserted":1,"known":0}}\n'))
    })
    expect((await grapevine('users import -', ['{"a"', ':1}\n'])).out).toBe('inserted 1, known 0\n')
    expect(received).toBe('{"a":1}\n')
  })

  test('forgets the one member that is named', async () => {
    const asked: unknown[] = []
    await serve('node-1', (request, response) => {
      asked.push(`${request.method} ${request.url}`)
      response.end(JSON.stringify({ name: 'node-2', view: 'whole' }))
    })
    expect((await grapevine('members forget')).code).toBe(2)
    expect((await grapevine('members forget node-2')).out).toBe(
      'node-2 is forgotten; the view here is whole.\n',
    )
    expect(asked).toEqual(['POST /members/forget?member=node-2'])
  })

  test('says whose clock is off, and nothing of those that are right', async () => {
    const members = [
      { name: 'node-1' },
      { name: 'node-2', skew: 600_000 },
      { name: 'node-3', skew: -1_900 },
      { name: 'node-4', skew: -86_400_000 },
    ]
    await serve('node-1', (_request, response) => response.end(JSON.stringify({ members })))
    const { out } = await grapevine('status')
    expect(out.split('\n').filter((line) => line.includes('clock'))).toEqual([
      'the clock of node-2 is 600.0 s ahead',
      'the clock of node-4 is 86400.0 s behind',
    ])
  })

  test('erases only who is named, and only with --yes', async () => {
    const asked: unknown[] = []
    await serve('node-1', (request, response) => {
      asked.push(request.url)
      response.end(JSON.stringify({ username: 'Ada', members: 3 }))
    })
    expect((await grapevine('users erase ada')).code).toBe(2)
    expect((await grapevine('users erase --yes')).code).toBe(2)
    expect((await grapevine('users erase ada --yes')).out).toBe('Ada is erased, on 3 members.\n')
    expect(asked).toEqual(['/users/erase?user=ada'])
  })

  test.each([
    'foo',
    'users',
    'users foo',
    'secret',
    'members foo',
    'members --foo',
    'users import',
    'users disable',
    'users erase a b --yes',
    'users import a b',
    'status now',
    'secret new one',
    'status --yes',
    'status --json=yes',
    'status --data',
    'status --data a --data b',
    '--data',
  ])('%j is refused, saying what is allowed', async (line) => {
    const { code, said } = await grapevine(line)
    expect(code).toBe(2)
    expect(said).toContain('grapevine --help')
    expect(JSON.parse((await grapevine(`${line} --json`)).said)).toMatchObject({ error: 'USAGE' })
  })

  test('asks no node for what it does not understand', async () => {
    const asked: unknown[] = []
    await serve('node-1', (request, response) => {
      asked.push(request.url)
      response.end('{}')
    })
    for (const line of ['users erase a b --yes', 'users disable a b', 'members forget a b', 'status x'])
      expect(await grapevine(line)).toMatchObject({ code: 2, said: expect.stringContaining('is too much') })
    expect(asked).toEqual([])
  })

  test.each(['--help', 'help', ''])('explains itself with %j', async (line) => {
    const { code, out } = await grapevine(line)
    expect(code).toBe(0)
    for (const command of ['members', 'status', 'users erase <user> --yes', 'secret new'])
      expect(out).toContain(command)
  })

  test.each(['help users export', 'users export --help', 'users export -h'])(
    '%j is about that',
    async (line) => {
      const { code, out } = await grapevine(line)
      expect([code, out]).toEqual([0, expect.stringContaining('users export [file]')])
      expect(out).not.toContain('erase')
    },
  )

  test('help of a group is about all of it, and of nothing is refused', async () => {
    expect((await grapevine('help users')).out).toContain('users erase')
    expect((await grapevine('help nonsense')).code).toBe(2)
    expect((await grapevine('nonsense --help')).code).toBe(2)
  })

  test('tells its version', async () => {
    const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'))
    expect((await grapevine('--version')).out).toBe(`${version}\n`)
    expect(JSON.parse((await grapevine('--version --json')).out)).toEqual({ version })
  })

  test('tells errors as JSON to who asked for JSON', async () => {
    const { code, out, said } = await grapevine('members --json')
    expect([code, out]).toEqual([1, ''])
    expect(JSON.parse(said)).toMatchObject({ error: 'NO_NODE', message: expect.stringContaining('--data') })
  })

  test('is quiet, and asks for no more, when nobody reads the answer', async () => {
    await serve('node-1', (_request, response) => response.end('{"a":1}\n'.repeat(1_000)))
    let written = 0
    const closed = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })
    const write = async (): Promise<void> => {
      if ((written += 1) === 2) throw closed
    }
    const said: string[] = []
    const say = (text: string): void => void said.push(text)
    const io = { env: {}, cwd: folder, write, say, columns: undefined, input: process.stdin }
    expect([await run(['users', 'export'], io), written, said]).toEqual([141, 2, []])
  })

  test('finds the node of a folder that is deep, has spaces and umlauts', async () => {
    const data = join(folder, ...Array.from({ length: 6 }, () => 'ein tiefer Ordner ü'))
    await mkdir(data, { recursive: true })
    const { address, release } = socketAddress(join(data, 'admin.sock'))
    const server = createServer((_request, response) => response.end('{"members":[]}')).listen(address)
    onTestFinished(() => {
      server.close()
      release()
    })
    const io = { ...quiet(), env: { DATA_DIR: data } }
    expect(await run(['members'], io)).toBe(0)
  })
})
