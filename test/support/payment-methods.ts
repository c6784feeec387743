import { sql } from 'drizzle-orm'
import { newId } from '../../src/core/ids.ts'
import { insertion } from '../../src/db/patch.ts'
import { paymentGatewayConfigs } from '../../src/db/schema/money/gateways.ts'
import { paymentMethods } from '../../src/db/schema/money/payment-methods.ts'
import { type Caller, database } from './api.ts'

/** As if a gateway had kept a card for them; its sealed names open nowhere. */
export async function aStoredCard({ userId }: Caller, card: { cardExpYear?: number } = {}): Promise<string> {
  const [configId, id] = [newId(), newId()]
  const config = { id: configId, gateway: 'stripe' as const, displayName: 'Test', config: 'sealed' }
  const method = {
    id,
    userId,
    configId,
    type: 'card' as const,
    provider: 'stripe' as const,
    cardBrand: 'visa',
    cardLastFour: '4242',
    cardExpMonth: 12,
    cardExpYear: 2034,
    gatewayPaymentMethodId: 'sealed',
    referenceHash: id,
    fingerprintHash: id,
    ...card,
  }
  await database().write([
    sql`insert into payment_gateway_configs ${insertion(paymentGatewayConfigs, config)}`,
    sql`insert into payment_methods ${insertion(paymentMethods, method)}`,
  ])
  return id
}
