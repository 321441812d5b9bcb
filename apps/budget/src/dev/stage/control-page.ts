import { faviconUrl, html, render, trusted, type Html } from '@grapevine/koa/pages'
import { controlStyleUrl } from './control-style.ts'
import type { Framed } from '@grapevine/dashboard'
import type { ClusterNode } from '@grapevine/local-cluster'
import type { Somebody } from './people.ts'
import type { Sides } from './sides.ts'

type Shown = Pick<ClusterNode, 'name' | 'url' | 'state'>

/** What the page shows besides the live view, as of when it was asked for. */
export interface Stage {
  readonly nodes: readonly Shown[]
  readonly sides: Sides
  readonly people: readonly Somebody[]
  /** What came of the last button. */
  readonly said: string | undefined
  readonly canReplay: boolean
}

/** The live view with a stage above it: two sides, people who sign up and log in on them, a cut between. */
export const controlPage = (stage: Stage, framed: Framed): string =>
  document(
    'Grapevine from above',
    framed,
    html`<p class="lede">
        ${stage.nodes.length} instances, each asked for itself. Sign up on both sides of a cut: they hold
        different data. Heal it: all hold the same, with everybody in it.
      </p>
      ${theStage(stage)} ${trusted(framed.body)} ${instances(stage.nodes)}`,
  )

/** The same live view, of what was recorded. */
export const replayPage = (framed: Framed): string =>
  document(
    'Grapevine from above: replay',
    framed,
    html`<p class="lede">
        What happened since the last cut, as fast as it did. This is the past, not the cluster as it is now.
      </p>
      <section class="controls" aria-label="Controls">
        <div class="row">${button('replay', 'Play again')} <a href="/">Back to now</a></div>
      </section>
      ${trusted(framed.body)}`,
  )

const document = (title: string, { styleUrl, scriptUrl }: Framed, body: Html): string =>
  render(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>${title}</title>
          <link rel="icon" type="image/svg+xml" href="${faviconUrl}" />
          <link rel="stylesheet" href="${controlStyleUrl}" />
          <link rel="stylesheet" href="${styleUrl}" />
          <script type="module" src="${scriptUrl}"></script>
        </head>
        <body>
          <main>
            <h1>${title}</h1>
            ${body}
          </main>
        </body>
      </html> `,
  )

const theStage = ({ nodes, sides, people, said, canReplay }: Stage): Html =>
  html`<section class="controls ${sides.isCut ? 'cut' : 'whole'}" aria-label="Stage">
    ${said === undefined ? undefined : html`<p class="said" role="status">${said}</p>`}
    <div class="panes">
      ${pane('Left', nodes, sides.left, button('sign-up', 'Sign up Ada on the left', { side: 'left' }))}
      ${pane('Right', nodes, sides.right, button('sign-up', 'Sign up Bob on the right', { side: 'right' }))}
    </div>
    <div class="row">
      ${sides.isCut ? button('heal', 'Heal') : button('split', 'Cut in two')}
      ${button('sign-up-twice', 'Sign up Eve on both sides')} ${button('log-in', 'Log in everywhere')}
      ${canReplay ? button('replay', 'Replay') : undefined}
    </div>
    ${peopleTable(people, nodes)}
  </section>`

const pane = (title: string, nodes: readonly Shown[], names: readonly string[], signUp: Html): Html =>
  html`<div class="pane">
    <h2>${title}</h2>
    <p>${nodes.filter(({ name }) => names.includes(name)).map((node) => html`${link(node)} `)}</p>
    ${signUp}
  </div>`

const mostShown = 12

const peopleTable = (people: readonly Somebody[], nodes: readonly Shown[]): Html | undefined => {
  if (people.length === 0) return undefined
  return html`<table class="people">
    <caption class="unseen">
      People, and where they got in when it was last tried
    </caption>
    <thead>
      <tr>
        <th scope="col">Who</th>
        <th scope="col">Signed up on</th>
        ${nodes.map(({ name }) => html`<th scope="col">${name}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${people.slice(0, mostShown).map((somebody) => personRow(somebody, nodes))}
    </tbody>
  </table>`
}

const personRow = ({ username, password, signedUpOn, logins }: Somebody, nodes: readonly Shown[]): Html =>
  html`<tr>
    <th scope="row"><bdi>${username}</bdi> <br /><code>${password}</code></th>
    <td data-label="Signed up on">${signedUpOn}</td>
    ${nodes.map(({ name }) => {
      const login = logins.find(({ node }) => node === name)
      if (login === undefined) return html`<td data-label="${name}">not tried</td>`
      return login.isIn
        ? html`<td class="in" data-label="${name}">✓ in</td>`
        : html`<td class="out" data-label="${name}">✗ not in</td>`
    })}
  </tr>`

const instances = (nodes: readonly Shown[]): Html =>
  html`<section class="controls" aria-label="Instances">
    <details>
      <summary>Cut off, stop or crash one instance</summary>
      <ul>
        ${nodes.map(nodeControls)}
      </ul>
    </details>
  </section>`

const nodeControls = (node: Shown): Html =>
  html`<li class="row">
    ${link(node)}
    ${
      node.state.kind === 'exited'
        ? button('start', 'Start', { node: node.name })
        : (
            [
              ['isolate', 'Cut off'],
              ['stop', 'Stop'],
              ['crash', 'Crash'],
            ] as const
          ).map(([action, words]) => button(action, words, { node: node.name }))
    }
  </li>`

const link = ({ name, url }: Shown): Html => html`<a href="${ownHost(name, url)}">${name}</a>`

/**
 * Cookies ignore ports: under a host name of its own each instance has its own, so that one browser can be logged in as somebody else
 * on each. Browsers take what ends in .localhost for this machine.
 */
export const ownHost = (name: string, url: string): string => {
  const { port } = new URL(url)
  return `http://${name}.localhost:${port}`
}

type Fields = Readonly<Partial<Record<'node' | 'side', string>>>

const button = (action: string, words: string, fields: Fields = {}): Html =>
  html`<form method="post" action="/${action}">
    ${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
    <button type="submit">
      ${words}${fields.node === undefined ? undefined : html`<span class="unseen"> ${fields.node}</span>`}
    </button>
  </form>`
