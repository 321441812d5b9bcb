import { html, type Html } from '@grapevine/std'

/** The grapes of the mark, three over two over one: a cluster, and none of them its middle. */
const grapes = [
  [6, 10.2],
  [12, 10.2],
  [18, 10.2],
  [9, 15.4],
  [15, 15.4],
  [12, 20.6],
] as const

/** The shapes of the mark in a 24 by 24 box; the grapes take the current colour, the leaf that of its class. */
export const markShapes: Html = html`<g fill="currentColor">
    ${grapes.map(([x, y]) => html`<circle cx="${x}" cy="${y}" r="2.75" />`)}
  </g>
  <g class="mark-leaf">
    <path
      d="M12 7.2C12 5.4 12 3.8 10.8 1.8"
      fill="none"
      stroke="currentColor"
      stroke-width="1.5"
      stroke-linecap="round"
    />
    <path d="M12.2 5.8C12.6 2.6 15.4 1.2 19.6 1.8C19 5.6 16 7 12.2 5.8Z" fill="currentColor" />
  </g>`

/** The mark beside the name of the app, which says in words what the mark shows. */
export const mark: Html = html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
  ${markShapes}
</svg>`
