import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { run } from './run.ts'

let folder: string
const servers: Server[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'))
})
afterEach(async () => {
  for (const server of servers.splice(0)) server.close()
  await rm(folder, { recursive: true })
})

/** A node that answers as told. */
const serve = async (name: string, answer: RequestListener): Promise<void> => {
  await mkdir(join(folder, '.data', name), { recursive: true })
  const server = createServer(answer).listen(join(folder, '.data', name, 'admin.sock'))
  servers.push(server)
  await once(server, 'listening')
}

const grapevine = async (
  line: string,
  input: readonly string[] = [],
): Promise<{ code: number; out: string; said: string }> => {
  let [out, said] = ['', '']
  const code = await run(line.split(' '), {
    env: {},
    cwd: folder,
    write: async (text) => void (out += text),
    say: (text) => void (said += text),
    columns: undefined,
    input: (async function* () {
      for (const each of input) yield Buffer.from(each)
    })(),
  })
  return { code, out, said }
}

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

  test('grants and revokes the role of an operator, and lists who has it', async () => {
    const asked: string[] = []
    const ada = { username: 'ada', id: 'YOVq8928Xw9njz6xoXz5zg', disabled: false }
    await serve('node-1', (request, response) => {
      asked.push(`${request.method} ${request.url}`)
      response.end(JSON.stringify(request.method === 'GET' ? { operators: [ada] } : { ...ada, members: 2 }))
    })
    const list = 'NAME  ACCOUNT ID              DISABLED\nada   YOVq8928Xw9njz6xoXz5zg  false\n'
    expect((await grapevine('operators')).out).toBe(list)
    expect((await grapevine('operators list')).out).toBe(list)
    expect((await grapevine('operators grant ada')).out).toBe(
      'ada (account YOVq8928Xw9njz6xoXz5zg) is an operator, on 2 members.\n',
    )
    expect((await grapevine('operators revoke ada')).out).toContain('is no operator any more')
    for (const wrong of ['operators grant', 'operators grant a b', 'operators make ada'])
      expect(await grapevine(wrong)).toMatchObject({ code: 2, out: '' })
    expect(asked).toEqual([
      'GET /operators',
      'GET /operators',
      'POST /operators/grant?user=ada',
      'POST /operators/revoke?user=ada',
    ])
  })

  test('writes an export to a new file that only its owner can read', async () => {
    await serve('node-1', (_request, response) => response.end('{"a":1}\n{"b":2}\n'))
    const file = join(folder, 'users.jsonl')
    expect((await grapevine(`users export ${file}`)).said).toContain('2 facts')
    expect(await readFile(file, 'utf8')).toBe('{"a":1}\n{"b":2}\n')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await grapevine(`users export ${file}`)).code).toBe(1)
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
  ])('%j is refused, saying what is allowed', async (line) => {
    const { code, said } = await grapevine(line)
    expect(code).toBe(2)
    expect(said).toContain('grapevine --help')
  })

  test('explains itself', async () => {
    const { code, out } = await grapevine('--help')
    expect(code).toBe(0)
    for (const command of ['members', 'status', 'users', 'secret new']) expect(out).toContain(command)
  })
})
