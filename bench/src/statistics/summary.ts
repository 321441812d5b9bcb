/** Of a few rounds: the middle, and how far they spread. */
export interface Summary {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** @throws RangeError for no values at all */
export const summarise = (values: readonly number[]): Summary => {
  const sorted = [...values].sort((a, b) => a - b)
  return { median: quantileOfSorted(sorted, 0.5), min: at(sorted, 0), max: at(sorted, sorted.length - 1) }
}

/** The value below which a fraction of all lie, linear between neighbours (Hyndman and Fan's type 7). */
export const quantile = (values: ArrayLike<number>, fraction: number): number => {
  if (!(fraction >= 0 && fraction <= 1)) throw new RangeError(`a quantile of ${fraction}; allowed: 0 to 1`)
  return quantileOfSorted(
    Array.from(values).sort((a, b) => a - b),
    fraction,
  )
}

const quantileOfSorted = (sorted: readonly number[], fraction: number): number => {
  const place = (sorted.length - 1) * fraction
  const below = Math.floor(place)
  const low = at(sorted, below)
  return low + (at(sorted, Math.ceil(place)) - low) * (place - below)
}

const at = (sorted: readonly number[], index: number): number => {
  const value = sorted[index]
  if (value === undefined) throw new RangeError('no values to summarise')
  return value
}
