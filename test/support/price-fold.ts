/**
 * Prices lines in plain TypeScript, written apart from `khidma.price_with` and by what docs/commerce.md says, for properties that compare
 * the two.
 */

export interface FoldLine {
  line: number
  kind: string
  itemId: string
  quantity: number
  unitPrice: number
  categories: string[]
}
export interface FoldRule {
  ruleId: string
  version: number
  name: string
  code: string | null
  scope: string
  scopeId: string | null
  type: 'percent' | 'flat'
  value: number
  minimum: number | null
  maximum: number | null
  priority: number
  exclusive: boolean
  fundedBy: string
  partner: string | null
}
export interface FoldTax {
  ruleId: string
  version: number
  name: string
  kind: 'vat' | 'gst' | 'tcs'
  rateBasisPoints: number
  categoryId: string | null
  appliesTo: string[]
  inclusive: boolean
  region: string | null
  exempts: string[]
}
export interface FoldInputs {
  lines: FoldLine[]
  discounts: FoldRule[]
  taxes: FoldTax[]
  coupon: null | { code: string; state: string }
  taxStatus: string
  region: string | null
}

interface Item {
  of: FoldLine
  base: bigint
  rest: bigint
  net: bigint
  tax: bigint
  added: bigint
  takenBy: Set<string>
  closed: boolean
}

const halfUp = (over: bigint, under: bigint): bigint => (over * 2n + under) / (under * 2n)

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Shares of an amount, the units that are left over going to the largest remainders. */
export function share(amount: bigint, items: readonly bigint[]): bigint[] {
  const all = items.reduce((sum, item) => sum + item, 0n)
  if (all === 0n) return items.map(() => 0n)
  const shares = items.map((item) => (amount * item) / all)
  const places = items
    .map((item, place) => ({ place, remainder: (amount * item) % all }))
    .sort((a, b) => Number(b.remainder - a.remainder) || a.place - b.place)
  let units = amount - shares.reduce((sum, one) => sum + one, 0n)
  for (const { place } of places) {
    if (units === 0n) break
    shares[place] = (shares[place] ?? 0n) + 1n
    units -= 1n
  }
  return shares
}

function isAbout(rule: FoldRule, { kind, itemId, categories }: FoldLine): boolean {
  if (kind === 'fee' || kind === 'commission') return false
  if (rule.fundedBy === 'tasker' && kind !== 'service') return false
  if (rule.scope === 'global') return true
  if (rule.scope === 'category') return categories.includes(rule.scopeId ?? '')
  return kind === rule.scope && itemId === rule.scopeId
}

function discount(items: Item[], rules: FoldRule[]): { ruleId: string; amount: number }[] {
  const taken: { ruleId: string; amount: number }[] = []
  const inOrder = [...rules].sort(
    (a, b) =>
      Number(a.code !== null) - Number(b.code !== null) ||
      a.priority - b.priority ||
      byText(a.ruleId, b.ruleId),
  )
  for (const rule of inOrder) {
    const about = items.filter(({ of }) => isAbout(rule, of))
    const before = about.reduce((sum, { base }) => sum + base, 0n)
    if (about.length === 0 || before === 0n || before < BigInt(rule.minimum ?? 0)) continue
    const open = about.filter(({ closed, takenBy }) => !closed && !(rule.exclusive && takenBy.size > 0))
    const left = open.reduce((sum, { rest }) => sum + rest, 0n)
    const wanted = rule.type === 'percent' ? halfUp(left * BigInt(rule.value), 10_000n) : BigInt(rule.value)
    const cap = rule.maximum === null ? left : BigInt(rule.maximum)
    const amount = [wanted, cap, left].reduce((least, one) => (one < least ? one : least))
    if (amount === 0n) continue
    const shares = share(
      amount,
      open.map(({ rest }) => rest),
    )
    for (const [place, item] of open.entries()) {
      if (item.rest === 0n) continue
      item.rest -= shares[place] ?? 0n
      item.takenBy.add(rule.ruleId)
      item.closed ||= rule.exclusive
    }
    taken.push({ ruleId: rule.ruleId, amount: Number(amount) })
  }
  return taken
}

function nearest(taxes: FoldTax[], { kind, categories }: FoldLine): FoldTax | null {
  const distance = ({ categoryId }: FoldTax) => (categoryId === null ? 1_000 : categories.indexOf(categoryId))
  const fitting = taxes.filter((tax) => tax.appliesTo.includes(kind) && distance(tax) >= 0)
  return fitting.reduce<FoldTax | null>(
    (best, tax) => (best === null || distance(tax) < distance(best) ? tax : best),
    null,
  )
}

function tax(items: Item[], inputs: FoldInputs): number {
  for (const ofClass of [(t: FoldTax) => t.kind !== 'tcs', (t: FoldTax) => t.kind === 'tcs']) {
    const taxes = inputs.taxes.filter(ofClass)
    const winners = items.map(({ of }) => nearest(taxes, of))
    for (const rule of taxes) {
      const won = items.filter((_item, place) => winners[place] === rule)
      const base = won.reduce((sum, { net }) => sum + net, 0n)
      if (base === 0n || rule.exempts.includes(inputs.taxStatus)) continue
      const rate = BigInt(rule.rateBasisPoints)
      const amount = halfUp(base * rate, rule.inclusive ? 10_000n + rate : 10_000n)
      const shares = share(
        amount,
        won.map(({ net }) => net),
      )
      for (const [place, item] of won.entries()) {
        const part = shares[place] ?? 0n
        item.tax += part
        if (rule.inclusive) item.net -= part
        else item.added += part
      }
    }
  }
  return Number(items.reduce((sum, item) => sum + item.tax, 0n))
}

export function foldPrice(inputs: FoldInputs) {
  const items: Item[] = [...inputs.lines]
    .sort(
      (a, b) =>
        byText(a.itemId, b.itemId) || a.unitPrice - b.unitPrice || a.quantity - b.quantity || a.line - b.line,
    )
    .map((of) => {
      const base = BigInt(of.quantity) * BigInt(of.unitPrice)
      return { of, base, rest: base, net: base, tax: 0n, added: 0n, takenBy: new Set(), closed: false }
    })
  const discounts = discount(items, inputs.discounts)
  for (const item of items) item.net = item.rest
  const taxes = tax(items, inputs)
  const lines = items
    .map((item) => ({
      line: item.of.line,
      base: Number(item.base),
      discount: Number(item.base - item.rest),
      tax: Number(item.tax),
      total: Number(item.rest + item.added),
    }))
    .sort((a, b) => a.line - b.line)
  return {
    lines,
    discounts,
    subtotal: lines.reduce((sum, { base }) => sum + base, 0),
    discount: lines.reduce((sum, line) => sum + line.discount, 0),
    tax: taxes,
    total: lines.reduce((sum, { total }) => sum + total, 0),
  }
}
