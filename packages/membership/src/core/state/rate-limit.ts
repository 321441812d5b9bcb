/** A token bucket: a burst of `size`, then one each `every` milliseconds. */
export interface Bucket {
  tokens: number
  filledAt: number
}

export interface Rate {
  readonly size: number
  /** Milliseconds. */
  readonly every: number
}

export const fullBucket = ({ size }: Rate, now: number): Bucket => ({ tokens: size, filledAt: now })

export const hasToken = (bucket: Bucket, { size, every }: Rate, now: number): boolean => {
  const refilled = Math.floor((now - bucket.filledAt) / every)
  bucket.tokens = Math.min(size, bucket.tokens + refilled)
  bucket.filledAt += refilled * every
  return bucket.tokens > 0
}

export const takeToken = (bucket: Bucket): void => {
  bucket.tokens -= 1
}
