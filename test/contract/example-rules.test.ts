import { describe, expect, it } from 'vitest'
import { idOf } from '../../tools/openapi/example-ids.ts'
import { type Document, type Json, operationsOf } from '../../tools/openapi/json.ts'
import { exampleFindings } from '../../tools/openapi/lint-examples.ts'
import type { JsonObject } from '../../tools/openapi/story/parts.ts'
import { document } from './call.ts'

/** One wrong field of one example for each rule, by the rule. */
const mistakes: Record<string, [operationId: string, change: (answer: JsonObject) => void]> = {
  contradictions: ['bids.award', (bid) => Object.assign(bid, { awardedAt: null })],
  'answers the object of the path': ['tasks.get', (task) => Object.assign(task, { id: idOf('other') })],
  'answers what was sent': ['languages.create', (language) => Object.assign(language, { code: 'ar' })],
  'names the sides of the work': ['contracts.get', (it) => Object.assign(it, { proposedBy: idOf('other') })],
  'shows each person once': [
    'bookings.get',
    ({ client, tasker }) => Object.assign(client as JsonObject, { name: (tasker as JsonObject).name }),
  ],
  'shows what its translations say': ['plans.get', (plan) => Object.assign(plan, { name: 'Leak repair' })],
  'is in the state that the action leads to': [
    'jobPostings.close',
    (it) => Object.assign(it, { status: 'live' }),
  ],
  'is born in a first state': ['jobPostings.create', (it) => Object.assign(it, { status: 'live' })],
  'offers the actions of its state': ['bookings.cancel', (it) => Object.assign(it, { allowedActions: [] })],
  'has reasons of its state alone': ['reviews.get', (it) => Object.assign(it, { hiddenReason: 'Insults.' })],
  'ends after it begins': ['jobPostings.getDetails', (it) => Object.assign(it, { closesAt: it.liveAt })],
  'was changed last by the last thing that happened': [
    'orders.cancel',
    (order) => Object.assign(order, { updatedAt: order.createdAt }),
  ],
  leftovers: ['departments.get', (department) => Object.assign(department, { code: '«text»' })],
}

describe('examples', () => {
  it.each(Object.entries(mistakes))('are refused by the rule: %s', (rule, [operationId, change]) => {
    const found = exampleFindings(withAnswerOf(operationId, change))
    expect(found.map((finding) => finding.rule)).toContain(rule)
    expect(found.every(({ place }) => place.startsWith(operationId))).toBe(true)
  })
})

function withAnswerOf(operationId: string, change: (answer: JsonObject) => void): Document {
  const [path, method, object] =
    [...operationsOf(document)].find(([, , one]) => one.operationId === operationId) ?? []
  if (!path || !method || !object) throw new Error(`There is no ${operationId}`)
  const changed = structuredClone(object)
  for (const { content } of Object.values(changed.responses)) {
    const example: Json | undefined = content?.['application/json']?.example
    if (example !== undefined) change(example as JsonObject)
  }
  return { ...document, paths: { [path]: { [method]: changed } } }
}
