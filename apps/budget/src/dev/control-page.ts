import { faviconUrl, html, render, trusted, type Html } from '@grapevine/koa/pages'
import { controlStyleUrl } from './control-style.ts'
import type { Framed } from '@grapevine/dashboard'
import type { ClusterNode } from '@grapevine/local-cluster'

type Shown = Pick<ClusterNode, 'name' | 'url' | 'state'>

/** The dashboard with buttons above it that cut, heal, stop, crash and start. */
export const controlPage = (nodes: readonly Shown[], { body, styleUrl, scriptUrl }: Framed): string =>
  render(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>Grapevine from above</title>
          <link rel="icon" type="image/svg+xml" href="${faviconUrl}" />
          <link rel="stylesheet" href="${controlStyleUrl}" />
          <link rel="stylesheet" href="${styleUrl}" />
          <script type="module" src="${scriptUrl}"></script>
        </head>
        <body>
          <main>
            <h1>Grapevine from above</h1>
            <p class="lede">
              ${nodes.length} instances, each asked for itself. Sign up on one, cut the network, sign up on
              both sides: two truths. Heal it, and there is one again, with everybody in it.
            </p>
            <section class="controls" aria-label="Controls">
              <div class="row">${button('split', 'Cut in two')} ${button('heal', 'Heal')}</div>
              <ul>
                ${nodes.map(nodeControls)}
              </ul>
            </section>
            ${trusted(body)}
          </main>
        </body>
      </html> `,
  )

const nodeControls = ({ name, url, state }: Shown): Html =>
  html`<li class="row">
    <a href="${url}">${name}</a>
    ${
      state.kind === 'exited'
        ? button('start', 'Start', name)
        : [button('isolate', 'Cut off', name), button('stop', 'Stop', name), button('crash', 'Crash', name)]
    }
  </li>`

const button = (action: string, words: string, node?: string): Html =>
  html`<form method="post" action="/${action}">
    ${node === undefined ? undefined : html`<input type="hidden" name="node" value="${node}" />`}
    <button type="submit">
      ${words}${node === undefined ? undefined : html`<span class="unseen"> ${node}</span>`}
    </button>
  </form>`
