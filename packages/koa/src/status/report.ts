import { parseJson } from '@grapevine/std'
import { readHealth } from './report-health.ts'
import type { Health } from '@grapevine/dashboard'
import type { ClusterView } from '@grapevine/membership'

/** What a member tells another of itself. */
export interface MemberReport {
  /** Digest of everything that is replicated; equal on two members exactly when they hold the same. */
  readonly content: string
  readonly view: ClusterView
  readonly users: number
  /** Ids of the members that it can talk to. */
  readonly links: readonly string[]
  /** How its process is, as far as it says so. */
  readonly health: Health
}

const limits = { bytes: 131_072, links: 1_024, id: 128 } as const
const views: readonly unknown[] = ['whole', 'majority', 'minority'] satisfies ClusterView[]

export const encodeReport = (report: MemberReport): Uint8Array => Buffer.from(JSON.stringify(report))

/** `undefined` for whatever is no report: a member of another version, or one that lies. */
export const decodeReport = (bytes: Uint8Array): MemberReport | undefined => {
  if (bytes.length > limits.bytes) return undefined
  const value = parseJson(Buffer.from(bytes).toString())
  if (!isReport(value)) return undefined
  const { content, view, users, links } = value
  return { content, view, users, links, health: readHealth(Reflect.get(value, 'health')) }
}

const isReport = (value: unknown): value is Omit<MemberReport, 'health'> => {
  if (typeof value !== 'object' || value === null) return false
  const [content, view, users, links] = ['content', 'view', 'users', 'links'].map((name): unknown =>
    Reflect.get(value, name),
  )
  if (typeof content !== 'string' || !/^[0-9a-f]{1,64}$/.test(content)) return false
  if (!views.includes(view) || typeof users !== 'number' || !Number.isSafeInteger(users)) return false
  return Array.isArray(links) && links.length <= limits.links && links.every(isId)
}

const isId = (id: unknown): boolean => typeof id === 'string' && id.length <= limits.id
