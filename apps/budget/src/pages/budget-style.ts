/** What the budget's page needs besides the style sheet of all pages. */
export const budgetStyle: string = `
.total { font-size: clamp(2rem, 1.6rem + 2vw, 2.75rem); font-weight: 600; line-height: 1.1; font-variant-numeric: tabular-nums; }
.amount { font-variant-numeric: tabular-nums; text-align: right; white-space: nowrap; }
.balance { display: block; color: var(--muted); font-size: .875rem; }
.received { color: var(--alive); font-weight: 600; }
.spent { color: var(--ink); }
.entries th + th { text-align: right; }
.entries td:last-child { width: 1%; padding: .375rem 0 .375rem 1rem; vertical-align: middle; }
.entries th bdi { margin-right: .5rem; }
`.trimStart()
