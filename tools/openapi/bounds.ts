import type { Document, Schema } from './json.ts'

const int32 = { lowest: -(2 ** 31), highest: 2 ** 31 - 1 }

/** The most entries that a page of a list has: `limit` is capped there. */
const pageLimit = 100

/**
 * States of every number how wide it is, and of every page how long: both follow from the schemas, and a generator that does
 * not know takes 32 bits, which lose metres of a coordinate.
 */
export function addBounds(document: Document): void {
  for (const schema of Object.values(document.components.schemas)) {
    const { data, nextCursor } = schema.properties ?? {}
    if (nextCursor && data?.type === 'array') data.maxItems ??= pageLimit
  }
  visit(document.components)
  visit(document.paths)
}

/** Visits whatever has a type, everywhere, but examples, which are data. */
function visit(node: unknown): void {
  if (typeof node !== 'object' || node === null) return
  if (!Array.isArray(node)) {
    addFormat(node)
    tidyTuple(node)
  }
  for (const [key, part] of Object.entries(node)) if (!data.has(key)) visit(part)
}

const data = new Set(['example', 'examples', 'enum', 'const', 'default'])

function addFormat(schema: Schema): void {
  const types = [schema.type].flat()
  if (schema.format) return
  if (types.includes('number')) schema.format = 'double'
  if (!types.includes('integer')) return
  const { minimum = -Infinity, maximum = Infinity } = schema
  const values = (schema.enum ?? [schema.const]).filter((value) => typeof value === 'number')
  const low = values.length > 0 ? Math.min(...values) : minimum
  const high = values.length > 0 ? Math.max(...values) : maximum
  schema.format = low >= int32.lowest && high <= int32.highest ? 'int32' : 'int64'
}

/** A tuple of equal parts is a list of so many: tools that know no `prefixItems` can read that. */
function tidyTuple(schema: Schema): void {
  const [first, ...others] = schema.prefixItems ?? []
  if (!first || others.some((part) => JSON.stringify(part) !== JSON.stringify(first))) return
  delete schema.prefixItems
  Object.assign(schema, { items: first, minItems: others.length + 1, maxItems: others.length + 1 })
}
