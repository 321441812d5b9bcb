import { html, type Html } from '@grapevine/std'

const width = 96
const height = 24

/** A small line over time, drawn by the server, with its last and its highest value in words. */
export const chart = (values: readonly (number | undefined)[], unit: string): Html => {
  const known = values.filter((value) => value !== undefined)
  const last = values.at(-1)
  if (known.length === 0) return html`<span class="gv-small">not known</span>`
  const most = Math.max(...known)
  const words = `${last === undefined ? 'not known' : shown(last)} ${unit}`
  return html`<svg
      class="gv-chart"
      viewBox="0 -1 ${width} ${height + 2}"
      role="img"
      aria-label="${words}, at most ${shown(most)} in the last ${values.length} readings"
    >
      <path d="${pathOf(values, most)}" />
    </svg>
    <span class="gv-small">${words}</span>`
}

/** A line for each stretch without a gap. */
const pathOf = (values: readonly (number | undefined)[], most: number): string =>
  values
    .map((value, index) => {
      if (value === undefined) return ''
      const x = Math.round((width * index) / Math.max(1, values.length - 1))
      const y = Math.round(height * (1 - (most === 0 ? 0 : value / most)))
      return `${index === 0 || values[index - 1] === undefined ? 'M' : 'L'}${x} ${y}`
    })
    .join('')

const shown = (value: number): string =>
  value < 10 && !Number.isInteger(value) ? value.toFixed(1) : `${Math.round(value)}`
