import { html, type Html } from '@grapevine/std'
import { chart } from './chart.ts'
import { sizeOf } from './numbers.ts'
import { duration, troubledFirst, troublesOf } from '../model/troubles.ts'
import type { Recorder } from '../model/series.ts'
import type { MemberPicture, Picture } from '../picture.ts'

/** Of more members the troubled are here, and the rest in the metrics of each. */
const mostRows = 12

/** How the process of each member is, with small charts of the last readings. */
export const processTable = (picture: Picture, recorder: Recorder): Html => {
  const members = troubledFirst(picture.members, troublesOf(picture)).filter(
    ({ report }) => report.kind === 'answered' && report.version !== undefined,
  )
  if (members.length === 0) return html``
  const more = members.length - mostRows
  return html`<section class="gv-card" data-key="processes">
    <details data-key="processes-details">
      <summary>Processes: versions, clocks, disks, charts</summary>
      <table>
        <thead>
          <tr>
            ${columns.map((column) => html`<th scope="col">${column}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${members.slice(0, mostRows).map((member) => row(member, recorder))}
        </tbody>
      </table>
      ${more > 0 ? html`<p class="gv-small">${more} more are in the metrics of each member.</p>` : undefined}
    </details>
  </section>`
}

const columns = ['Member', 'Version', 'Clock', 'Disk', 'Log-ins', 'Writes', 'Behind', 'Late']

const row = ({ id, name, skew, report }: MemberPicture, recorder: Recorder): Html | undefined => {
  if (report.kind === 'silent') return undefined
  const series = recorder.of(id)
  const { version, uptime, disk, diskBytes } = report
  const cells = [
    html`${version ?? 'not known'}
    ${uptime === undefined ? undefined : html`<span class="gv-small">up ${upFor(uptime)}</span>`}`,
    html`${skew === undefined ? 'this one, or not known' : `${skew > 0 ? '+' : ''}${(skew / 1_000).toFixed(1)} s`}`,
    html`${disk ?? 'not known'}
    ${diskBytes === undefined ? undefined : html`<span class="gv-small">${sizeOf(diskBytes)}</span>`}`,
    chart(series?.logins ?? [], 'a second'),
    chart(series?.writes ?? [], 'a second'),
    chart(series?.lag ?? [], 'ms'),
    chart(series?.loopDelay ?? [], 'ms'),
  ]
  return html`<tr data-key="${id}">
    <th scope="row"><bdi>${name}</bdi></th>
    ${cells.map((cell, index) => html`<td data-label="${columns[index + 1]}">${cell}</td>`)}
  </tr>`
}

/** To the minute: what changes each second is sent to everybody who watches. */
const upFor = (ms: number): string => (ms < 60_000 ? 'less than a minute' : duration(ms - (ms % 60_000)))
