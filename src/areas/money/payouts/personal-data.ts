import { sql } from 'drizzle-orm'
import { kept, keptHidden, ownedBy, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import {
  debtNettings,
  payoutAccounts,
  payoutAttempts,
  payoutBatches,
  payoutRuns,
  payouts,
} from '../../../db/schema/money/payouts.ts'

export const personalData: PersonalTable[] = [
  personalTable(payoutAccounts, {
    of: ownedBy(payoutAccounts.userId),
    erasure: 'keep',
    why: 'books',
    columns: {
      country: kept,
      currency: kept,
      details: { exported: false, erased: 'null' },
      lastFour: { erased: 'null' },
      holderName: { erased: 'null' },
      resolvedName: { erased: 'null' },
      isDefault: { erased: 'false' },
      status: { erased: `'removed'` },
    },
  }),
  personalTable(payouts, {
    of: ownedBy(payouts.userId),
    erasure: 'keep',
    why: 'books',
    columns: {
      currency: kept,
      provider: kept,
      providerReference: kept,
      failureCode: kept,
      heldReason: keptHidden,
      heldBy: keptHidden,
      review: keptHidden,
    },
  }),
  personalTable(payoutAttempts, {
    of: ({ user }) => sql`t.payout_id in (select p.id from payouts p where p.user_id = ${user})`,
    erasure: 'keep',
    why: 'books',
    columns: {
      provider: kept,
      reference: kept,
      gatewayReference: kept,
      rawStatus: keptHidden,
      failureCode: kept,
    },
  }),
  personalTable(payoutBatches, {
    erasure: 'keep',
    why: 'books',
    columns: { currency: kept },
  }),
  personalTable(payoutRuns, {
    erasure: 'keep',
    why: 'ours',
    columns: { currency: kept },
  }),
  personalTable(debtNettings, {
    of: ownedBy(debtNettings.userId),
    erasure: 'keep',
    why: 'books',
    columns: { currency: kept },
  }),
]
