import { describe, expect, it } from 'vitest'
import { clusterPage, type ClusterModel } from './cluster.ts'

const chrome = { node: 'node-2', user: undefined, csrfToken: undefined }
const model: ClusterModel = {
  self: 'id-b',
  view: 'majority',
  members: [
    { id: 'id-c', name: 'node-10', state: 'down', url: 'http://10.0.0.3:8080/' },
    { id: 'id-b', name: 'node-2', state: 'alive' },
    { id: 'id-a', name: 'node-1', state: 'suspect' },
  ],
  digest: '0123456789abcdef0123456789abcdef',
  users: 1204,
  contested: ['<ann>'],
}
const rows = (page: string): readonly string[] => page.match(/<tr>[\s\S]*?<\/tr>/g)?.slice(1) ?? []
const withUrl = (url: string): string =>
  clusterPage(chrome, { ...model, members: [{ id: 'id', name: 'node', state: 'alive', url }] })

describe('the cluster page', () => {
  it('lists members in an order that stays, numbers by their value', () => {
    const names = (page: string) => rows(page).map((row) => /<bdi>([^<]+)<\/bdi>/.exec(row)?.[1])
    expect(names(clusterPage(chrome, model))).toEqual(['node-1', 'node-2', 'node-10'])
    const turned = { ...model, members: model.members.toReversed() }
    expect(clusterPage(chrome, turned)).toBe(clusterPage(chrome, model))
  })

  it('gives each state as a word and a shape, and marks the member that serves the page', () => {
    const found = rows(clusterPage(chrome, model)).map((row) => ({
      state: /<span class="state (\w+)"><svg class="grape \1"[\s\S]*<\/svg>\s*\1<\/span/.exec(row)?.[1],
      self: row.includes('this instance'),
    }))
    expect(found).toEqual([
      { state: 'suspect', self: false },
      { state: 'alive', self: true },
      { state: 'down', self: false },
    ])
  })

  it('draws one grape for each member', () => {
    const bunch = /<svg class="bunch"[\s\S]*?<\/svg>/.exec(clusterPage(chrome, model))?.[0] ?? ''
    expect(bunch.match(/<g class="(?:alive|suspect|down|left)"/g)).toHaveLength(3)
  })

  it('links to a member only where the web is', () => {
    expect(withUrl('https://app.example:8443/x?y="')).toContain('href="https://app.example:8443/x?y=&quot;"')
    for (const url of [
      'javascript:alert(1)',
      ' JaVaScRiPt:alert(1)',
      'data:text/html,x',
      '//evil',
      '/x',
      '',
    ]) {
      expect(withUrl(url)).not.toContain('rel="noreferrer"')
    }
  })

  it('shortens the digest and keeps the whole of it at hand', () => {
    expect(clusterPage(chrome, model)).toContain(`<code title="${model.digest}">01234567…abcdef</code>`)
    expect(clusterPage(chrome, { ...model, digest: 'short' })).toContain('<code title="short">short</code>')
  })

  it('escapes contested names, and counts those beyond the first fifty', () => {
    expect(clusterPage(chrome, model)).toContain('<bdi>&lt;ann&gt;</bdi>')
    const many = clusterPage(chrome, {
      ...model,
      contested: Array.from({ length: 53 }, (_, i) => `name ${i}`),
    })
    expect(many.match(/<li><bdi>/g)).toHaveLength(50)
    expect(many).toContain('and 3 more')
    expect(clusterPage(chrome, { ...model, contested: [] })).toContain('<dd>None</dd>')
  })

  it('asks for itself again every two seconds, until it is paused', () => {
    const refresh = '<meta http-equiv="refresh" content="2" />'
    expect(clusterPage(chrome, model)).toContain(refresh)
    expect(clusterPage(chrome, model)).not.toContain('?refresh=')
    const live = clusterPage(chrome, { ...model, refresh: 'live' })
    expect(live).toContain(refresh)
    expect(live).toContain('href="/cluster?refresh=paused"')
    const paused = clusterPage(chrome, { ...model, refresh: 'paused' })
    expect(paused).not.toContain(refresh)
    expect(paused).toContain('href="/cluster?refresh=live"')
  })

  it.each([
    ['whole', 'The whole cluster'],
    ['majority', 'A majority'],
    ['minority', 'A minority'],
  ] as const)('says in words that it sees the %s', (view, words) => {
    expect(clusterPage(chrome, { ...model, view })).toContain(`${words}</span`)
  })
})
