import { sha256Hex } from '../core/crypto.ts'
import { Problem } from '../core/problems.ts'
import type { Call } from './app-env.ts'
import { representationOf } from './content-locale.ts'

export type IfMatchRule = 'required' | 'optional' | 'none'

/** The languages are part of the tag: names differ by them, and a tag names one representation. */
const versionTag = (version: number, languages: string): string => `"v${version}.${languages}"`

/** Sets the ETag of a versioned resource and hands it on: `c.json(tagged(c, toCategory(row)), 200)`. */
export function tagged<R extends { version: number }>(c: Call, resource: R): R {
  c.header('ETag', versionTag(resource.version, representationOf(c)))
  return resource
}

/**
 * Reads the version that `If-Match` requires to be current, for a verb to compare; undefined where the caller requires none.
 */
export function readIfMatch(c: Call, rule: IfMatchRule): number | undefined {
  if (rule === 'none') return undefined
  const header = c.req.header('if-match')?.trim()
  if (header === undefined) {
    if (rule === 'required') throw new Problem('precondition_required')
    return undefined
  }
  if (header === '*') return undefined
  // Compression on the way makes a tag weak; the version in it names the row all the same. A foreign or malformed tag cannot
  // match any current version.
  const [, version] = /^(?:W\/)?"v(\d{1,9})\.[a-z]{2}(?:-[a-z]{2})?"$/.exec(header) ?? []
  if (version === undefined) throw new Problem('precondition_failed')
  return Number(version)
}

/** For verbs: the version that the caller saw, or null for any version. */
export const expectedVersionOf = (c: Call): number | null => c.get('expectedVersion') ?? null

/** Gives a single resource its ETag (by its bytes where it has no version), and answers 304 to who has it already. */
export async function answerConditionally(c: Call): Promise<void> {
  if (c.res.status !== 200) return
  if (!c.res.headers.has('ETag')) {
    const hash = sha256Hex(await c.res.clone().text()).slice(0, 32)
    c.res.headers.set('ETag', `"${hash}"`)
  }
  const known = c.req.header('if-none-match')
  if (known === undefined || !matches(known, c.res.headers.get('ETag') ?? '')) return
  const headers = new Headers(c.res.headers)
  headers.delete('Content-Type')
  headers.delete('Content-Length')
  c.res = undefined
  c.res = new Response(null, { status: 304, headers })
}

/** Weak comparison (RFC 9110 §13.1.2). */
function matches(header: string, etag: string): boolean {
  const bare = (tag: string) => tag.trim().replace(/^W\//, '')
  return header.trim() === '*' || header.split(',').some((tag) => bare(tag) === bare(etag))
}
