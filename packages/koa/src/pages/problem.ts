import { html, type Html } from '@grapevine/std'
import { type PageFrame, layout } from '../markup/layout.ts'

export interface Problem {
  /** The HTTP status, such as 404. */
  readonly status: number
  readonly title: string
  /** What happened and what to do; must not tell of the inside. */
  readonly detail: string
  /** By which the log knows the request; for whoever asks for help. */
  readonly requestId?: string | undefined
}

/** The page for what could not be served: not found, forbidden, failed, unavailable. */
export const problemPage = (frame: PageFrame, { status, title, detail, requestId }: Problem): string => {
  const body = html`<div class="head">
      <p class="lede">${status}</p>
      <h1>${title}</h1>
      <p class="lede">${detail}</p>
      ${requestId === undefined ? undefined : html`<p class="muted">Request <code>${requestId}</code></p>`}
    </div>
    <p>${wayOn(frame)}</p>`
  return layout(frame, { title, body })
}

const wayOn = ({ site, user }: PageFrame): Html =>
  user === undefined
    ? html`<a href="/">Go to the log-in page</a>`
    : html`<a href="${site.home}">Go back to ${site.name}</a>`
