import { html, type Html } from '@grapevine/std'

/** Terms and what they are, as the lines of a ledger. */
export const facts = (lines: readonly (readonly [term: string, value: string | Html])[]): Html => {
  return html`<dl class="facts">
    ${lines.map(
      ([term, value]) =>
        html`<div>
          <dt>${term}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`
}

const readable = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })

/** A moment in words, in UTC: the server does not know the reader's time zone. */
export const moment = (date: Date): Html => {
  // A registration's time comes from another member's clock; a nonsensical one must not cost the page.
  if (Number.isNaN(date.getTime())) return html`unknown`
  return html`<time datetime="${date.toISOString()}">${readable.format(date)}&nbsp;UTC</time>`
}

const dayFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' })

export const day = (date: Date): Html => {
  if (Number.isNaN(date.getTime())) return html`unknown`
  return html`<time datetime="${date.toISOString()}">${dayFormat.format(date)}</time>`
}
