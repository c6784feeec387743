import type { Context } from '../../../core/context.ts'
import { inParallel } from '../../../core/in-parallel.ts'
import { logFailure } from '../../../core/log.ts'
import { Problem } from '../../../core/problems.ts'
import { openGateway } from '../gateways/calls.ts'
import { nameHolders } from './holder-names.ts'
import { payoutRoutes, routedPayouts } from './routing.ts'
import { checkPayout, type PayoutAttempt, sendPayout, takeDueChecks } from './sending.ts'

/** Pieces of work of each kind in one run; what is left comes with the next, a minute later. */
const limit = 50
/** Fewer than the connections that a Worker may have. */
const atOnce = 3

/** Work on payouts at gateways: asks about those under way, learns whose new accounts are, sends what is due. */
export async function workOnPayouts(
  ctx: Context,
): Promise<{ checks: number; accounts: number; payouts: number }> {
  const due = await takeDueChecks(ctx, limit)
  const check = async (attempt: PayoutAttempt) => checkPayout(ctx, await openGateway(ctx, attempt), attempt)
  await inParallel(atOnce, due, (attempt) => tried(check(attempt), { payoutId: attempt.payoutId }))
  const routes = await payoutRoutes(ctx)
  const accounts = await nameHolders(ctx, routes, limit, atOnce)
  const payouts = await routedPayouts(ctx, routes, limit)
  await inParallel(atOnce, payouts, ({ payoutId, via }) =>
    tried(sendPayout(ctx, via, payoutId), { payoutId }),
  )
  return { checks: due.length, accounts, payouts: payouts.length }
}

/** One that fails stops no other. Refused by a rule of ours, it was sent, stopped or taken into a batch since it was read. */
async function tried(work: Promise<void>, about: { payoutId: string }): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof Problem)) logFailure('gateway.work_failed', error, about)
  })
}
