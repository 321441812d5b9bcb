import { html, type Html } from '@grapevine/std'
import { adviceOf } from '../model/advice.ts'
import type { Picture } from '../picture.ts'

/** What there is to look at, and the next step for each; nothing when there is nothing. */
export const adviceList = (picture: Picture): Html | undefined => {
  const advice = adviceOf(picture)
  if (advice.length === 0) return undefined
  return html`<section class="gv-card" data-key="advice">
    <h2>What to do</h2>
    <dl class="gv-advice">
      ${advice.map(
        ({ what, next }) =>
          html`<div>
            <dt>${what}</dt>
            <dd>${next}</dd>
          </div>`,
      )}
    </dl>
  </section>`
}
