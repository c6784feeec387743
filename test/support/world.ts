import { createHmac } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { exportFormat } from '../../src/areas/people/privacy/exports/rows.ts'
import type { UserRole } from '../../src/core/context.ts'
import { randomDigits } from '../../src/core/crypto.ts'
import { newId } from '../../src/core/ids.ts'
import { insertion } from '../../src/db/patch.ts'
import { notifications } from '../../src/db/schema/contact/notifications.ts'
import { mfaFactors } from '../../src/db/schema/people/credentials.ts'
import { sessions } from '../../src/db/schema/people/identity.ts'
import { deadLetters } from '../../src/db/schema/platform/system.ts'
import { offers } from '../../src/db/schema/work/matching.ts'
import { tasks } from '../../src/db/schema/work/tasks.ts'
import { adjust } from './adjustments.ts'
import { api, type Caller, database, env, signedIn } from './api.ts'
import { eventually } from './eventually.ts'
import { aStoredCard } from './payment-methods.ts'
import { addAccount, aScheduledPayout, fund } from './payout-stories.ts'
import { aSubmitter } from './profiles.ts'
import * as scenes from './scenes.ts'
import { aRoleName } from './staff.ts'
import {
  aBooking,
  act,
  actorOf,
  anAdmin,
  anOps,
  aPostedTask,
  aTasker,
  type BookedStory,
  dispute,
  ok,
  withKey,
} from './story.ts'
import { anApplicant, aTrade } from './work.ts'

/** Something that exists, and the people it belongs to. Everybody else of a role without privileges is a stranger. */
export interface WorldObject {
  /** Values of the path parameters, by name. */
  params: Record<string, string>
  /** Query parameters that are needed beside the examples of the spec (a signature). */
  query?: string
  parties: Caller[]
}

/**
 * How the contract tests come by what a path parameter names. An area adds its own; an entry named after an operation
 * (`tasks.update`) serves that operation only, where it needs its object in another state.
 */
