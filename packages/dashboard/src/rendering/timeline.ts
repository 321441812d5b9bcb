import { html, type Html } from '@grapevine/std'
import { clockTime } from './clock-time.ts'
import { isOpen, type Entry } from '../history/incident.ts'
import { told } from '../history/words.ts'

/** As many as are sent with each picture; all are on a page of their own. */
export const mostShown = 40

/** What happened in the last day, newest first; it scrolls by itself, also by keyboard. */
export const timeline = (entries: readonly Entry[], most: number = mostShown): Html => {
  if (entries.length === 0) return html`<p>Nothing since this member watches.</p>`
  return html`<div class="gv-scroll" tabindex="0" role="region" aria-label="What happened">
    <ol class="gv-history">
      ${entries.slice(0, most).map(entryMarkup)}
    </ol>
  </div>`
}

const entryMarkup = (entry: Entry): Html => {
  const { what, more } = told(entry)
  return html`<li
    class="gv-entry gv-${entry.kind}${isOpen(entry) ? ' gv-open' : ''}"
    data-key="${entry.kind} ${entry.from} ${what}"
  >
    ${clockTime(entry.from)}
    <div>
      <p>${what}</p>
      ${more.map((line) => html`<p class="gv-small">${line}</p>`)}
    </div>
  </li>`
}
