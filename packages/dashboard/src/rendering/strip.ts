import { html, type Html } from '@grapevine/std'
import type { Entry, Incident } from '../history/incident.ts'
import { shortly } from '../history/words.ts'

/** How far back it goes, in ms, and how wide it is drawn. */
const span = 10 * 60_000
const leastSpan = 60_000
const width = 600
const mostDrawn = 20

/** The last minutes as a strip of time: when something was lost, and when all held the same again. Nothing when nothing was. */
export const strip = (history: readonly Entry[], at: number): Html | undefined => {
  const incidents = history
    .filter((entry): entry is Incident => entry.kind === 'disturbance')
    .filter(({ equalAt }) => equalAt === undefined || equalAt > at - span)
    .slice(0, mostDrawn)
  const [last, first] = [incidents[0], incidents.at(-1)]
  if (last === undefined || first === undefined) return undefined
  const from = Math.max(at - span, Math.min(first.from - 10_000, at - leastSpan))
  const x = (time: number): number =>
    Math.round((width * Math.max(0, Math.min(at, time) - from)) / Math.max(1, at - from))
  const bar = (kind: string, start: number, end: number): Html =>
    html`<rect
      class="gv-bar-${kind}"
      x="${x(start)}"
      y="0"
      width="${Math.max(2, x(end) - x(start))}"
      height="16"
    />`
  return html`<figure class="gv-strip" data-key="strip">
    <svg viewBox="0 0 ${width} 16" preserveAspectRatio="none" role="img" aria-label="${shortly(last)}">
      <rect class="gv-bar-whole" x="0" y="5" width="${width}" height="6" />
      ${incidents.map(
        (incident) =>
          html`${bar('broken', incident.from, incident.healedAt ?? at)}
          ${
            incident.healedAt === undefined
              ? undefined
              : bar('healing', incident.healedAt, incident.equalAt ?? at)
          }`,
      )}
    </svg>
    <figcaption>${shortly(last)}</figcaption>
  </figure>`
}
