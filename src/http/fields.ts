import type { z } from '@hono/zod-openapi'

interface Parts {
  shape?: Record<string, unknown>
  options?: z.ZodType[]
  in?: z.ZodType
  innerType?: z.ZodType
}

const names = new WeakMap<z.ZodType, ReadonlySet<string>>()
const none: ReadonlySet<string> = new Set()

/** The names of the fields that an object of this schema may have, in any of its forms. */
export function fieldsOf(schema: z.ZodType | undefined): ReadonlySet<string> {
  if (!schema) return none
  const known = names.get(schema)
  if (known) return known
  const { shape = {}, options = [], in: read, innerType } = schema.def as Parts
  const parts = [...options, read, innerType].flatMap((part) => [...fieldsOf(part)])
  const found = new Set([...Object.keys(shape), ...parts])
  names.set(schema, found)
  return found
}
