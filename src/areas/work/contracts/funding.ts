import { sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { Problem } from '../../../core/problems.ts'
import { one } from '../../../db/unit.ts'
import { isGatewayMethod, payByGateway } from '../../money/gateways/paying.ts'
import type { FurtherChoice } from '../../money/payments/further.ts'
import { type PaymentRow, paymentView } from '../../money/payments/payments.ts'
import { lockContract } from './contracts.ts'

/**
 * Pays the next milestone, or all that wait for money, into escrow: from the wallet at once, or through a gateway like every other payment.
 * The database says how much that is.
 */
export async function fundContract(
  ctx: Context<UserActor>,
  contractId: string,
  wanted: 'next' | 'all',
  choice: Omit<FurtherChoice, 'amount'>,
): Promise<PaymentRow> {
  const { method, saveMethod, storedMethodId, requestKey } = choice
  const open = [
    ...lockContract(contractId),
    sql`select khidma.open_contract_payment(${requestKey}, ${contractId}, ${wanted === 'all'}::boolean, ${method}::payment_method,
          ${saveMethod}::boolean, ${storedMethodId}::uuid)`,
  ]
  const payment = sql`p.payer_id = ${ctx.actor.userId} and p.request_key = ${requestKey}`
  if (isGatewayMethod(method)) return payByGateway(ctx, { open, payment }, { ...choice, method })
  if (storedMethodId !== null) throw new Problem('stored_method_unusable')
  return one(await ctx.db.write(open, paymentView(ctx.actor, payment)))
}
