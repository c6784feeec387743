import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inParallel } from '../../../core/in-parallel.ts'
import { outsideBudgetMs, untilIn } from '../../../core/jobs.ts'
import { logFailure } from '../../../core/log.ts'
import { nullable, type RowOf, rowsOf, text, uuid } from '../../../db/rows.ts'
import { GatewayError } from '../../../providers/payments/gateway-error.ts'
import { openGateway, sealedConfig } from '../gateways/calls.ts'
import { openMethod } from './storing.ts'

const limit = 50
const atOnce = 3

const dueRow = {
  ...sealedConfig,
  id: uuid,
  customer: nullable(text),
  method: nullable(text),
  email: nullable(text),
}

/** Asks gateways to forget methods that were removed. What fails comes again, until it is done. */
export async function detachMethods(
  ctx: Context,
  until = untilIn(outsideBudgetMs),
): Promise<{ detached: number; left: number }> {
  const report = { detached: 0, left: 0 }
  for (;;) {
    const taken = await takeMethods(ctx)
    await inParallel(atOnce, taken, async (due) => {
      if (await detach(ctx, due)) report.detached += 1
      else report.left += 1
    })
    if (taken.length < atOnce || report.detached + report.left >= limit || Date.now() > until) return report
  }
}

/** No more than are begun at once: to be taken counts as an attempt. */
const takeMethods = (ctx: Context) =>
  ctx.db.write(
    [],
    rowsOf(dueRow)`
      select m.id, m.gateway_customer_id as customer, m.gateway_payment_method_id as method, m.gateway_email as email,
             c.id as "configId", c.gateway, c.config
        from khidma.take_methods_to_detach(${atOnce}) m join payment_gateway_configs c on c.id = khidma.config_of_stored(m)`,
  )

async function detach(ctx: Context, due: RowOf<typeof dueRow>): Promise<boolean> {
  try {
    const method = await openMethod(ctx, due)
    if (method) await (await openGateway(ctx, due)).detachMethod(method)
    await ctx.db.write([sql`select khidma.end_detach(${due.id})`])
    return true
  } catch (error) {
    const code = error instanceof GatewayError ? 'gateway.call_failed' : 'gateway.work_failed'
    logFailure(code, error, { gateway: due.gateway, paymentMethodId: due.id })
    return false
  }
}
