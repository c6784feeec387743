import {
  amountOf,
  asNumber,
  differ,
  exceeds,
  isObject,
  type JsonObject,
  listOf,
  type Rules,
  sumOf,
} from './parts.ts'

const isInvoice = (object: JsonObject): boolean => 'creditedInvoiceId' in object && 'seller' in object
const nameOf = (party: unknown): unknown =>
  isObject(party as JsonObject) ? (party as JsonObject).name : null

/** Orders, invoices, taxes, subscriptions, credits and discounts. */
export const documentRules: Rules = {
  'is refunded though it was not paid, or not whole': (order) => {
    const refunded = amountOf(order, 'refunded')
    const total = amountOf(order, 'total')
    if (refunded === undefined || total === undefined || !('expiresAt' in order)) return false
    if (order.status === 'refunded') return refunded !== total
    return refunded > (order.status === 'completed' ? total : 0)
  },
  'an invoice credits another, or a note none': (invoice) =>
    isInvoice(invoice) && (invoice.kind === 'invoice') !== (invoice.creditedInvoiceId === null),
  'a note says no reason, or an invoice that is not void does': ({ reason, kind, status, ...invoice }) =>
    isInvoice(invoice) && (kind !== 'invoice' || status === 'void') !== (reason !== null),
  'the seller, the buyer and the supplier are not three': ({ seller, buyer, supplier, ...invoice }) => {
    if (!('creditedInvoiceId' in invoice) || seller === undefined) return false
    const names = [seller, buyer, ...(supplier === null ? [] : [supplier ?? null])].map(nameOf)
    return new Set(names).size < names.length
  },
  'has a supplier without an id, or the other way round': ({ supplier, supplierId, ...invoice }) =>
    'creditedInvoiceId' in invoice && (supplier === null) !== (supplierId === null),
  'more is credited than it cost': (invoice) =>
    isInvoice(invoice) && exceeds(amountOf(invoice, 'credited'), amountOf(invoice, 'total')),
  'more is taxed than was paid': (tax) => exceeds(amountOf(tax, 'base'), amountOf(tax, 'gross')),
  'is paid without an attempt that succeeded, or not after one': (charge) => {
    const attempts = listOf(charge, 'attempts')
    if (!attempts || !('unusedMinor' in charge) || attempts.length === 0) return false
    return (charge.status === 'paid') !== (attempts.at(-1)?.outcome === 'paid')
  },
  'both sides of a dispute do not get all of it': (split) => {
    const [client, tasker] = [amountOf(split, 'client'), amountOf(split, 'tasker')]
    if (client === undefined || tasker === undefined) return false
    return differ(amountOf(split, 'amount'), client + tasker + (amountOf(split, 'arbitration') ?? 0))
  },
  'more goes back than is in question': ({ amountInQuestion, resolution }) =>
    isObject(resolution) && exceeds(asNumber(resolution.refundAmount), asNumber(amountInQuestion)),
  'is decided, and can still be split': ({ resolution, splittableAmountMinor }) =>
    isObject(resolution) && splittableAmountMinor !== null,
  'the steps of a price do not lead to its discount and tax': (price) => {
    const steps = listOf(price, 'priceBreakdown')
    if (!steps) return false
    const taxes = steps.filter(({ step }) => step === 'tax')
    const discounts = steps.filter(({ step }) => step === 'discount' || step === 'coupon')
    return (
      differ(amountOf(price, 'discount'), sumOf(discounts, 'amount')) ||
      differ(amountOf(price, 'tax'), sumOf(taxes, 'amount')) ||
      discounts.slice(0, 1).some((step) => differ(amountOf(price, 'subtotal'), amountOf(step, 'base'))) ||
      taxes.some(
        (step, place) => amountOf(step, 'base') !== amountOf(listOf(price, 'taxes')?.[place] ?? {}, 'base'),
      )
    )
  },
  'more is left than was granted': ({ remaining, amount }) => exceeds(remaining as number, amount as number),
  'more is spent than its budget, or used than its limit': ({ spentMinor, budgetMinor, uses, usageLimit }) =>
    exceeds(spentMinor as number, (budgetMinor ?? undefined) as number) ||
    exceeds(uses as number, (usageLimit ?? undefined) as number),
  'a discount costs nothing, or more than the orders': ({ costMinor, totalBeforeMinor, totalAfterMinor }) =>
    costMinor !== undefined &&
    (exceeds(totalAfterMinor as number, totalBeforeMinor as number) ||
      exceeds(costMinor as number, totalBeforeMinor as number)),
}
