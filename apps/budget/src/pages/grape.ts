import { html, type Html } from './html.ts'

/** What this instance holds to be true of a member. */
export type MemberState = 'alive' | 'suspect' | 'down' | 'left'

/** The shapes differ without their colours: full, half full, crossed out, dashed. Each is 20 by 20 around 0,0. */
const SHAPES: Readonly<Record<MemberState, Html>> = {
  alive: html`<circle r="9" fill="currentColor" />`,
  suspect: html`<circle r="8" fill="none" stroke="currentColor" stroke-width="2" />
    <path d="M0 -8A8 8 0 0 0 0 8Z" fill="currentColor" />`,
  down: html`<circle r="8" fill="none" stroke="currentColor" stroke-width="2" />
    <path d="M-4 -4L4 4M-4 4L4 -4" stroke="currentColor" stroke-width="2.5" stroke-linecap="round" />`,
  left: html`<circle r="8" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="3 3.28" />`,
}

/** A member's state as a shape, to stand beside the word for it. */
export function grape(state: MemberState): Html {
  return html`<svg class="grape ${state}" viewBox="-10 -10 20 20" aria-hidden="true" focusable="false">
    ${SHAPES[state]}
  </svg>`
}

/** All members as one bunch, in the order given: as many grapes to a row as make it come to a point. */
export function bunch(states: readonly MemberState[]): Html {
  const rows = rowsOf(states)
  const widest = Math.max(1, rows[0]?.length ?? 0)
  const width = Math.max(3, widest) * 20
  const height = 24 + 20 + Math.max(0, rows.length - 1) * 17.4
  const grapes = rows.flatMap((row, down) =>
    row.map((state, across) => {
      const x = width / 2 + (across - (row.length - 1) / 2) * 20
      return html`<g class="${state}" transform="translate(${x} ${34 + down * 17.4})">${SHAPES[state]}</g>`
    }),
  )
  return html`<svg class="bunch" viewBox="0 0 ${width} ${height}" aria-hidden="true" focusable="false">
    ${stem(width / 2)}${grapes}
  </svg>`
}

const stem = (x: number): Html =>
  html`<g class="bunch-stem" transform="translate(${x} 0)">
    <path
      d="M0 23C0 15 -1 9 -5 2"
      fill="none"
      stroke="currentColor"
      stroke-width="3"
      stroke-linecap="round"
    />
    <path d="M0 17C2 6 11 1 25 3C23 16 13 21 0 17Z" fill="currentColor" />
  </g>`

function rowsOf(states: readonly MemberState[]): readonly (readonly MemberState[])[] {
  const rows: (readonly MemberState[])[] = []
  // The smallest k with 1 + 2 + … + k places for all.
  let width = Math.ceil((Math.sqrt(8 * states.length + 1) - 1) / 2)
  for (let taken = 0; taken < states.length; width -= 1) {
    rows.push(states.slice(taken, taken + width))
    taken += width
  }
  return rows
}
