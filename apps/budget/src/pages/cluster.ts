import { html, trusted } from './html.ts'
import { type Chrome, layout } from './layout.ts'

/** The dashboard's own markup and files, as it asks to be framed. */
export interface ClusterModel {
  readonly body: string
  readonly styleUrl: string
  readonly scriptUrl: string
}

/** The cluster as this instance sees it, drawn by the dashboard; the one page with a script, and good without it. */
export function clusterPage(chrome: Chrome, { body, styleUrl, scriptUrl }: ClusterModel): string {
  return layout(chrome, {
    title: 'Cluster',
    path: '/cluster',
    files: { styleUrl, scriptUrl },
    body: html`<div class="head">
        <h1>Cluster</h1>
        <p class="lede">As <bdi>${chrome.node}</bdi> sees it.</p>
      </div>
      ${trusted(body)}`,
  })
}
