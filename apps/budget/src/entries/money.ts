import { limits } from './entry.ts'

/**
 * The minor units that somebody typed: digits with at most two after a point or a comma, thousands in groups (also by commas, as they
 * are shown) or not. A sign is no part of it: whether it was spent or received is asked for beside it.
 */
export const parseMoney = (typed: string): number | undefined => {
  const text = typed.trim().replaceAll(/(?<=\d)[ \u00a0',](?=\d{3}(?!\d))/g, '')
  const [, whole, fraction = ''] = /^(\d{1,12})(?:[.,](\d{1,2}))?$/.exec(text) ?? []
  if (whole === undefined) return undefined
  const amount = Number(whole) * 100 + Number(fraction.padEnd(2, '0'))
  return amount >= 1 && amount <= limits.amount ? amount : undefined
}

const readable = new Intl.NumberFormat('en', { minimumFractionDigits: 2, signDisplay: 'negative' })

/** 123456 → 1,234.56; a minus is the typographic one, which screen readers read as such. */
export const formatMoney = (amount: number): string => readable.format(amount / 100).replace('-', '−')
