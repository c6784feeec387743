import { sql } from 'drizzle-orm'
import { newId } from '../../../src/core/ids.ts'
import { adjust } from '../adjustments.ts'
import { api, database, signedIn } from '../api.ts'
import { aStoredCard } from '../payment-methods.ts'
import { addAccount, aPayingConfig, aScheduledPayout, finish, fund, send } from '../payout-stories.ts'
import * as scenes from '../scenes.ts'
import {
  aBooking,
  act,
  actorOf,
  anAdmin,
  aTasker,
  type BookedStory,
  ok,
  theAdmin,
  withKey,
} from '../story.ts'
import { aTrade } from '../work.ts'
import { ofBooking, type World, type WorldObject } from './object.ts'
import { anAccount } from './people.ts'

/** Prices, payments, payouts and the books. */
export const money: World = {
  pricingBandId: async () => {
    const [admin, { id: categoryId }] = [await anAdmin(), await aTrade()]
    const amounts = { minAmountMinor: 15_000, maxAmountMinor: 40_000, currency: 'EGP' }
    const { id } = await scenes.createBand(act, admin, categoryId, { city: 'Cairo', ...amounts })
    return { params: { pricingBandId: id }, parties: [] }
  },
  'wallets.get': async () => anAccount(),
  payoutAccountId: async () => {
    const tasker = await aTasker()
    const { id } = await addAccount(tasker)
    return { params: { payoutAccountId: id }, parties: [tasker] }
  },
  payoutId: async () => {
    const tasker = await aTasker()
    const { id } = await aScheduledPayout(tasker)
    return { params: { payoutId: id }, parties: [tasker] }
  },
  'payouts.release': async () => {
    const payout = await aPayout()
    const held = sql`select khidma.set_payout_held(${payout.params.payoutId}, 'World')`
    await database(actorOf(await theAdmin())).write([held])
    return payout
  },
  'payouts.retry': () => aPayout('failed'),
  'payouts.cancel': () => aPayout(),
  'payouts.return': () => aPayout('paid'),
  'payouts.decide': async () => {
    const payout = await aPayout()
    const id = payout.params.payoutId as string
    await send(id, await aPayingConfig())
    await database().write([sql`update payouts set review = 'unknown_outcome' where id = ${id}`])
    return payout
  },
  'me.withdraw': async () => {
    const client = await signedIn('client')
    await addAccount(client)
    await fund('client_wallet', client, 1_000_000)
    return { params: {}, parties: [client] }
  },
  'payoutBatches.create': async () => {
    await aScheduledPayout(await aTasker())
    return { params: {}, parties: [] }
  },
  payoutBatchId: async () => {
    await aScheduledPayout(await aTasker(), 25_000, 'GHS')
    const body = { currency: 'GHS' }
    const { id } = (await ok(api('/v1/payout-batches', { as: await theAdmin(), body, headers: withKey() })))
      .body
    return { params: { payoutBatchId: id }, parties: [] }
  },
  'payments.get': async () => ofBooking(await aBooking({ state: 'settled' })),
  'payments.confirmCash': async () => ofBooking(await aBooking({ state: 'completed' })),
  'payments.reportCash': async () => ofBooking(await aBooking({ state: 'completed' })),
  'payments.objectToCash': async () => ofBooking(await aBooking({ state: 'completed' })),
  'payments.settleCash': async () => ofBooking(await aBooking({ state: 'completed' })),
  adjustmentId: async () => {
    const lines = [
      { account: 'platform_fee', amountMinor: -5_000 },
      { account: 'gateway_fees', amountMinor: 5_000 },
    ]
    const body = { kind: 'correction', currency: 'EGP', reason: 'World', lines }
    const { id } = await act(await theAdmin(), '/v1/adjustments', { body, needsKey: true })
    return { params: { adjustmentId: id }, parties: [] }
  },
  paymentId: async () => {
    const story = await aBooking({ state: 'settled' })
    return { params: { paymentId: await paymentIdOf(story) }, parties: [story.client, story.tasker] }
  },
  chargebackId: async () => ({ params: { chargebackId: await aChargeback() }, parties: [] }),
  // No gateway listens here: a chargeback past its deadline is refused before one is called.
  'chargebacks.submitEvidence': async () => {
    const chargebackId = await aChargeback()
    await database().write([sql`update chargebacks set evidence_due_at = now() where id = ${chargebackId}`])
    return { params: { chargebackId }, parties: [] }
  },
  reconciliationId: async () => ({
    params: { reconciliationId: (await aReconciliation()).id },
    parties: [],
  }),
  reconciliationItemId: async () => ({
    params: { reconciliationItemId: (await aReconciliation()).itemId },
    parties: [],
  }),
  gatewayConfigId: async () => ({ params: { gatewayConfigId: await aGatewayConfig() }, parties: [] }),
  'gateways.receiveEvent': async () => {
    const id = await aGatewayConfig()
    await database().write([
      sql`update payment_gateway_configs set status = 'active', activated_at = now() where id = ${id}`,
    ])
    return { params: { gateway: 'stripe' }, parties: [] }
  },
  'tips.create': async () => {
    const story = await aBooking({ state: 'settled' })
    await database().write([
      adjust([
        { account: 'platform_clearing', owner: null, amount: -10_000 },
        { account: 'client_wallet', owner: story.client.userId, amount: 10_000 },
      ]),
    ])
    return ofBooking(story)
  },
  paymentMethodId: async () => {
    const user = await signedIn('client')
    return { params: { paymentMethodId: await aStoredCard(user) }, parties: [user] }
  },
  refundId: async () => {
    const story = await aBooking({ state: 'settled' })
    const body = { amountMinor: 1_000, reason: 'requested' }
    const paymentId = await paymentIdOf(story)
    const { id } = (
      await ok(api(`/v1/payments/${paymentId}/refunds`, { as: await theAdmin(), body, headers: withKey() }))
    ).body
    return { params: { refundId: id }, parties: [story.client, story.tasker] }
  },
}

