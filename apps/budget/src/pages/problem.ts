import { html } from './html.ts'
import { type Chrome, layout } from './layout.ts'

export interface Problem {
  /** The HTTP status, such as 404. */
  readonly status: number
  readonly title: string
  /** What happened and what to do; must not tell of the inside. */
  readonly detail: string
}

/** The page for what could not be served: not found, forbidden, failed, unavailable. */
export function problemPage(chrome: Chrome, { status, title, detail }: Problem): string {
  const body = html`<div class="head">
      <p class="lede">${status}</p>
      <h1>${title}</h1>
      <p class="lede">${detail}</p>
    </div>
    <p>
      <a href="${chrome.user === undefined ? '/' : '/budget'}"
        >${chrome.user === undefined ? 'Go to the log-in page' : 'Go to your budget'}</a
      >
    </p>`
  return layout(chrome, { title, body })
}
