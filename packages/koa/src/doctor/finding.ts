/** Something that an operator should know of, and what to do. */
export interface Finding {
  /** What was looked at. */
  readonly check: string
  /** `problem`: people are served wrongly or not at all, or will be. `notice`: it may be meant so. */
  readonly kind: 'problem' | 'notice'
  readonly what: string
  readonly todo: string
}

/** What a doctor says of one node. */
export interface Diagnosis {
  readonly name: string
  readonly findings: readonly Finding[]
  /** Checks that found nothing. */
  readonly passed: readonly string[]
}

export const problem = (what: string, todo: string): Omit<Finding, 'check'> => ({
  kind: 'problem',
  what,
  todo,
})
export const notice = (what: string, todo: string): Omit<Finding, 'check'> => ({ kind: 'notice', what, todo })