/** Open, of the payment of a settled booking. */
async function aChargeback(): Promise<string> {
  const paymentId = await paymentIdOf(await aBooking({ state: 'settled' }))
  const [id, attempt, configId] = [newId(), newId(), await aGatewayConfig()]
  await database().write([
    sql`insert into payment_transactions (id, intent_id, kind, gateway, config_id, reference, amount, currency, status)
        values (${attempt}, ${paymentId}, 'authorize', 'stripe', ${configId}, ${attempt}, 1000, 'EGP', 'completed')`,
    sql`insert into chargebacks (id, intent_id, transaction_id, gateway, config_id, gateway_reference, amount, currency, reason, responsible,
                                 evidence_due_at)
        values (${id}, ${paymentId}, ${attempt}, 'stripe', ${configId}, ${id}, 1000, 'EGP', 'fraudulent', 'platform', now() + interval '9 days')`,
  ])
  return id
}

/** A day with a refund that only the gateway has. */
async function aReconciliation(): Promise<{ id: string; itemId: string }> {
  const [id, itemId, configId] = [newId(), newId(), await aGatewayConfig()]
  await database().write([
    sql`insert into reconciliations (id, gateway, config_id, day, status, missing_here, unexplained, finished_at)
        values (${id}, 'stripe', ${configId}, '2026-11-01', 'unexplained', 1, 1, now())`,
    sql`insert into reconciliation_items (id, reconciliation_id, outcome, kind, gateway_reference, currency, amount_there, occurred_at)
        values (${itemId}, ${id}, 'missing_here', 'refund', 're_world', 'EGP', -1000, '2026-11-01T12:00:00Z')`,
  ])
  return { id, itemId }
}

/**
 * A draft that was tested within the hour. Its address is nobody's: a test of it says that it was not reached. It takes nothing in the
 * currency of the world's payments, so that none goes there once it is active.
 */
export async function aGatewayConfig(): Promise<string> {
  const config = {
    secretKey: 'sk_test_world',
    publishableKey: 'pk_test_world',
    webhookSecrets: ['whsec_world'],
    apiUrl: 'http://127.0.0.1:9',
  }
  const serves = { displayName: 'World', currencies: ['KGS'], methods: ['card'] }
  const body = { gateway: 'stripe', ...serves, config }
  const { id } = (await ok(api('/v1/gateway-configs', { as: await theAdmin(), body }))).body
  await database().write([sql`update payment_gateway_configs set tested_at = now() where id = ${id}`])
  return id
}

const paymentIdOf = async ({ bookingId, client }: BookedStory): Promise<string> =>
  (await ok(api(`/v1/bookings/${bookingId}/payment`, { as: client }))).body.id

/** A payout of a tasker, as the bank has left it. */
async function aPayout(status?: 'paid' | 'failed'): Promise<WorldObject> {
  const tasker = await aTasker()
  const { id } = await aScheduledPayout(tasker)
  if (status) {
    await send(id)
    await finish(id, status)
  }
  return { params: { payoutId: id }, parties: [tasker] }
}
