import { type Document, type Json, operationsOf, type PathItem } from './json.ts'
import { contractRules } from './money-rules/contracts.ts'
import { documentRules } from './money-rules/documents.ts'
import { fareRules } from './money-rules/fares.ts'
import type { JsonObject, Rules } from './money-rules/parts.ts'
import { amountOf, asNumber, isObject } from './money-rules/parts.ts'
import { paymentRules } from './money-rules/payments.ts'
import { sumRules } from './money-rules/sums.ts'
import { purposes } from './money-stories/payments.ts'

/** Rules of money by their sentence: each says of an object of an example whether it breaks the rule. */
const rules: Rules = { ...sumRules, ...documentRules, ...paymentRules, ...fareRules, ...contractRules }

/** Amounts in examples that do not add up, or that no payment, order or contract can have. */
export function lintMoney(document: Document): string[] {
  return moneyFindings(document).map(({ rule, place }) => `${place}: ${rule}`)
}

export function moneyFindings(document: Document): { rule: string; place: string }[] {
  return [...examplesOf(document)].flatMap(({ operationId, place, example, request }) =>
    [...objectsOf(example)].flatMap(([path, object]) => [
      ...Object.entries(rules).flatMap(([rule, isBroken]) =>
        isBroken(object) ? [{ rule, place: `${place}${path}` }] : [],
      ),
      ...(path === '' ? contradictions(object, operationId, request).map((rule) => ({ rule, place })) : []),
    ]),
  )
}

/** Contradictions of an answer to the body that it answers, or to its operation. */
function contradictions(answer: JsonObject, operationId: string, request: JsonObject = {}): string[] {
  const findings: string[] = []
  const isPayment = 'amountCaptured' in answer
  if (
    isPayment &&
    ['method', 'currency'].some((name) => request[name] !== undefined && request[name] !== answer[name])
  )
    findings.push('pays by another method or in another currency than was asked for')
  if (isPayment && answer.purpose !== (purposes[operationId]?.purpose ?? 'booking'))
    findings.push('has another purpose than its operation')
  if (request.sha256 !== undefined && 'signatures' in answer && request.sha256 !== answer.sha256)
    findings.push('is another text than was signed')
  const asked = asNumber(request.amountMinor) ?? asNumber(request.amount)
  const paid = isPayment
    ? [answer.amountCaptured, answer.amountDue]
    : [isObject(answer.counterOffer) ? answer.counterOffer.amountMinor : amountOf(answer, 'amount')]
  if (asked !== undefined && paid.some((amount) => amount !== undefined) && !paid.includes(asked))
    findings.push('is about another amount than was asked for')
  return findings
}

interface Example {
  operationId: string
  place: string
  example: Json
  request?: JsonObject | undefined
}

function* examplesOf({ paths, webhooks }: Document): Generator<Example> {
  for (const [, , operation] of operationsOf({ paths: { ...paths, ...asPaths(webhooks) } })) {
    const { operationId } = operation
    const [body] = Object.values(operation.requestBody?.content ?? {})
    const request = isObject(body?.example) ? body.example : undefined
    if (body?.example !== undefined)
      yield { operationId, place: `${operationId}: example of the body`, example: body.example }
    for (const [status, { content }] of Object.entries(operation.responses)) {
      const example = content?.['application/json']?.example
      if (example !== undefined)
        yield { operationId, place: `${operationId}: example of ${status}`, example, request }
    }
  }
}

const asPaths = (webhooks: Record<string, PathItem>): Record<string, PathItem> =>
  Object.fromEntries(Object.entries(webhooks).map(([name, item]) => [`webhook ${name}`, item]))

function* objectsOf(value: Json, place = ''): Generator<[string, JsonObject]> {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) yield [place, value]
  for (const [key, inner] of Object.entries(value)) yield* objectsOf(inner, `${place}/${key}`)
}
