import { amountOf, asNumber, differ, exceeds, type JsonObject, listOf, type Rules, sumOf } from './parts.ts'

/** Sums and limits that hold of whatever has parts of these names. */
export const sumRules: Rules = {
  'the lines do not add up to zero': (entry) => {
    const lines = listOf(entry, 'lines') ?? []
    return lines.some(({ account }) => account !== undefined) && sumOf(lines, 'amount') !== 0
  },
  'an entry has fewer than two lines': (entry) =>
    typeof entry.posting === 'string' && (listOf(entry, 'lines')?.length ?? 2) < 2,
  'the total is not the subtotal less discounts, with taxes': (price) => {
    const [subtotal, discount, tax] = ['subtotal', 'discount', 'tax'].map((name) => amountOf(price, name))
    if (subtotal === undefined || discount === undefined || tax === undefined) return false
    const added = listOf(price, 'taxes')?.filter((one) => one.inclusive !== true && one.isIncluded !== true)
    return differ(
      amountOf(price, 'total'),
      subtotal - discount + (added ? (sumOf(added, 'amount') ?? 0) : tax),
    )
  },
  'the lines do not add up to the subtotal': (price) =>
    differ(
      amountOf(price, 'subtotal'),
      listOf(price, 'lines')?.reduce((sum, line) => sum + (gross(line) ?? 0), 0),
    ),
  'the lines do not add up to the discount': (price) => linesDiffer(price, 'discount'),
  'the lines do not add up to the tax': (price) => linesDiffer(price, 'tax'),
  'the lines do not add up to the total': (price) => linesDiffer(price, 'total'),
  'the taxes do not add up to the tax': (price) =>
    differ(amountOf(price, 'tax'), sumOf(listOf(price, 'taxes') ?? [{}], 'amount')),
  'the discounts do not add up to the discount': (price) =>
    differ(amountOf(price, 'discount'), sumOf(listOf(price, 'discounts') ?? [{}], 'amount')),
  'a line is not its quantity times its price, less discount, with taxes': (line) => {
    const [whole, total, tax] = [gross(line), amountOf(line, 'total'), amountOf(line, 'tax')]
    if (whole === undefined || total === undefined || tax === undefined) return false
    const net = whole - (amountOf(line, 'discount') ?? 0)
    return total !== net && total !== net + tax
  },
  'a tax is not its rate of its base': (tax) => {
    const base = amountOf(tax, 'base')
    const amount = amountOf(tax, 'amount')
    if (typeof tax.rateBasisPoints !== 'number' || base === undefined || amount === undefined) return false
    return Math.abs((base * tax.rateBasisPoints) / 10_000 - amount) >= 1
  },
  'what is available is not the balance less what is held': ({ balance, held, available }) =>
    typeof balance === 'number' && typeof held === 'number' && differ(available as number, balance - held),
  'a least amount is above the most': (range) =>
    Object.entries(range).some(([name, value]) => {
      const most = name.replace('min', 'max').replace('Min', 'Max').replace('least', 'most')
      return most !== name && typeof value === 'number' && exceeds(value, asNumber(range[most]))
    }),
  'what is in parts is not what is available': ({ parts, available }) =>
    differ(asNumber(available), sumOf(listOf({ parts: parts ?? null }, 'parts') ?? [{}], 'available')),
  'the stages of a bid do not add up to its price': (bid) =>
    'upfrontBasisPoints' in bid &&
    (listOf(bid, 'milestones') ?? []).length > 0 &&
    differ(amountOf(bid, 'amount'), sumOf(listOf(bid, 'milestones') ?? [], 'amount')),
  'the add-ons do not add up to their price': ({ addons, addonsAmount }) =>
    Array.isArray(addons) &&
    differ(
      asNumber(addonsAmount),
      (addons as JsonObject[]).reduce(
        (sum, { quantity, priceMinor }) => sum + Number(quantity) * Number(priceMinor),
        0,
      ),
    ),
  'two amounts are the one that nobody wrote': (object) =>
    Object.values(object).filter((value) => value === anyAmount).length > 1,
}

/** The amount that a schema gives where it says nothing of it. */
const anyAmount = 25_000

function gross(line: JsonObject): number | undefined {
  const price = amountOf(line, 'unitPrice')
  return typeof line.quantity === 'number' && price !== undefined ? line.quantity * price : undefined
}

function linesDiffer(price: JsonObject, name: string): boolean {
  const lines = listOf(price, 'lines')
  return lines !== undefined && differ(amountOf(price, name), sumOf(lines, name))
}
