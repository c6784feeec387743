import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Document, type Json, operationsOf } from '../../tools/openapi/json.ts'
import { moneyFindings } from '../../tools/openapi/lint-money.ts'

const document = JSON.parse(readFileSync(join(import.meta.dirname, '../../openapi.json'), 'utf8')) as Document

/** Operations whose answer is made of sums, with the amounts of it that follow from no other: terms and limits. */
const answers: Record<string, string[]> = {
  'adjustments.propose': [],
  'bids.create': [],
  'bids.counter': ['/amountMinor'],
  'bookings.complete': [
    '/task/estMinAmount',
    '/task/estMaxAmount',
    '/fare/maximumAmountMinor',
    '/fare/commission/minimumAmountMinor',
  ],
  'bookings.get': ['/task/estMinAmount', '/task/estMaxAmount', '/fare/commission/minimumAmountMinor'],
  'contracts.cancel': ['/escrow/commissionMinor'],
  'contracts.get': ['/escrow/commissionMinor'],
  'contracts.proposeAmendment': [],
  'invoices.credit': ['/creditedAmount', '/taxes/0/base'],
  'invoices.get': ['/creditedAmount', '/taxes/0/base'],
  'ledger.listEntries': [],
  'ledger.trialBalance': [],
  'me.getDebts': ['/debts/0/cap'],
  'me.getWallet': [],
  'orders.getQuote': [],
  'orders.refund': [],
  'payments.confirmCash': ['/amountAuthorized', '/amountRefunded'],
  'payouts.get': [],
  'tips.create': ['/amountAuthorized', '/amountRefunded'],
}

const isAmount =
  /(Minor|Amount|unitPrice|[bB]alance|^(amount\w*|tax|total|base|discount|held|available|cap))$/

describe('the amounts of an example', () => {
  it.each(Object.entries(answers))('of %s are found where one of them is another', (operationId, free) => {
    const { alone, example } = answerOf(operationId)
    expect(moneyFindings(alone)).toEqual([])
    const unnoticed = [...amountsOf(example)].filter(({ holder, key }) => {
      const amount = holder[key] as number
      holder[key] = amount + 1
      const isFound = moneyFindings(alone).length > 0
      holder[key] = amount
      return !isFound
    })
    expect(unnoticed.map(({ place }) => place)).toEqual(free)
  })
})

/** A document of that one operation, and the example in it. */
function answerOf(operationId: string): { alone: Document; example: Json } {
  for (const [path, method, operation] of operationsOf(document)) {
    if (operation.operationId !== operationId) continue
    const alone = { ...document, paths: { [path]: { [method]: structuredClone(operation) } }, webhooks: {} }
    const [, response] = Object.entries(alone.paths[path]?.[method]?.responses ?? {}).sort()[0] ?? []
    return { alone, example: response?.content?.['application/json']?.example ?? null }
  }
  throw new Error(`${operationId} is no operation`)
}

type Holder = { [key: string]: Json }

function* amountsOf(value: Json, place = ''): Generator<{ holder: Holder; key: string; place: string }> {
  if (typeof value !== 'object' || value === null) return
  for (const [key, part] of Object.entries(value)) {
    if (typeof part === 'number' && isAmount.test(key))
      yield { holder: value as Holder, key, place: `${place}/${key}` }
    else yield* amountsOf(part, `${place}/${key}`)
  }
}
