import { sql } from 'drizzle-orm'
import { kept, keptHidden, ownedBy, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import { gatewayEvents, paymentGatewayConfigs } from '../../../db/schema/money/gateways.ts'

export const personalData: PersonalTable[] = [
  personalTable(paymentGatewayConfigs, {
    of: ownedBy(paymentGatewayConfigs.createdBy),
    erasure: 'keep',
    why: 'books',
    columns: {
      displayName: kept,
      config: keptHidden,
      countries: kept,
      currencies: kept,
      methods: kept,
      testFailure: keptHidden,
    },
  }),
  personalTable(gatewayEvents, {
    of: ({ user }) => sql`t.gateway_reference in (select x.gateway_reference from payment_transactions x
      join payment_intents p on p.id = x.intent_id where ${user} in (p.payer_id, p.payee_id))
      or t.reference in (select x.reference from payout_attempts x join payouts p on p.id = x.payout_id where p.user_id = ${user})`,
    erasure: 'keep',
    why: 'books',
    columns: {
      gateway: kept,
      eventId: kept,
      type: kept,
      reference: kept,
      gatewayReference: kept,
      paymentGatewayReference: kept,
      outcome: kept,
    },
  }),
]
