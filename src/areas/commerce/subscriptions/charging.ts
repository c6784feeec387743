import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inParallel } from '../../../core/in-parallel.ts'
import { logFailure } from '../../../core/log.ts'
import { attempts } from '../../money/gateways/calls.ts'
import { chargeStored } from '../../money/gateways/paying.ts'

const limit = 30
const atOnce = 3

/**
 * Charges the stored methods of subscriptions, as their attempts were written: of one payment, or of all that wait. A gateway that is asked
 * twice by the same reference makes one payment.
 */
export async function chargeSubscriptions(ctx: Context, paymentId: string | null): Promise<number> {
  const due = await ctx.db.read(
    attempts(sql`t.status = 'initiated' and t.gateway_reference is null and p.transaction_id = t.id and p.status = 'requires_action'
        and (${paymentId}::uuid is null or p.id = ${paymentId}::uuid)
        and exists (select from subscription_attempts a where a.document_id = p.order_id and a.outcome is null) order by t.id limit ${limit}`),
  )
  await inParallel(atOnce, due, (attempt) =>
    chargeStored(ctx, attempt).catch((error: unknown) =>
      logFailure('gateway.work_failed', error, { intentId: attempt.intentId }),
    ),
  )
  return due.length
}
