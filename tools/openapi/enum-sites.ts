import { type Document, type Json, nameOfRef, operationsOf, type Schema } from './json.ts'

type Parts = Pick<Document, 'components' | 'paths'>

/** Schemas that list values in place, by their place: `Schema.property`, or `operationId?parameter`. */
export function enumSites({ components, paths }: Parts): Map<string, Schema[]> {
  const sites = new Map<string, Schema[]>()
  const kept = discriminators(components.schemas)
  const gather = (node: unknown, place: string): void => {
    if (typeof node !== 'object' || node === null) return
    const schema = node as Schema
    if (Array.isArray(schema.enum) && !kept.has(schema))
      sites.set(place, [...(sites.get(place) ?? []), schema])
    for (const [key, part] of Object.entries(node)) {
      if (key === 'properties')
        for (const [name, inner] of Object.entries(part)) gather(inner, `${place}.${name}`)
      else if (!values.has(key)) gather(part, place)
    }
  }
  for (const [name, schema] of Object.entries(components.schemas)) if (!schema.enum) gather(schema, name)
  for (const [, , { operationId, parameters }] of operationsOf({ paths }))
    for (const { name, schema } of parameters ?? []) gather(schema, `${operationId}?${name}`)
  return sites
}

const values = new Set(['enum', 'example', 'examples', 'default'])

/** Properties that tell the members of a union apart: generators want their values in place. */
function discriminators(schemas: Document['components']['schemas']): Set<Schema | undefined> {
  return new Set(
    Object.values(schemas).flatMap(({ oneOf, discriminator }) =>
      (oneOf ?? []).map(
        ({ $ref = '' }) => schemas[nameOfRef($ref)]?.properties?.[discriminator?.propertyName ?? ''],
      ),
    ),
  )
}

/** The values of an enum without null, whatever the order. */
export const keyOf = ({ enum: listed = [] }: Schema): string =>
  JSON.stringify(listed.filter((value: Json) => value !== null).sort())

/** Enums in place that list what another place or a named enum lists: whether they are of one thing has to be said in `enums.ts`. */
export function lintEnums(document: Parts): string[] {
  const places = new Map<string, string[]>()
  const add = (place: string, schema: Schema) => {
    if (schema.enum && schema.enum.length > 1)
      places.set(keyOf(schema), [...(places.get(keyOf(schema)) ?? []), place])
  }
  const sites = enumSites(document)
  for (const [place, [schema]] of sites) if (schema) add(place, schema)
  const inPlace = [...places.keys()]
  for (const [name, schema] of Object.entries(document.components.schemas)) if (schema.enum) add(name, schema)
  return inPlace.flatMap((key) => {
    const alike = places.get(key) ?? []
    return alike.length > 1 ? [`${alike.join(', ')} list the same values: name them in enums.ts`] : []
  })
}
