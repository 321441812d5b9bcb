import { html, type Html } from '@grapevine/std'

/** A time of day in UTC; the script writes it in the time zone of whoever reads. */
export const clockTime = (at: number): Html =>
  html`<time datetime="${new Date(at).toISOString()}" data-gv-clock
    >${new Date(at).toISOString().slice(11, 19)} UTC</time
  >`
