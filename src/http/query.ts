import { z } from '@hono/zod-openapi'
import { sentenceIn } from '../core/invalid-values.ts'
import { Problem } from '../core/problems.ts'
import type { Call } from './app-env.ts'

/** Query parameters arrive as text; these say what the text must be. */

const decimal = /^-?\d{1,12}(\.\d{1,15})?$/

/** `z.coerce` would read an empty text as zero. */
const numeric = z.string().transform((text, context) => {
  if (decimal.test(text)) return Number(text)
  context.issues.push({ code: 'invalid_type', expected: 'number', input: text })
  return z.NEVER
})

export const queryInteger = (min: number, max: number) =>
  numeric.pipe(z.int().min(min).max(max)).openapi({ type: 'integer', minimum: min, maximum: max })

export const queryNumber = (min: number, max: number) =>
  numeric.pipe(z.number().min(min).max(max)).openapi({ type: 'number', minimum: min, maximum: max })

export const queryBoolean = () =>
  z.stringbool({ truthy: ['true'], falsy: ['false'], case: 'sensitive' }).openapi({ type: 'boolean' })

/** An operation without a query refuses one, as all refuse a parameter that they do not know. */
export function refuseQuery(c: Call): void {
  if (!c.req.url.includes('?')) return
  const keys = Object.keys(c.req.query())
  if (keys.length === 0) return
  const message = sentenceIn[c.get('locale')]({ code: 'unrecognized_keys', keys, input: c.req.query() })
  throw new Problem('invalid_request', {
    errors: keys.map((key) => ({ pointer: `query/${key}`, message, code: 'unknown_field' as const })),
  })
}
