import { type Operation, operations } from '../../../src/http/operation.ts'
import { type Document, type Json, nameOfRef, operationsOf, type Parameter, type Schema } from '../json.ts'
import { kindsOf } from '../story/ids.ts'
import { type JsonObject, type Part, partsOf, type Schemas } from '../story/parts.ts'

/** The example of an answer, with what it has to fit. */
export interface Answer {
  operationId: string
  operation: Operation | undefined
  method: string
  path: string
  status: string
  example: Json
  /** Name of its schema. */
  name: string
  schema: Schema
  schemas: Schemas
  parameters: readonly Parameter[]
  /** The example of the body. */
  request: Json | undefined
  /** Kinds of objects by schema. */
  kinds: Map<string, string>
}

export function* answersOf(document: Document): Generator<Answer> {
  const kinds = kindsOf(document)
  const { schemas } = document.components
  for (const [path, method, object] of operationsOf(document)) {
    const { operationId, parameters = [], requestBody, responses } = object
    const operation = operations.get(operationId)
    const request = requestBody?.content?.['application/json']?.example
    for (const [status, { content }] of Object.entries(responses)) {
      const { example, schema = {} } = content?.['application/json'] ?? {}
      if (example === undefined || !status.startsWith('2')) continue
      const name = nameOfRef(schema.$ref ?? '')
      yield {
        operationId,
        operation,
        method,
        path,
        status,
        example,
        name,
        schema,
        schemas,
        parameters,
        request,
        kinds,
      }
    }
  }
}

/** Examples of all bodies, answers, parameters and webhooks. */
export function* examplesOf(document: Document): Generator<{ place: string; example: Json }> {
  const webhooks = Object.fromEntries(
    Object.entries(document.webhooks).map(([name, item]) => [`webhook ${name}`, item]),
  )
  for (const [, , operation] of operationsOf({ paths: { ...document.paths, ...webhooks } })) {
    const { operationId, parameters = [], requestBody, responses } = operation
    for (const [status, body] of [['the body', requestBody] as const, ...Object.entries(responses)]) {
      const example = body?.content?.['application/json']?.example
      if (example !== undefined) yield { place: `${operationId}: example of ${status}`, example }
    }
    for (const { name, example, schema } of parameters) {
      const shown = example ?? schema?.example
      if (shown !== undefined) yield { place: `${operationId}: example of ${name}`, example: shown }
    }
  }
}

export const answerParts = ({ example, schema, schemas }: Answer): Part[] => partsOf(example, schema, schemas)

/** Findings of a rule for each object of an example, with the place of it. */
export function eachObject(example: Json, check: (object: JsonObject) => string[]): string[] {
  return partsOf(example, {}, {}).flatMap(({ value, place }) =>
    check(value).map((finding) => (place ? `${place}: ${finding}` : finding)),
  )
}