export const world: Record<string, () => Promise<WorldObject>> = {
  code: async () => ({ params: { code: 'not_found' }, parties: [] }),
  categoryId: async () => {
    const admin = await anAdmin()
    const body = { slug: `world-${newId()}`, names: { en: 'World', ar: 'عالم' } }
    const { id } = await scenes.createCategory(act, admin, body)
    return { params: { categoryId: id }, parties: [admin] }
  },
  addonId: async () => {
    const [admin, { id: categoryId }] = [await anAdmin(), await aTrade()]
    const names = { en: 'World', ar: 'عالم' }
    const body = { categoryId, names, priceMinor: 5_000, currency: 'EGP' }
    const { id } = (await ok(api('/v1/addons', { as: admin, body }))).body
    return { params: { addonId: id }, parties: [] }
  },
  iconId: async () => {
    const admin = await anAdmin()
    const { id } = await uploadedMedia(admin)
    const names = { en: 'World', ar: 'عالم' }
    await scenes.createCategory(act, admin, { slug: `world-${newId()}`, names, iconMediaId: id })
    return { params: { iconId: id }, parties: [] }
  },
  languageCode: async () => {
    const languageCode = aLanguageCode()
    const body = { code: languageCode, name: 'World', nativeName: 'عالم', sortOrder: 900 }
    await ok(api('/v1/languages', { as: await anAdmin(), body }))
    return { params: { languageCode }, parties: [] }
  },
  pricingBandId: async () => {
    const [admin, { id: categoryId }] = [await anAdmin(), await aTrade()]
    const amounts = { minAmountMinor: 15_000, maxAmountMinor: 40_000, currency: 'EGP' }
    const { id } = await scenes.createBand(act, admin, categoryId, { city: 'Cairo', ...amounts })
    return { params: { pricingBandId: id }, parties: [] }
  },
  key: async () => ({ params: { key: 'matching.waves' }, parties: [] }),
  configEntryId: async () => {
    const body = { key: 'matching.waves', scope: { city: `World ${newId()}` }, value: 2, reason: 'World' }
    const { id } = (await ok(api('/v1/config/entries', { as: await anAdmin(), body }))).body
    return { params: { configEntryId: id }, parties: [] }
  },
  roleId: async () => {
    const admin = await anAdmin()
    const body = { name: aRoleName(), displayName: 'World', permissions: ['tasks.read'] }
    const { id } = (await ok(api('/v1/roles', { as: admin, body }))).body
    return { params: { roleId: id }, parties: [] }
  },
  userRoleId: async () => {
    const [user, body] = [await signedIn('client'), { role: 'support', reason: 'World' }]
    const { id } = (await ok(api('/v1/me/role-requests', { as: user, body }))).body
    return { params: { userRoleId: id }, parties: [] }
  },
  'me.giveBackRole': async () => {
    const [user, body] = [await signedIn('client'), { role: 'support', reason: 'World' }]
    const { id } = (await ok(api('/v1/me/role-requests', { as: user, body }))).body
    return { params: { userRoleId: id }, parties: [user] }
  },
  'userRoles.revoke': async () => {
    const [admin, user] = [await anAdmin(), await signedIn('client')]
    const { data } = (await ok(api('/v1/roles', { as: admin }))).body
    const roleId = data.find(({ name }: { name: string }) => name === 'support').id
    const { id } = (await ok(api('/v1/user-roles', { as: admin, body: { userId: user.userId, roleId } })))
      .body
    return { params: { userRoleId: id }, parties: [] }
  },
  departmentId: async () => ({ params: { departmentId: await aDepartment() }, parties: [] }),
  designationId: async () => {
    const body = { name: `World ${newId()}`, code: aCode(), departmentId: await aDepartment() }
    const { id } = (await ok(api('/v1/designations', { as: await anAdmin(), body }))).body
    return { params: { designationId: id }, parties: [] }
  },
  employeeId: async () => {
    const body = { userId: (await signedIn('client')).userId, employeeCode: aCode() }
    const { id } = (await ok(api('/v1/employees', { as: await anAdmin(), body }))).body
    return { params: { employeeId: id }, parties: [] }
  },
  'users.get': async () => anAccount(),
  'users.suspend': async () => anAccount(),
  'users.signOut': async () => anAccount(),
  'wallets.get': async () => anAccount(),
  'users.requestErasure': async () => anAccount(),
  'users.resetMfa': async () => {
    const account = await anAccount()
    const { userId = '' } = account.params
    const secret = `damaged-${userId}`
    const factor = { id: newId(), userId, label: 'World', secret, lastCounter: 1 }
    await database().write([sql`insert into mfa_factors ${insertion(mfaFactors, factor)}`])
    return account
  },
  'me.getErasure': async () => ({ params: {}, parties: [(await anErasure()).user] }),
  'me.cancelErasure': async () => ({ params: {}, parties: [(await anErasure()).user] }),
  erasureId: async () => ({ params: { erasureId: (await anErasure()).id }, parties: [] }),
  'users.reinstate': async () => {
    const account = await anAccount()
    await database().write([sql`update users set status = 'suspended' where id = ${account.params.userId}`])
    return account
  },
  taskId: async () => {
    const { taskId, client } = await aPostedTask()
    return { params: { taskId }, parties: [client] }
  },
  taskerId: async () => {
    const tasker = await aTasker()
    return { params: { taskerId: tasker.userId }, parties: [tasker] }
  },
  'taskers.verify': async () => taskerIn('applied'),
  'taskers.activate': async () => taskerIn('verified'),
  'taskers.clear': async () => taskerIn('at_risk'),
  bookingId: async () => ofBooking(await aBooking()),
  disputeId: async () => {
    const story = await aBooking({ state: 'completed' })
    return { params: { disputeId: await dispute(story) }, parties: [story.client, story.tasker] }
  },
  deviceId: async () => {
    const user = await signedIn('client')
    const deviceId = newId()
    const body = { platform: 'android', pushToken: `token-${deviceId}` }
    await ok(api(`/v1/me/devices/${deviceId}`, { as: user, method: 'PUT', body }))
    return { params: { deviceId }, parties: [user] }
  },
  sessionId: async () => {
    const user = await signedIn('client')
    const sessionId = newId()
    await database().write([
      sql`insert into sessions ${insertion(sessions, { id: sessionId, userId: user.userId })}`,
    ])
    return { params: { sessionId }, parties: [user] }
  },
  apiKeyId: async () => {
    const user = await signedIn('client')
    const body = { name: 'World', scopes: ['tasks:read'], expiresInDays: 1 }
    const { id } = (await ok(api('/v1/me/api-keys', { as: user, body }))).body
    return { params: { apiKeyId: id }, parties: [user] }
  },
  blockId: async () => {
    const tasker = await aTasker()
    const startsAt = new Date(Date.now() + 48 * 3_600_000).toISOString()
    const endsAt = new Date(Date.now() + 50 * 3_600_000).toISOString()
    const body = { kind: 'unavailable', startsAt, endsAt }
    const { id } = (await ok(api('/v1/me/availability', { as: tasker, body }))).body
    return { params: { blockId: id }, parties: [tasker] }
  },
  factorId: async () => {
    const user = await signedIn('client')
    const [factorId, secret] = [newId(), 'sealed']
    const factor = { id: factorId, userId: user.userId, label: 'Phone', secret, lastCounter: 0 }
    await database().write([sql`insert into mfa_factors ${insertion(mfaFactors, factor)}`])
    return { params: { factorId }, parties: [user] }
  },
  offerId: async () => {
    const [{ taskId }, tasker, offerId] = [await aPostedTask(), await aTasker(), newId()]
    const expiresAt = sql`now() + interval '1 minute'`
    const offer = { id: offerId, taskId, taskerId: tasker.userId, wave: 1, expiresAt }
    await database().write([sql`insert into offers ${insertion(offers, offer)}`])
    return { params: { offerId }, parties: [tasker] }
  },
  'tasks.update': aDraftOfATask,
  'tasks.post': aDraftOfATask,
  conversationId: async () => {
    const { client, tasker } = await aBooking()
    const { data } = (await ok(api('/v1/conversations', { as: client }))).body
    return { params: { conversationId: data[0].id }, parties: [client, tasker] }
  },
  notificationId: async () => {
    const user = await signedIn('client')
    const notificationId = newId()
    const row = { id: notificationId, userId: user.userId, kind: 'test', title: 'Hello' }
    await database().write([sql`insert into notifications ${insertion(notifications, row)}`])
    return { params: { notificationId }, parties: [user] }
  },
  webhookId: aWebhook,
  deliveryId: async () => {
    const { params, parties } = await aWebhook()
    const path = `/v1/webhooks/${params.webhookId}`
    await ok(api(`${path}/test`, { as: parties[0], method: 'POST' }))
    const { data } = (await ok(api(`${path}/deliveries`, { as: parties[0] }))).body
    return { params: { ...params, deliveryId: data[0].id }, parties }
  },
  eventId: async () => {
    const { client } = await aPostedTask()
    // An event is listed once nothing older can still commit, in any database of the server: other workers have theirs there.
    const { id } = await eventually('the first event', async () => {
      return (await ok(api('/v1/events', { as: client }))).body.data[0]
    })
    return { params: { eventId: id }, parties: [client] }
  },
  mediaId: async () => {
    const { id, owner } = await announcedMedia()
    return { params: { mediaId: id }, parties: [owner] }
  },
  'media.upload': async () => {
    const { uploadUrl, ...media } = await announcedMedia()
    return { params: { mediaId: media.id }, query: new URL(uploadUrl).search.slice(1), parties: [] }
  },
  'media.download': async () => {
    const { id, owner } = await uploadedMedia()
    const { downloadUrl } = (await ok(api(`/v1/media/${id}`, { as: owner }))).body
    return { params: { mediaId: id }, query: new URL(downloadUrl).search.slice(1), parties: [] }
  },
  exportId: async () => {
    const { exportId, owner } = await aReadyExport()
    return { params: { exportId }, parties: [owner] }
  },
  'exports.download': async () => {
    const { exportId, owner } = await aReadyExport()
    const { downloadUrl } = (await ok(api(`/v1/me/exports/${exportId}`, { as: owner }))).body
    return { params: { exportId }, query: new URL(downloadUrl).search.slice(1), parties: [] }
  },
  kind: async () => {
    const [user, { data }] = [await signedIn('client'), (await ok(api('/v1/consent-documents'))).body]
    const { documentVersion } = data.find(({ kind }: { kind: string }) => kind === 'marketing')
    // Tests publish newer versions; the example names the first one.
    localBodies['me.grantConsent'] = { documentVersion }
    await ok(api('/v1/me/consents/marketing', { as: user, method: 'PUT', body: { documentVersion } }))
    return { params: { kind: 'marketing' }, parties: [user] }
  },
  holdId: async () => {
    const body = { userId: (await signedIn('client')).userId, reason: 'World' }
    const { id } = (await ok(api('/v1/legal-holds', { as: await anAdmin(), body }))).body
    return { params: { holdId: id }, parties: [] }
  },
  addressId: async () => {
    const user = await signedIn('client')
    const place = { lat: 30.0626, lng: 31.2197 }
    const body = { label: 'Home', address: '14 Hassan Sabry St', city: 'Cairo', location: place }
    const { id } = (await ok(api('/v1/me/addresses', { as: user, body }))).body
    return { params: { addressId: id }, parties: [user] }
  },
  companyId: async () => {
    const user = await signedIn('client')
    await ok(api('/v1/me', { as: user, method: 'PATCH', body: { accountType: 'company' } }))
    const body = { companyName: 'Nile Fittings', city: 'Cairo', country: 'EG' }
    await ok(api('/v1/me/company-profile', { as: user, method: 'PUT', body }))
    return { params: { companyId: user.userId }, parties: [] }
  },
  'me.getCompanyProfile': () => aProfile('company', { companyName: 'Nile Fittings' }),
  'me.getCandidateProfile': () => aProfile('candidate', { skills: ['surveying'] }),
  'me.addFavourite': async () => {
    const [user, tasker] = [await signedIn('client'), await aTasker()]
    return { params: { taskerId: tasker.userId }, parties: [user] }
  },
  'me.removeFavourite': async () => {
    const [user, tasker] = [await signedIn('client'), await aTasker()]
    const path = `/v1/me/favourites/${tasker.userId}`
    await ok(api(path, { as: user, method: 'PUT' }))
    return { params: { taskerId: tasker.userId }, parties: [user] }
  },
  verificationId: async () => {
    const user = await aSubmitter()
    return { params: { verificationId: user.userId }, parties: [] }
  },
  otpBreakerId: async () => {
    const otpBreakerId = newId()
    const soon = sql`now() + interval '10 minutes'`
    await database().write([
      sql`insert into otp_breakers (id, prefix, channel, tripped_at, paused_until, sent, verified)
          values (${otpBreakerId}, ${`+world${otpBreakerId}`}, 'voice', now(), ${soon}, 60, 1)`,
    ])
    return { params: { otpBreakerId }, parties: [] }
  },
  deadLetterId: async () => {
    const deadLetterId = newId()
    const body = sql`'{"kind":"event","eventId":"019a2f4e-0000-7000-8000-000000000000"}'::jsonb`
    const row = { id: deadLetterId, queue: 'khidma-events', messageId: newId(), body, attempts: 9 }
    await database().write([sql`insert into dead_letters ${insertion(deadLetters, row)}`])
    return { params: { deadLetterId }, parties: [] }
  },
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
    await database(actorOf(await anAdmin())).write([held])
    return payout
  },
  'payouts.retry': () => aPayout('failed'),
  'payouts.return': () => aPayout('paid'),
  'payouts.decide': async () => {
    const payout = await aPayout()
    const id = payout.params.payoutId
    await database().write([
      sql`select khidma.start_payout(${id}, 'stripe', null)`,
      sql`update payouts set review = 'unknown_outcome' where id = ${id}`,
    ])
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
    const { id } = (await ok(api('/v1/payout-batches', { as: await anAdmin(), body, headers: withKey() })))
      .body
    return { params: { payoutBatchId: id }, parties: [] }
  },
  reportId: async () => {
    const { bookingId, client } = await aBooking()
    const report = { kind: 'harassment', description: 'Rude on the telephone.' }
    const { id } = await scenes.reportBooking(act, client, bookingId, report)
    return { params: { reportId: id }, parties: [client] }
  },
  changeId: aProposedChange,
  'bookings.reportNoShow': async () => {
    const story = await aBooking({ state: 'confirmed' })
    await database().write([
      sql`update bookings set scheduled_during = tstzrange(now() - interval '1 hour', now() + interval '1 hour') where id = ${story.bookingId}`,
    ])
    return ofBooking(story)
  },
  'bookings.waiveFee': async () => {
    const story = await aBooking({ state: 'canceled' })
    await database().write([
      sql`update bookings set cancellation_fee_amount = 6000, cancellation_fee_payer = 'client' where id = ${story.bookingId}`,
    ])
    return ofBooking(story)
  },
  'bookings.start': async () => ofBooking(await aBooking({ state: 'confirmed' })),
  'bookings.complete': async () => ofBooking(await aBooking({ state: 'in_progress' })),
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
    const { id } = await act(await anAdmin(), '/v1/adjustments', { body, needsKey: true })
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
      sql`update payment_gateway_configs set status = 'active', activated_at = now(), methods = '{qr}' where id = ${id}`,
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
      await ok(api(`/v1/payments/${paymentId}/refunds`, { as: await anAdmin(), body, headers: withKey() }))
    ).body
    return { params: { refundId: id }, parties: [story.client, story.tasker] }
  },
  'reviews.create': async () => ofBooking(await aBooking({ state: 'completed' })),
  // Paid, since the example questions an amount.
  'disputes.open': async () => ofBooking(await aBooking({ state: 'settled' })),
  'disputes.refund': async () => {
    const story = await aBooking({ state: 'settled' })
    return { params: { disputeId: await dispute(story) }, parties: [story.client, story.tasker] }
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

/** A draft that was tested within the hour. Its address is nobody's: a test of it says that it was not reached. */
async function aGatewayConfig(): Promise<string> {
  const config = {
    secretKey: 'sk_test_world',
    publishableKey: 'pk_test_world',
    webhookSecrets: ['whsec_world'],
    apiUrl: 'http://127.0.0.1:9',
  }
  const serves = { displayName: 'World', currencies: ['EGP'], methods: ['qr'] }
  const body = { gateway: 'stripe', ...serves, config }
  const { id } = (await ok(api('/v1/gateway-configs', { as: await anAdmin(), body }))).body
  await database().write([sql`update payment_gateway_configs set tested_at = now() where id = ${id}`])
  return id
}

const paymentIdOf = async ({ bookingId, client }: BookedStory): Promise<string> =>
  (await ok(api(`/v1/bookings/${bookingId}/payment`, { as: client }))).body.id

/** Proposed by the client to the tasker. */
async function aProposedChange(): Promise<WorldObject> {
  const { bookingId, client, tasker } = await aBooking()
  const body = { minutes: 120, reason: 'World' }
  const { id } = (await ok(api(`/v1/bookings/${bookingId}/changes`, { as: client, body }))).body
  return { params: { bookingId, changeId: id }, parties: [client, tasker] }
}

/** A payout of a tasker, as the bank has left it. */
async function aPayout(status?: 'paid' | 'failed'): Promise<WorldObject> {
  const tasker = await aTasker()
  const { id } = await aScheduledPayout(tasker)
  if (status)
    await database().write([
      sql`select khidma.start_payout(${id}, 'manual', null)`,
      sql`select khidma.end_payout(${id}, ${status})`,
    ])
  return { params: { payoutId: id }, parties: [tasker] }
}

const anAccount = async (): Promise<WorldObject> => ({
  params: { userId: (await signedIn('client')).userId },
  parties: [],
})

async function anErasure(): Promise<{ id: string; user: Caller }> {
  const user = await signedIn('client')
  const { id } = (await ok(api('/v1/me/erasure', { as: user, body: { reason: 'World' } }))).body
  return { id, user }
}

async function aDraftOfATask(): Promise<WorldObject> {
  const [client, trade, taskId] = [await signedIn('client'), await aTrade(), newId()]
  const startsAt = sql`now() + interval '1 day'`
  const what = {
    id: taskId,
    clientId: client.userId,
    category: trade.slug,
    description: 'It drips.',
    startsAt,
  }
  const where = { address: '12 Talaat Harb St', city: 'Cairo', lat: 30.0444, lng: 31.2357 }
  await database(actorOf(client)).write([sql`insert into tasks ${insertion(tasks, { ...what, ...where })}`])
  return { params: { taskId }, parties: [client] }
}

async function taskerIn(status: 'applied' | 'verified' | 'at_risk'): Promise<WorldObject> {
  const tasker = status === 'at_risk' ? await aTasker() : await anApplicant(await aTrade())
  const { userId } = tasker
  if (status !== 'applied') {
    const byOps = database(actorOf(await anOps()))
    await byOps.write([
      sql`update tasker_profiles set status = ${status}::tasker_status where user_id = ${userId}`,
    ])
  }
  return { params: { taskerId: userId }, parties: [tasker] }
}

const aCode = () => newId().slice(9)

/** A private one, with a script and a place that nobody else in this run has. */
export function aLanguageCode(): string {
  const letters = [...randomDigits(4)].map((digit) => String.fromCharCode(97 + Number(digit))).join('')
  return `qaa-${letters.charAt(0).toUpperCase()}${letters.slice(1)}-${randomDigits(3)}`
}

async function aDepartment(): Promise<string> {
  const body = { name: `World ${newId()}`, code: aCode() }
  return (await ok(api('/v1/departments', { as: await anAdmin(), body }))).body.id
}

/** A picture, as far as its first bytes tell. */
export const pngBytes = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

async function aProfile(kind: 'company' | 'candidate', body: object): Promise<WorldObject> {
  const user = await signedIn('client')
  await ok(api(`/v1/me/${kind}-profile`, { as: user, method: 'PUT', body }))
  return { params: {}, parties: [user] }
}

/** As the job leaves it. */
async function aReadyExport(): Promise<{ exportId: string; owner: Caller }> {
  const [owner, exportId] = [await signedIn('client'), newId()]
  const key = `exports/${owner.userId}/${exportId}.json`
  const createdAt = new Date().toISOString()
  const file = { format: exportFormat, exportId, userId: owner.userId, createdAt }
  await env.MEDIA.put(key, JSON.stringify(file))
  await database().write([
    sql`insert into export_requests (id, user_id, status, storage_key, file_size, expires_at)
        values (${exportId}, ${owner.userId}, 'ready', ${key}, 2, now() + interval '7 days')`,
  ])
  return { exportId, owner }
}

/** The bytes of it are still to come. */
async function announcedMedia(by?: Caller): Promise<{ id: string; uploadUrl: string; owner: Caller }> {
  const owner = by ?? (await signedIn('client'))
  const body = { kind: 'image', mimeType: 'image/png', fileSize: pngBytes.byteLength }
  const { id, uploadUrl } = (await ok(api('/v1/media', { as: owner, body }))).body
  return { id, uploadUrl, owner }
}

/** An image of theirs whose bytes are there. */
export async function uploadedMedia(by?: Caller): Promise<{ id: string; owner: Caller }> {
  const { uploadUrl, id, owner } = await announcedMedia(by)
  const { pathname, search } = new URL(uploadUrl)
  const headers = { 'content-type': 'image/png' }
  await ok(api(`${pathname}${search}`, { method: 'PUT', body: pngBytes, headers }))
  return { id, owner }
}

/** Nobody listens there: a delivery fails at once. */
async function aWebhook(): Promise<WorldObject> {
  const user = await signedIn('client')
  const { id } = (await ok(api('/v1/webhooks', { as: user, body: localBodies['webhooks.create'] }))).body
  return { params: { webhookId: id }, parties: [user] }
}

const ofBooking = ({ bookingId, client, tasker }: BookedStory): WorldObject => ({
  params: { bookingId },
  parties: [client, tasker],
})

/** Somebody of a role who has what people of that role have. */
export const somebody = (role: UserRole): Promise<Caller> => (role === 'tasker' ? aTasker() : signedIn(role))

const gatewayEvent = {
  id: 'evt_world',
  object: 'event',
  type: 'balance.available',
  data: { object: { id: 'ba_1' } },
}

/** Headers that an operation needs beside those of every call: a gateway signs its events. */
export const localHeaders: Record<string, () => Record<string, string>> = {
  'gateways.receiveEvent': () => {
    const seconds = Math.floor(Date.now() / 1000)
    const signed = `${seconds}.${JSON.stringify(gatewayEvent)}`
    return {
      'stripe-signature': `t=${seconds},v1=${createHmac('sha256', 'whsec_world').update(signed).digest('hex')}`,
    }
  },
}

/** Bodies in place of the example, where the example would reach out of this machine. */
export const localBodies: Record<string, unknown> = {
  'webhooks.create': { url: 'http://127.0.0.1:9/hook', events: ['task.failed'] },
  'gateways.receiveEvent': gatewayEvent,
}

/** Added to the query, where a call without it would read all that the other tests have left. */
export const localQueries: Record<string, string> = { 'audit.export': 'maxRows=100' }

/** Values of a PATCH that must be new each time, in place of the example. */
export const freshValues: Record<string, Record<string, () => unknown>> = {}

/** Fields that follow from another one: a PATCH of the first changes the second as well. */
export const derivedFields: Record<string, Record<string, string[]>> = {
  'addons.update': { names: ['name'], descriptions: ['description'] },
  'categories.update': { names: ['name'], descriptions: ['description'] },
  'tasks.update': { estMinutes: ['estMinAmount', 'estMaxAmount'] },
}
