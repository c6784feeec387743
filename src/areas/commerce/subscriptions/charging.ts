import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inParallel } from '../../../core/in-parallel.ts'
import { outsideBudgetMs, untilIn } from '../../../core/jobs.ts'
import { logFailure } from '../../../core/log.ts'
import { rowsOf, uuid } from '../../../db/rows.ts'
import { attempts } from '../../money/gateways/calls.ts'
import { chargeStored } from '../../money/gateways/paying.ts'

const limit = 30
const atOnce = 3

/**
 * Charges the stored methods of subscriptions whose attempts were written: of one payment, or of all that wait. Each is taken by one caller;
 * one that dies after that has the gateway asked about it a minute later.
 */
export async function chargeSubscriptions(
  ctx: Context,
  paymentId: string | null,
  until = untilIn(outsideBudgetMs),
): Promise<number> {
  for (let charged = 0; ; ) {
    const count = await chargeNext(ctx, paymentId)
    charged += count
    if (count < atOnce || charged >= limit || Date.now() > until) return charged
  }
}

/** No more than are begun at once: what is taken is asked about, and charged no more. */
async function chargeNext(ctx: Context, paymentId: string | null): Promise<number> {
  const taken = await ctx.db.write(
    [],
    rowsOf({ id: uuid })`select x.id from khidma.take_charges(${paymentId}::uuid, ${atOnce}) x (id)`,
  )
  if (taken.length === 0) return 0
  const ids = JSON.stringify(taken.map(({ id }) => id))
  const due = await ctx.db.read(
    attempts(sql`t.id in (select x::uuid from jsonb_array_elements_text(${ids}::jsonb) x) order by t.id`),
  )
  await inParallel(atOnce, due, (attempt) =>
    chargeStored(ctx, attempt).catch((error: unknown) =>
      logFailure('gateway.work_failed', error, { intentId: attempt.intentId }),
    ),
  )
  return taken.length
}
