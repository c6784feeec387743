import type { Context } from '../../../core/context.ts'
import { inParallel } from '../../../core/in-parallel.ts'
import { outsideBudgetMs, untilIn } from '../../../core/jobs.ts'
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
  until = untilIn(outsideBudgetMs),
): Promise<{ checks: number; accounts: number; payouts: number }> {
  const start = Date.now()
  // A third for each kind, so that none waits for the gateways of another.
  const [third, two] = [start + (until - start) / 3, start + ((until - start) * 2) / 3]
  const due = await takeDueChecks(ctx, limit)
  const check = async (attempt: PayoutAttempt) => checkPayout(ctx, await openGateway(ctx, attempt), attempt)
  await inParallel(atOnce, due, (attempt) => tried(check(attempt), { payoutId: attempt.payoutId }), third)
  const routes = await payoutRoutes(ctx)
  const accounts = await nameHolders(ctx, routes, { limit, atOnce, until: two })
  const payouts = await routedPayouts(ctx, routes, limit)
  const send = ({ payoutId, via }: (typeof payouts)[number]) =>
    tried(sendPayout(ctx, via, payoutId), { payoutId })
  await inParallel(atOnce, payouts, send, until)
  return { checks: due.length, accounts, payouts: payouts.length }
}

/** One that fails stops no other. Refused by a rule of ours, it was sent, stopped or taken into a batch since it was read. */
async function tried(work: Promise<void>, about: { payoutId: string }): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof Problem)) logFailure('gateway.work_failed', error, about)
  })
}
