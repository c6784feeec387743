import type { z } from '@hono/zod-openapi'
import { describe, expect, it } from 'vitest'
import { sentenceIn } from '../../src/core/invalid-values.ts'
import { isSaid } from '../../src/core/said.ts'
import { all, exampleBody, named } from './call.ts'

const notForPeople = /\/\^|received|nonoptional|expected|invalid input/i
const arabic = /[\u0600-\u06ff]/
const wrongValues = [
  undefined,
  null,
  true,
  -1.5,
  1e308,
  '',
  '/',
  'x'.repeat(30_000),
  [],
  [[]],
  {},
  { $ne: 1 },
]

const schemasOf = ({ body, query, params }: (typeof all)[number]): z.ZodType[] =>
  [body, query?.strict(), params].filter((schema) => schema !== undefined)

/** Bodies with one wrong value each, a nested one included. */
function* wrongOnes(value: unknown): Generator<unknown> {
  yield* wrongValues
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    for (const wrong of wrongOnes(value[0])) yield [wrong]
    return
  }
  for (const [name, inner] of Object.entries(value))
    for (const wrong of wrongOnes(inner)) yield { ...value, [name]: wrong }
}

interface Definition {
  error?: (issue: object) => unknown
  checks?: { _zod: { def: Definition } }[]
  [part: string]: unknown
}

/** All error messages within a schema, at any depth. */
function ownTextsOf(value: unknown, seen = new Set<unknown>()): string[] {
  if (typeof value !== 'object' || value === null || seen.has(value) || value instanceof RegExp) return []
  seen.add(value)
  const definition = (value as { _zod?: { def: Definition } })._zod?.def
  if (!definition) return Object.values(value).flatMap((part) => ownTextsOf(part, seen))
  const own = typeof definition.error === 'function' ? [definition.error({})] : []
  const parts = Object.entries(definition).filter(([name]) => name !== 'error')
  return [
    ...own.filter((text) => typeof text === 'string'),
    ...parts.flatMap(([, part]) => ownTextsOf(part, seen)),
  ]
}

describe.each(named(all))('%s', (operationId, operation) => {
  it('explains each wrong value in every language', () => {
    for (const schema of schemasOf(operation)) {
      for (const wrong of wrongOnes(schema === operation.body ? exampleBody(operationId) : {})) {
        const english = schema.safeParse(wrong, { error: sentenceIn.en }).error?.issues ?? []
        const inArabic = schema.safeParse(wrong, { error: sentenceIn.ar }).error?.issues ?? []
        for (const { message } of english) expect(message).not.toMatch(notForPeople)
        for (const { message } of inArabic) if (!isSaid(message)) expect(message).toMatch(arabic)
      }
    }
  })

  it('contains no message in one language only', () => {
    const texts = schemasOf(operation).flatMap((schema) => ownTextsOf(schema))
    expect(texts.filter((text) => !isSaid(text))).toEqual([])
  })
})

it('every pattern has a message', () => {
  const bare = all.flatMap((operation) =>
    schemasOf(operation).flatMap((schema) =>
      patternsWithoutWords(schema).map((p) => `${operation.operationId}: ${p}`),
    ),
  )
  expect(bare).toEqual([])
})

function patternsWithoutWords(value: unknown, seen = new Set<unknown>()): string[] {
  if (typeof value !== 'object' || value === null || seen.has(value)) return []
  seen.add(value)
  const definition = (value as { _zod?: { def: Definition } })._zod?.def
  if (!definition)
    return Array.isArray(value) || isPlain(value)
      ? Object.values(value).flatMap((part) => patternsWithoutWords(part, seen))
      : []
  const isBare = definition.format === 'regex' && typeof definition.error !== 'function'
  return [
    ...(isBare ? [String(definition.pattern)] : []),
    ...Object.values(definition).flatMap((part) => patternsWithoutWords(part, seen)),
  ]
}

const isPlain = (value: object): boolean => Object.getPrototypeOf(value) === Object.prototype
