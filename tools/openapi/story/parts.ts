import { type Json, nameOfRef, type Schema } from '../json.ts'

export type JsonObject = { [key: string]: Json }
export type Schemas = Record<string, Schema>

/** An object of an example, with what the schema says of it. */
export interface Part {
  value: JsonObject
  /** Its properties, those of all parts of an `allOf` among them. */
  properties: Record<string, Schema>
  required: readonly string[]
  /** Name of its schema, where that has one. */
  name: string | undefined
  /** Name of the field that has it, or the list that it is in; empty for the whole example. */
  key: string
  /** Its place in the list that it is in. */
  index: number | undefined
  /** Pointer into the example. */
  place: string
  parent: Part | undefined
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Every object of an example, outermost first. */
export function partsOf(example: Json, schema: Schema, schemas: Schemas): Part[] {
  const found: Part[] = []
  const visit = (value: Json, schema: Schema, at: Pick<Part, 'key' | 'index' | 'place' | 'parent'>): void => {
    const { name, ...shape } = shapeOf(schema, schemas, value)
    if (Array.isArray(value)) {
      for (const [index, one] of value.entries())
        visit(one, shape.items ?? {}, { ...at, index, place: `${at.place}/${index}` })
    } else if (isObject(value)) {
      const part: Part = { value, properties: shape.properties, required: shape.required, name, ...at }
      found.push(part)
      for (const [key, one] of Object.entries(value))
        visit(one, shape.properties[key] ?? shape.others ?? {}, {
          key,
          index: undefined,
          place: `${at.place}/${key}`,
          parent: part,
        })
    }
  }
  visit(example, schema, { key: '', index: undefined, place: '', parent: undefined })
  return found
}

interface Shape {
  name: string | undefined
  properties: Record<string, Schema>
  required: readonly string[]
  items?: Schema | undefined
  others?: Schema | undefined
}

/** Follows references, and takes the alternative of a union that has the fields of the value. */
export function shapeOf(schema: Schema, schemas: Schemas, value: Json, name?: string): Shape {
  if (schema.$ref) {
    const next = nameOfRef(schema.$ref)
    return shapeOf(schemas[next] ?? {}, schemas, value, next)
  }
  const alternatives = (schema.anyOf ?? schema.oneOf ?? []).filter(({ type }) => type !== 'null')
  if (alternatives.length > 0) {
    const shapes = alternatives.map((one) =>
      shapeOf(one, schemas, value, alternatives.length > 1 ? undefined : name),
    )
    return shapes.find((shape) => fits(shape, value)) ?? (shapes[0] as Shape)
  }
  const parts = (schema.allOf ?? []).map((one) => shapeOf(one, schemas, value))
  return {
    name: name ?? parts.find((part) => part.name)?.name,
    properties: Object.assign({}, ...parts.map((part) => part.properties), schema.properties),
    required: [...parts.flatMap((part) => part.required), ...(schema.required ?? [])],
    items: schema.items,
    others: typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined,
  }
}

function fits({ properties, required }: Shape, value: Json): boolean {
  if (!isObject(value)) return Object.keys(properties).length === 0
  const isConstant = ([name, part]: [string, Schema]) =>
    part.const === undefined || part.const === value[name]
  return required.every((name) => name in value) && Object.entries(properties).every(isConstant)
}

export const mayBeNull = (schema: Schema | undefined): boolean =>
  schema?.type === 'null' ||
  (Array.isArray(schema?.type) && schema.type.includes('null')) ||
  (schema?.enum?.includes(null) ?? false) ||
  [...(schema?.anyOf ?? []), ...(schema?.oneOf ?? [])].some(mayBeNull)

export const snakeCase = (name: string): string =>
  name.charAt(0).toLowerCase() + name.slice(1).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

export const camelCase = (name: string): string =>
  name.charAt(0).toLowerCase() +
  name.slice(1).replace(/[-_]([a-z])/g, (_match, letter: string) => letter.toUpperCase())
