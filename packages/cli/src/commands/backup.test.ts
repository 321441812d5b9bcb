import { createHash } from 'node:crypto'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { testFolder, type TestFolder } from '../testing/folder.ts'

let folder: TestFolder
beforeEach(async () => {
  folder = await testFolder()
  onTestFinished(() => folder[Symbol.asyncDispose]())
})

const body = ['{"grapevine":"backup","version":1}', '{"in":"users","subject":"a","mark":"!"}']
const whole = (lines: readonly string[] = body): string => {
  const text = lines.map((line) => `${line}\n`).join('')
  const sha256 = createHash('sha256').update(text).digest('hex')
  return `${text}${JSON.stringify({ end: true, lines: lines.length, sha256 })}\n`
}

const serving = (text: string): Promise<void> =>
  folder.serve('node-1', (_request, response) => response.end(text))

const files = async (): Promise<string[]> => (await readdir(folder.path)).filter((name) => name !== '.data')

test('a backup is a new file that only its owner may read, with what the node said', async () => {
  await serving(whole())
  const file = join(folder.path, 'all')
  const { code, said } = await folder.grapevine(`backup ${file}`)
  expect([code, said]).toEqual([0, expect.stringContaining('no secret of the cluster')])
  expect(await readFile(file, 'utf8')).toBe(whole())
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(await folder.grapevine(`backup ${file}`)).toMatchObject({ code: 1 })
})

test.each([
  ['without its end', whole().split('\n').slice(0, -2).join('\n')],
  ['with a line changed', whole().replace('"a"', '"b"')],
  ['with a line less', whole().replace(`${body[1]}\n`, '')],
  ['with nothing', ''],
])('one %s leaves no file, and none is restored', async (_what, text) => {
  const asked: unknown[] = []
  await folder.serve('node-1', (request, response) => {
    asked.push(request.url)
    response.end(text)
  })
  const file = join(folder.path, 'all')
  expect((await folder.grapevine(`backup ${file}`)).code).toBe(1)
  expect(await files()).toEqual([])
  await writeFile(file, text)
  const { code, said } = await folder.grapevine(`restore ${file} --yes`)
  expect([code, said]).toEqual([1, expect.stringMatching(/is no whole backup: .*Nothing was restored\.\n$/)])
  expect(asked).toEqual(['/backup'])
})

test('a restore sends the whole file, tells the outcome, and that everybody logs in again', async () => {
  let received = ''
  await folder.serve('node-1', (request, response) => {
    expect(`${request.method} ${request.url}`).toBe('POST /restore')
    request.setEncoding('utf8').on('data', (text: string) => void (received += text))
    request.once('end', () => response.end('{"done":1}\n{"report":{"inserted":1,"known":0}}\n'))
  })
  const file = join(folder.path, 'all')
  await writeFile(file, whole())
  expect((await folder.grapevine(`restore ${file}`)).code).toBe(2)
  expect((await folder.grapevine(`restore ${file} --yes`)).out).toBe(
    'inserted 1, known 0\nAll sessions are ended: everybody has to log in again.\n',
  )
  expect(received).toBe(whole())
})

test('what the node refuses of it is told in its words', async () => {
  await serving('{"error":"UNKNOWN_NAME","message":"this app has no orders"}\n')
  const file = join(folder.path, 'all')
  await writeFile(file, whole())
  expect(await folder.grapevine(`restore ${file} --yes`)).toMatchObject({
    code: 1,
    said: 'this app has no orders\n',
  })
})

test('a file that is not there is told', async () => {
  expect(await folder.grapevine('restore nowhere --yes')).toMatchObject({
    code: 1,
    said: expect.stringContaining('nowhere cannot be read: ENOENT'),
  })
})
