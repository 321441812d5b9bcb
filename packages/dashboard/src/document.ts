import { html, render } from '@grapevine/std'
import { clockTime } from './rendering/clock-time.ts'
import type Koa from 'koa'

/** What a page around the dashboard has to hold: the markup of `body`, a style sheet, a module. */
export interface Framed {
  readonly title: string
  /** Markup, safe to send as it is. */
  readonly body: string
  readonly styleUrl: string
  /** Of a plain module: `<script type="module" src="…">`. */
  readonly scriptUrl: string
}

/** The app's own page around the dashboard: a whole document. */
export type Frame = (ctx: Koa.Context, framed: Framed) => string

export interface Place {
  readonly feedUrl: string
  readonly pageUrl: string
  /** When it was measured, in ms since 1970. */
  readonly at: number
  /** Milliseconds between two readings: news are old after a few of them. */
  readonly interval: number
  /** Markup, safe to send as it is. */
  readonly picture: string
}

/** The place that the module keeps up to date, with a first picture that needs no script. */
export const placeOf = ({ feedUrl, pageUrl, at, interval, picture }: Place): string =>
  `<div class="gv">${render(
    html`<p class="gv-line">
        <span data-gv-line>As of ${clockTime(at)}.</span>
        <noscript><a href="${pageUrl}">Look again</a></noscript>
      </p>
      <p class="gv-past" role="status" data-gv-past></p>`,
  )}<div class="gv-place" data-gv-feed="${feedUrl}" data-gv-interval="${interval}">${picture}</div></div>`

export const plainDocument = (pageStyleUrl: string): Frame => {
  return (_ctx, { title, body, styleUrl, scriptUrl }) => {
    const [before, after] = render(
      html`<!doctype html>
        <html lang="en">
          <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <title>${title}</title>
            <link rel="stylesheet" href="${pageStyleUrl}" />
            <link rel="stylesheet" href="${styleUrl}" />
            <script type="module" src="${scriptUrl}"></script>
          </head>
          <body>
            <main>
              <h1>${title}</h1>
              BODY
            </main>
          </body>
        </html> `,
    ).split('BODY')
    return `${before ?? ''}${body}${after ?? ''}`
  }
}
