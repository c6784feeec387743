import { logAlarm } from '../core/log.ts'
import { planned } from './planned.ts'

/**
 * Statements over HTTP are unnamed, so Postgres would plan each of them anew, and that is the larger part of what they cost it.
 * What the Worker sends therefore has functions in the database (`drizzle/sql/platform/system/plans.sql`, generated), whose plans
 * a backend keeps. They are found by the text of what would be sent; what has no function is sent as it is.
 */
export function planOf(texts: readonly string[]): string | undefined {
  const name = knownName(texts.join('\0'), texts)
  return planned.has(name) && !missing.has(name) ? name : undefined
}

/** Names of statements that this isolate has sent last, by their length: to compare a text costs a tenth of hashing it. */
const known = new Map<number, { text: string; name: string }>()
const knownLimit = 500

function knownName(text: string, texts: readonly string[]): string {
  const found = known.get(text.length)
  if (found?.text === text) return found.name
  const name = planName(texts)
  if (known.size >= knownLimit) known.clear()
  known.set(text.length, { text, name })
  return name
}

/** Name of the function for these statements: a 53-bit hash (cyrb53) of their texts, in base 36. */
export function planName(texts: readonly string[]): string {
  let [high, low] = [0xdeadbeef, 0x41c6ce57]
  for (const text of texts) {
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index)
      high = Math.imul(high ^ code, 2654435761)
      low = Math.imul(low ^ code, 1597334677)
    }
    high = Math.imul(high ^ 0x3b, 2654435761)
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909)
  return (4294967296 * (2097151 & low) + (high >>> 0)).toString(36)
}

/** Functions that this isolate has not found: its database is of another release. */
const missing = new Set<string>()

/** Said once an isolate: where one is missing, most are. */
export function forgetPlan(name: string): void {
  if (missing.size === 0) logAlarm('plans.missing', { plan: name })
  missing.add(name)
}

/** `khidma.plan_…($1, $2)` */
export const callOf = (name: string, count: number): string =>
  `khidma.plan_${name}(${Array.from({ length: count }, (_, index) => `$${index + 1}`).join(', ')})`

/** Whether the call failed because the database does not know the function, so that nothing has run. */
export const isUnknownPlan = (error: unknown): boolean =>
  error instanceof Error &&
  (error as { code?: string }).code === '42883' &&
  error.message.includes('khidma.plan_')
