import { orderMachine } from '../../../src/areas/commerce/orders/machine.ts'
import { idOf } from '../example-ids.ts'
import { isObject, type JsonObject, partOf } from '../money-rules/parts.ts'
import { orderTotal } from './amounts.ts'
import { actionsOf, type Call, touch } from './call.ts'

export function tellOrder(order: JsonObject, { operationId, request }: Call): void {
  if (operationId === 'orders.refundPart') {
    order.status = 'completed'
    order.allowedActions = actionsOf(orderMachine, order, 'ops')
  }
  const isWhole = order.status === 'refunded'
  const units = isWhole ? 2 : operationId === 'orders.refundPart' ? 1 : 0
  order.refundedMinor = (orderTotal / 2) * units
  order.lines = (order.lines as JsonObject[]).map((line) => ({
    ...line,
    quantity: 2,
    refundedQuantity: units,
  }))
  if (units > 0 || order.status === 'completed') {
    order.completedAt ??= '2026-11-21T08:40:00.000Z'
    order.paymentId = idOf('payment')
  }
  if (typeof request.reason === 'string' && ['canceled', 'refunded'].includes(String(order.status)))
    order.reason = request.reason
}

/** A note of the part that the body names, of the invoice that other examples show. */
export function tellInvoice(invoice: JsonObject, { operationId, request }: Call): void {
  if (operationId === 'invoices.void')
    Object.assign(invoice, {
      status: 'void',
      reason: request.reason,
      paidAt: null,
      voidedAt: '2026-11-21T08:45:00.000Z',
      dueAt: '2026-12-05T08:30:00.000Z',
    })
  if (operationId === 'invoices.void') touch(invoice, '2026-11-21T08:45:00.000Z')
  else invoice.reason = null
  if (operationId !== 'invoices.credit') return
  const total = Number(request.amountMinor)
  const base = Math.round(total / 1.14)
  const tax = total - base
  const [line = {}] = invoice.lines as JsonObject[]
  const [taxed = {}] = invoice.taxes as JsonObject[]
  Object.assign(invoice, {
    id: idOf('creditNote'),
    kind: 'credit_note',
    number: 'EG-FC-2026-000001',
    status: 'issued',
    documentType: 'invoice',
    documentId: idOf('invoice'),
    creditedInvoiceId: idOf('invoice'),
    reason: request.reason,
    subtotalAmount: total,
    taxAmount: tax,
    totalAmount: total,
    paidAt: null,
    lines: [{ ...line, unitPrice: total, tax, total }],
    taxes: [{ ...taxed, base, amount: tax }],
    allowedActions: [],
  })
}

export function tellGrant(grant: JsonObject, { operationId, request }: Call): void {
  if (operationId !== 'credits.grant') return
  Object.assign(grant, {
    amount: request.amount,
    remaining: request.amount,
    reason: request.reason,
    documentType: 'credit_grant',
  })
}

export function tellBid(bid: JsonObject, { operationId, request }: Call): void {
  if (operationId === 'bids.counter')
    bid.counterOffer = {
      amountMinor: request.amountMinor ?? null,
      minutes: bid.minutes ?? null,
      proposedAt: '2026-11-21T08:45:00.000Z',
    }
  else if (typeof request.amountMinor === 'number') bid.amountMinor = request.amountMinor
}

/** A decision shares out all that there was to split. */
export function tellDispute(dispute: JsonObject, { operationId, request }: Call): void {
  const { resolution, splittableAmountMinor: whole } = dispute
  if (!isObject(resolution)) return
  if (operationId === 'disputes.refund')
    dispute.resolution = { ...resolution, refundAmount: request.amount ?? null }
  if (operationId === 'disputes.split' && typeof whole === 'number') {
    const tasker = partOf(whole, Number(request.taskerBasisPoints))
    dispute.resolution = {
      ...resolution,
      source: resolution.source ?? 'payment',
      amount: whole,
      taskerAmount: tasker,
      clientAmount: whole - tasker,
      arbitrationAmount: 0,
    }
  }
  dispute.splittableAmountMinor = null
}
