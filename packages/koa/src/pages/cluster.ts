import { html, trusted } from '@grapevine/std'
import { type PageFrame, layout } from '../markup/layout.ts'

/** The dashboard's own markup and files, as it asks to be framed. */
export interface ClusterModel {
  readonly body: string
  readonly styleUrl: string
  readonly scriptUrl: string
}

/** The cluster as this instance sees it, drawn by the dashboard; the one page with a script, and good without it. */
export const clusterPage = (frame: PageFrame, { body, styleUrl, scriptUrl }: ClusterModel): string => {
  return layout(frame, {
    title: 'Cluster',
    path: '/cluster',
    files: { styleUrl, scriptUrl },
    body: html`<div class="head">
        <h1>Cluster</h1>
        <p class="lede">As <bdi>${frame.node}</bdi> sees it.</p>
      </div>
      ${trusted(body)}`,
  })
}
