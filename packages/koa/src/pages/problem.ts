import { html, type Html } from '@grapevine/std'
import { type PageFrame, layout } from '../markup/layout.ts'

export interface Problem {
  /** The HTTP status, such as 404. */
  readonly status: number
  readonly title: string
  /** What happened and what to do; must not tell of the inside. */
  readonly detail: string
}

/** The page for what could not be served: not found, forbidden, failed, unavailable. */
export const problemPage = (frame: PageFrame, { status, title, detail }: Problem): string => {
  const body = html`<div class="head">
      <p class="lede">${status}</p>
      <h1>${title}</h1>
      <p class="lede">${detail}</p>
    </div>
    <p>${wayBack(frame)}</p>`
  return layout(frame, { title, body })
}

const wayBack = ({ site, user }: PageFrame): Html =>
  user === undefined
    ? html`<a href="/">Go to the log-in page</a>`
    : html`<a href="${site.home}">Go back to ${site.name}</a>`
