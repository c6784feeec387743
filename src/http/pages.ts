import { z } from '@hono/zod-openapi'
import { constantTimeEqual, fromBase64Url, hmac, sha256Hex, toBase64Url } from '../core/crypto.ts'
import { Problem } from '../core/problems.ts'
import type { PageRequest } from '../db/keyset.ts'
import type { Call } from './app-env.ts'
import { canonicalJson } from './idempotency.ts'
import { queryInteger } from './query.ts'

const pageLimitDefault = 20
const pageLimitMax = 100

/** Spread into the query of every list: `z.object({ ...pageQuery, status: … })`. */
export const pageQuery = {
  limit: queryInteger(1, Number.MAX_SAFE_INTEGER)
    .transform((limit) => Math.min(limit, pageLimitMax))
    .optional()
    .openapi({
      type: 'integer',
      minimum: 1,
      maximum: pageLimitMax,
      default: pageLimitDefault,
      description: 'Maximum number of entries per page. Larger values are capped.',
      example: pageLimitDefault,
    }),
  cursor: z.string().min(1).max(1_000).optional().openapi({
    description: '`nextCursor` of the previous page, sent with the same filters.',
  }),
}

/** The schema of a page: `pageOf(Booking, 'BookingPage')`. */
export const pageOf = <Item extends z.ZodType>(item: Item, name: string) =>
  z
    .object({
      data: z.array(item),
      nextCursor: z
        .string()
        .nullable()
        .openapi({ description: 'Cursor of the next page; null on the last one.', example: null }),
    })
    .openapi(name)

/** How many rows a page of this call shows at most, as its query says (once that was found to be a number). */
export const pageLimitOf = (c: Call): number =>
  Math.min(Number(c.req.query('limit') ?? pageLimitDefault), pageLimitMax)

type ListQuery = { limit?: number; cursor?: string } & Omit<PageRequest, 'limit' | 'after'>

/**
 * Reads the page that the caller asks for. Throws `invalid_cursor` (not ours) or `cursor_mismatch` (of another list or
 * filter).
 */
export function readPage(c: Call): PageRequest {
  const { limit, cursor, ...query } = (c.req as { valid(target: string): ListQuery }).valid('query')
  const { order, createdSince, createdUntil, updatedSince } = query
  const after = cursor === undefined ? null : openCursor(c, cursor)
  return { limit: limit ?? pageLimitDefault, after, order, createdSince, createdUntil, updatedSince }
}

/**
 * The answer of a list. `rows` may hold one more than was asked for: that it exists is what makes `nextCursor`.
 * `keyOf` names the values the list is sorted by; most lists are sorted by id alone, with `updatedSince` by the last change first.
 */
export function toPage<Row, Item>(
  c: Call,
  page: PageRequest,
  rows: Row[],
  toItem: (row: Row) => Item,
  keyOf: (row: Row) => string[] = page.updatedSince === undefined ? idOf : changeOf,
): { data: Item[]; nextCursor: string | null } {
  const shown = rows.slice(0, page.limit)
  const last = shown.at(-1)
  const more = rows.length > page.limit && last !== undefined
  return { data: shown.map(toItem), nextCursor: more ? signCursor(c, keyOf(last)) : null }
}

const idOf = (row: unknown): string[] => [(row as { id: string }).id]

const changeOf = (row: unknown): string[] => {
  const { updatedAt, id } = row as { updatedAt: string; id: string }
  return [updatedAt, id]
}

const purpose = 'cursor'
const macBytes = 16

function signCursor(c: Call, key: string[]): string {
  const payload = toBase64Url(Buffer.from(JSON.stringify([listOf(c), key])))
  return `${payload}.${toBase64Url(macOf(c, payload))}`
}

function openCursor(c: Call, cursor: string): string[] {
  const [payload = '', mac = '', ...rest] = cursor.split('.')
  const sent = fromBase64Url(mac)
  if (rest.length > 0 || !sent || !constantTimeEqual(sent, macOf(c, payload)))
    throw new Problem('invalid_cursor')
  const [list, key] = JSON.parse(Buffer.from(payload, 'base64url').toString()) as [string, string[]]
  if (list !== listOf(c)) throw new Problem('cursor_mismatch')
  return key
}

const macOf = (c: Call, payload: string): Uint8Array =>
  hmac(c.env.PEPPER, purpose, payload).subarray(0, macBytes)

/** Which list a cursor continues: the operation, the path and every filter. */
function listOf(c: Call): string {
  const { limit: _limit, cursor: _cursor, ...filters } = c.req.queries() as Record<string, string[]>
  return sha256Hex(canonicalJson([c.get('operation')?.operationId, c.req.path, filters])).slice(0, 16)
}
