import { html, render, type Html } from '@grapevine/std'
import { adviceList } from './advice-list.ts'
import { clockTime } from './clock-time.ts'
import { drawing } from './ring/drawing.ts'
import { memberTables } from './member-table.ts'
import { numbers } from './numbers.ts'
import { strip } from './strip.ts'
import { timeline } from './timeline.ts'
import { summaryOf, type Summary } from '../model/summary.ts'
import { contentGroupsOf } from '../model/contents.ts'
import { createRecorder, type Recorder } from '../model/series.ts'
import { processTable } from './process-table.ts'
import type { ClusterEvent, Picture } from '../picture.ts'

const mostEvents = 12

/** What is shown of one moment: the sentence, the picture, the numbers, the members, the last events. */
export const fragment = (picture: Picture, recorder: Recorder = createRecorder()): string => {
  const summary = summaryOf(picture)
  const groups = contentGroupsOf(picture.members)
  return render(
    html`<section class="gv-card gv-top" aria-label="Now">
        ${headline(summary)}
        <div class="gv-sides">
          ${drawing(picture, `${summary.headline}. ${summary.detail}`)} ${numbers(picture, groups)}
        </div>
      </section>
      <section class="gv-card" data-key="members">${memberTables(picture, groups)}</section>
      ${adviceList(picture)} ${processTable(picture, recorder)}
      ${
        picture.history === undefined
          ? undefined
          : html`<section class="gv-card" data-key="history">
              <h2>What happened</h2>
              ${strip(picture.history, picture.at)} ${timeline(picture.history)}
            </section>`
      }
      <section class="gv-card" data-key="events">
        <h2>Last events</h2>
        ${eventList(picture.events)}
      </section>`,
  )
}

const headline = ({ severity, headline, detail }: Summary): Html =>
  html`<div class="gv-mood gv-${severity}" role="status">
    <p class="gv-headline">${headline}</p>
    <p>${detail}</p>
  </div>`

const eventList = (events: readonly ClusterEvent[]): Html => {
  if (events.length === 0) return html`<p>Nothing yet.</p>`
  return html`<ol class="gv-events">
    ${events.slice(0, mostEvents).map(({ at, text }) => html`<li>${clockTime(at)} <span>${text}</span></li>`)}
  </ol>`
}
