import { type Json, nameOfRef, type OperationObject } from './json.ts'
import { isObject, type JsonObject } from './money-rules/parts.ts'
import { tellBooking, tellPreview } from './money-stories/bookings.ts'
import type { Call } from './money-stories/call.ts'
import { tellAmendment, tellContract, tellMilestone } from './money-stories/contracts.ts'
import { tellBid, tellDispute, tellGrant, tellInvoice, tellOrder } from './money-stories/documents.ts'
import { tellEarnings, tellPayment, tellPayout } from './money-stories/payments.ts'

/** Stories of money by the name of a schema: what the state of an object, or the operation, makes of its amounts. */
const stories: Record<string, (object: JsonObject, call: Call) => void> = {
  Bid: tellBid,
  Booking: tellBooking,
  CancellationPreview: tellPreview,
  Contract: tellContract,
  ContractAmendment: tellAmendment,
  CreditGrant: tellGrant,
  Dispute: tellDispute,
  Earnings: tellEarnings,
  Invoice: tellInvoice,
  Milestone: tellMilestone,
  Order: tellOrder,
  Payment: tellPayment,
  Payout: tellPayout,
  PayoutDetail: tellPayout,
}

/** Makes the amounts in the answers of an operation those that its state and its body lead to. */
export function tellMoney({ operationId, requestBody, responses }: OperationObject): void {
  const [body] = Object.values(requestBody?.content ?? {})
  const request = isObject(body?.example) ? structuredClone(body.example) : {}
  if (body && isObject(body.example)) body.example = request
  for (const { content } of Object.values(responses)) {
    const { schema, example } = content?.['application/json'] ?? {}
    const name = nameOfRef(schema?.$ref ?? '')
    if (!isObject(example)) continue
    const tell = stories[name.replace(/Page$/, '')]
    const objects: Json[] = name.endsWith('Page') ? ((example.data as Json[]) ?? []) : [example]
    for (const object of objects.filter(isObject)) tell?.(object, { operationId, request })
  }
}
