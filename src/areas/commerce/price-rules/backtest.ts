import type { Context } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { json, rowsOf } from '../../../db/rows.ts'
import { one } from '../../../db/unit.ts'
import type { NewDiscount } from './discount-rules.ts'

export const backtestDays = 30
export const backtestOrders = 5_000

/** Findings in one currency; amounts in minor units. */
export interface Backtest {
  currency: string
  orders: number
  uptake: number
  buyers: number
  almost: number
  costMinor: number
  totalBeforeMinor: number
  totalAfterMinor: number
  conflicts: { ruleId: string; name: string; orders: number; takenMinor: number }[]
}

/** Prices the orders of the last days again, with the draft among their rules; writes nothing. */
export async function backtestDiscount(ctx: Context, draft: NewDiscount): Promise<Backtest[]> {
  const rule = {
    ruleId: newId(ctx.now.getTime()),
    version: 1,
    name: draft.name,
    code: draft.code ?? null,
    scope: draft.scope,
    scopeId: draft.scopeId ?? null,
    type: draft.discountType,
    value: draft.discountValue,
    minimum: draft.minOrder ?? null,
    maximum: draft.maxDiscount ?? null,
    priority: draft.priority ?? 100,
    exclusive: draft.isExclusive ?? false,
    fundedBy: draft.fundedBy ?? 'platform',
    partner: draft.partner ?? null,
    country: draft.country ?? null,
    currency: draft.currency ?? null,
    usageLimit: draft.usageLimit ?? null,
    perPersonLimit: draft.perPersonLimit ?? null,
    budget: draft.budget ?? null,
  }
  const rows = await ctx.db.write(
    [],
    rowsOf({ found: json<Backtest[]>() })`
    select khidma.backtest_discount(${JSON.stringify(rule)}::jsonb, ${backtestDays}::int, ${backtestOrders}::int) as found`,
  )
  return one(rows).found
}
