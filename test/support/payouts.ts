import type pg from 'pg'
import { addAccount } from '../../src/areas/money/payouts/accounts.ts'
import type { Context, UserActor } from '../../src/core/context.ts'
import type { PayoutDestination } from '../../src/providers/payments/gateway.ts'
import { postEntry } from './books.ts'

/** Payouts on real connections: money to pay out, accounts to pay to. */

export const aBankAccount: PayoutDestination = {
  kind: 'bank',
  country: 'EG',
  bankCode: 'NBEGEGCX',
  accountNumber: 'EG380019000500000000263180002',
  holderName: 'Amina Hassan',
}

/** The session that a context on its own only names: where money goes asks when it began. */
export const beginSession = (connection: pg.Client, { actor }: Context<UserActor>) =>
  connection.query('insert into sessions (id, user_id) values ($1, $2)', [actor.sessionId, actor.userId])

/** Credits a guarded account of a user from the platform's bank. */
export const fund = (connection: pg.Client, account: string, owner: string | null, amount: number) =>
  postEntry(connection, {
    lines: [
      { account: 'platform_clearing', owner: null, amount: -amount },
      { account, owner, amount },
    ],
  })

/** Charges a user with a debt, as commission on cash would. */
export const charge = (connection: pg.Client, owner: string | null, amount: number) =>
  postEntry(connection, {
    lines: [
      { account: 'commission_receivable', owner, amount: -amount },
      { account: 'platform_fee', owner: null, amount },
    ],
  })

export async function addBankAccount(connection: pg.Client, ctx: Context<UserActor>): Promise<void> {
  await beginSession(connection, ctx)
  await addAccount(ctx, { currency: 'EGP', destination: aBankAccount })
}
