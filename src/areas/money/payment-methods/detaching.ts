import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { logFailure } from '../../../core/log.ts'
import { nullable, type RowOf, rowsOf, text, uuid } from '../../../db/rows.ts'
import { GatewayError } from '../../../providers/payments/gateway-error.ts'
import { openGateway, sealedConfig } from '../gateways/calls.ts'
import { openMethod } from './storing.ts'

const limit = 50

const dueRow = {
  ...sealedConfig,
  id: uuid,
  customer: nullable(text),
  method: nullable(text),
  email: nullable(text),
}

/** Asks gateways to forget methods that were removed. What fails comes again, until it is done. */
export async function detachMethods(ctx: Context): Promise<{ detached: number; left: number }> {
  const taken = await ctx.db.write(
    [],
    rowsOf(dueRow)`
      select m.id, m.gateway_customer_id as customer, m.gateway_payment_method_id as method, m.gateway_email as email,
             c.id as "configId", c.gateway, c.config
        from khidma.take_methods_to_detach(${limit}) m join payment_gateway_configs c on c.id = khidma.config_of_stored(m)`,
  )
  let detached = 0
  for (const due of taken) if (await detach(ctx, due)) detached += 1
  return { detached, left: taken.length - detached }
}

async function detach(ctx: Context, due: RowOf<typeof dueRow>): Promise<boolean> {
  const method = await openMethod(ctx, due)
  try {
    if (method) await (await openGateway(ctx, due)).detachMethod(method)
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    logFailure('gateway.call_failed', error, { gateway: due.gateway, paymentMethodId: due.id })
    return false
  }
  await ctx.db.write([sql`select khidma.end_detach(${due.id})`])
  return true
}
