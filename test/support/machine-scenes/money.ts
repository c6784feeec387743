import { newId } from '../../../src/core/ids.ts'
import type { World } from '../integrity-world.ts'
import { aBooking, aPaidBooking, type Scenes } from './scene.ts'

const correctionLines = JSON.stringify([
  { account: 'platform_fee', owner: null, name: null, amount: -5 },
  { account: 'gateway_fees', owner: null, name: null, amount: 5 },
])

export const moneyScenes: Scenes = {
  async payment_intent({ world, id, row, state }) {
    const { client, tasker } = world
    return row(
      'id, booking_id, payer_id, payee_id, method, status',
      ...[id, await aBooking(world, 'completed'), client.id, tasker.id, 'cash', state],
    )
  },
  async refund({ world, id, row, state }) {
    return row(
      'id, intent_id, kind, amount, from_debt, currency, reason, destination, status',
      ...[id, (await aPaidBooking(world, 'completed')).intent, 'refund', 100, 100],
      ...['EGP', 'requested', 'original', state],
    )
  },
  async chargeback({ world, id, row, state }) {
    const intent = (await aPaidBooking(world, 'completed')).intent
    return row(
      'id, intent_id, transaction_id, gateway, config_id, gateway_reference, amount, currency, reason, responsible, status',
      ...[id, intent, ...(await anAttempt(world, intent)), id, 100, 'EGP', 'fraudulent', 'platform', state],
    )
  },
  payout({ world, id, row, state }) {
    const { client } = world
    return row('id, user_id, amount, status', id, client.id, 100, state)
  },
  adjustment({ world, id, row, state, next }) {
    const { client } = world
    // Proposed by somebody else than those who decide, and by those who withdraw.
    const proposer = state === 'proposed' && next === 'withdrawn' ? world.ops.id : client.id
    const decided = state === 'posted' || state === 'rejected' ? world.ops.id : null
    return row(
      'id, kind, currency, lines, reason, status, proposed_by, decided_by, decided_at',
      ...[id, 'correction', 'EGP', correctionLines, 'Wrong account', state, proposer],
      ...[decided, state === 'proposed' ? null : new Date()],
    )
  },
}

/** An attempt of a payment, with its gateway and configuration. */
async function anAttempt({ connection }: World, intent: string): Promise<[string, string, string]> {
  const [attempt, config] = [newId(), newId()]
  await connection.query(
    `insert into payment_gateway_configs (id, gateway, display_name, config) values ($1, 'stripe', 'Stripe', 'sealed')`,
    [config],
  )
  await connection.query(
    `insert into payment_transactions (id, intent_id, kind, gateway, config_id, reference, amount, currency)
     values ($1, $2, 'authorize', 'stripe', $3, $4, 100, 'EGP')`,
    [attempt, intent, config, attempt],
  )
  return [attempt, 'stripe', config]
}
