import { expect, it } from 'vitest'
import { clusterPage } from './cluster.ts'
import { testSite } from '../testing/site.ts'

it('the cluster page holds the dashboard as it is, and loads its files', () => {
  const page = clusterPage(
    { site: testSite, node: '<node>', user: undefined, csrfToken: undefined },
    { body: '<p data-x="1">picture</p>', styleUrl: '/cluster/d.css?v=1', scriptUrl: '/cluster/d.js?v=1' },
  )
  expect(page).toContain('<p data-x="1">picture</p>')
  expect(page).toContain('As <bdi>&lt;node&gt;</bdi> sees it')
  expect(page).toContain('<link rel="stylesheet" href="/cluster/d.css?v=1" />')
  expect(page).toContain('<script type="module" src="/cluster/d.js?v=1"></script>')
})
