import { type SQL, sql } from 'drizzle-orm'
import { invoiceEntries } from '../../../../src/areas/commerce/invoices/jobs.ts'
import { loadInventory } from '../../../../src/areas/people/privacy/inventory.ts'
import { newId } from '../../../../src/core/ids.ts'
import { systemContext } from '../../../../src/system-context.ts'
import { adjust } from '../../../support/adjustments.ts'
import { api, type Caller, database, env, send } from '../../../support/api.ts'
import { aBid, anOpenTask, onBid } from '../../../support/bids.ts'
import { enter, holdArchive, text } from '../../../support/chat.ts'
import { aQueuedTask, dispatch } from '../../../support/dispatch.ts'
import { aPendingLead, aRequest, onRequest } from '../../../support/leads.ts'
import { aFile, aReviewer, papersOf } from '../../../support/profiles.ts'
import {
  aBooking,
  aPostedTask,
  aTasker,
  dispute,
  ok,
  review,
  theAdmin,
  theOps,
  withKey,
} from '../../../support/story.ts'
import { aTrade } from '../../../support/work.ts'
import { anUnpaidInvoice } from '../../../support/world/commerce.ts'
import type { Someone } from './traces.ts'
import { buyAndUse } from './whole-commerce.ts'
import { showAndDispute } from './whole-trust.ts'
import { planAndSign } from './whole-work.ts'

/** Somebody who has lived through everything that leaves a row. */

const afterDays = (days: number) => new Date(Date.now() + days * 86_400_000)

const pngBytes = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

export async function uploaded(as: Caller): Promise<string> {
  const body = { kind: 'image', mimeType: 'image/png', fileSize: pngBytes.byteLength }
  const { id, uploadUrl } = (await ok(api('/v1/media', { as, body }))).body
  const { pathname, search } = new URL(uploadUrl)
  const headers = { 'content-type': 'image/png' }
  await ok(api(`${pathname}${search}`, { method: 'PUT', body: pngBytes, headers }))
  return id
}

/** Fills in everything that anybody may say of themselves. */
async function tellOf({ caller: as, name, arabicName, email, nationalNumber }: Someone): Promise<void> {
  const put = (path: string, body: object) => ok(api(path, { as, method: 'PUT', body }))
  const patch = (path: string, body: object) => ok(api(path, { as, method: 'PATCH', body }))
  await patch('/v1/me/profile', { bio: `I am ${name}.`, avatarMediaId: await uploaded(as) })
  await patch('/v1/me/settings', { theme: 'dark' })
  const details = { legalName: name, taxId: '1-2', address: `At ${name}`, country: 'EG', region: 'Giza' }
  await put('/v1/me/tax-details', details)
  await patch('/v1/me/client-profile', { displayName: arabicName })
  await put('/v1/me/candidate-profile', {
    displayName: name,
    bio: `Call ${as.phone}.`,
    status: 'active',
    lookingForWork: true,
    contact: { email, phone: as.phone },
  })
  await patch('/v1/me', { accountType: 'company' })
  const reach = { contactPersonName: name, email, phone: as.phone }
  await put('/v1/me/company-profile', { companyName: `${name} Ltd`, ...reach })
  const papers = await papersOf(as, { number: nationalNumber })
  const request = (await ok(api('/v1/me/verification-requests', { as, body: papers }))).body
  await openedPapers(request.id, request.documents[0].id)
  await put('/v1/me/languages', { languages: [{ code: 'ar', proficiency: 'native' }] })
  await put(`/v1/me/devices/${newId()}`, { platform: 'android', pushToken: `token-${newId()}` })
  const place = { label: 'Home', address: '12 Nile St', city: 'Cairo', location: { lat: 30.06, lng: 31.21 } }
  await ok(api('/v1/me/addresses', { as, body: place, headers: withKey() }))
  const hook = { url: `http://127.0.0.1:9/${newId()}`, events: ['task.failed'] }
  const { id } = (await ok(api('/v1/webhooks', { as, body: hook, headers: withKey() }))).body
  await ok(api(`/v1/webhooks/${id}/test`, { as, method: 'POST' }))
  const key = { name: 'Dashboard', scopes: ['tasks:read'], expiresInDays: 9 }
  await ok(api('/v1/me/api-keys', { as, body: key }))
  await ok(api('/v1/me/role-requests', { as, body: { role: 'support', reason: 'I know the trade.' } }))
  const { data } = (await ok(api('/v1/consent-documents'))).body
  for (const { kind, documentVersion } of data) await put(`/v1/me/consents/${kind}`, { documentVersion })
  await api('/v1/auth/otp/request', { body: { phone: as.phone } })
}

/** Papers that a reviewer has looked at. */
async function openedPapers(id: string, documentId: string): Promise<void> {
  const ops = await aReviewer()
  const { data } = (await ok(api(`/v1/cases?subjectId=${id}`, { as: ops }))).body
  await ok(api(`/v1/cases/${data[0].id}/take`, { as: ops, method: 'POST' }))
  const path = `/v1/verifications/${id}/documents/${documentId}/openings`
  const { pathname, search } = new URL((await ok(api(path, { as: ops, method: 'POST' }))).body.url)
  await send(`${pathname}${search}`)
  const checkId = newId()
  await database().write([
    sql`insert into verification_checks (id, request_id, status, deadline_at, answered_at, reason)
        values (${checkId}, ${id}, 'unclear', now(), now(), 'photo_blurred')`,
    sql`insert into verification_check_answers (id, event_id, check_id, outcome, was_applied)
        values (${newId()}, ${newId()}, ${checkId}, 'unclear', true)`,
  ])
}

/** Credits that are left, and some that have expired. */
async function creditsOf({ caller: { userId }, name }: Someone): Promise<void> {
  const path = `/v1/users/${userId}/credit-grants`
  const body = { amount: 20, reason: `${name} has waited.` }
  await ok(api(path, { as: await theAdmin(), body, headers: withKey() }))
  const soon = { ...body, expiresAt: new Date(Date.now() + 400).toISOString() }
  await ok(api(path, { as: await theAdmin(), body: soon, headers: withKey() }))
  await new Promise((resolve) => setTimeout(resolve, 450))
  await database().write([sql`select khidma.expire_credits_of(${userId})`])
}

/** Takes both sides of a booking with the same other person, including messages, reviews and reports. */
async function workWith(person: Someone, other: Someone): Promise<void> {
  const { caller: me } = person
  const hired = await aBooking({ client: me, tasker: other.caller, state: 'settled' })
  await review(hired, me)
  await review(hired, other.caller)
  const later = await aBooking({ client: me, tasker: other.caller, startsAt: afterDays(20) })
  const change = { minutes: 120, reason: 'It is a large room.' }
  await ok(api(`/v1/bookings/${later.bookingId}/changes`, { as: me, body: change }))
  await ok(api(`/v1/bookings/${later.bookingId}/cancel`, { as: me, body: { reason: 'We have moved.' } }))
  const fee = {
    kind: 'write_off',
    currency: 'EGP',
    userId: me.userId,
    feeAmountMinor: 100,
    reason: 'An old fee',
  }
  await ok(api('/v1/adjustments', { as: await theAdmin(), body: fee, headers: withKey() }))
  await creditsOf(person)
  const hiring = { client: other.caller, tasker: me, startsAt: afterDays(4) }
  const worked = await aBooking({ ...hiring, state: 'settled' })
  await invoiceEntries(systemContext(env, 'cron.invoiceEntries'))
  await anUnpaidInvoice(me.userId)
  const disputed = await aBooking({ ...hiring, startsAt: afterDays(6), state: 'completed' })
  await dispute(disputed, me)
  const { taskId } = await aQueuedTask({ startsAt: afterDays(25) })
  const assignment = { taskerId: me.userId, reason: `${person.name} knows the house.` }
  await ok(dispatch(await theOps(), taskId, 'assign', assignment))
  await ok(dispatch(await theOps(), taskId, 'unassign', { reason: `${person.name} does not answer.` }))
  await bidsOf(me, other.caller, person.name)
  for (const { caller } of [person, other]) {
    const body = { bookingId: worked.bookingId, kind: 'safety', description: 'The gas.' }
    await ok(api('/v1/reports', { as: caller, body, headers: withKey() }))
    await ok(api('/v1/reports', { as: caller, body: { ...body, bookingId: hired.bookingId } }))
  }
  const stranger = await aTasker()
  await ok(
    api('/v1/me/blocks', { as: me, body: { userId: stranger.userId, note: `${person.name} is afraid.` } }),
  )
  await ok(api('/v1/me/blocks', { as: stranger, body: { userId: me.userId, note: 'Not mine.' } }))
  const shown = {
    reportedUserId: other.caller.userId,
    kind: 'safety',
    description: 'The gas.',
    mediaIds: [await aFile(me)],
  }
  await ok(api('/v1/reports', { as: me, body: shown }))
  await ok(api(`/v1/me/favourites/${other.caller.userId}`, { as: me, method: 'PUT', headers: withKey() }))
  await ok(api(`/v1/me/favourites/${me.userId}`, { as: other.caller, method: 'PUT' }))
  const { data } = (await ok(api('/v1/conversations', { as: me }))).body
  const chat = {
    conversationId: data.find((talk: { bookingId: string }) => talk.bookingId === hired.bookingId).id,
  }
  const { device: mine } = await enter(chat, me)
  const { device: theirs } = await enter(chat, other.caller)
  await holdArchive(chat)
  await mine.ask(text(`My name is ${person.name}.`))
  const { messageId } = await theirs.ask(
    text(`Mine is ${other.name}, call ${other.caller.phone} or write to ${other.email}`),
  )
  const mineToo = await mine.ask(text('I shal.', { replyTo: messageId }))
  await mine.ask({
    type: 'edit',
    clientActionId: newId(),
    messageId: mineToo.messageId,
    text: 'I shall.',
  })
}

/** Rows of money at gateways, and in the hands of finance. */
function moneyOf(userId: string): SQL[] {
  const [config, attempt, at] = [newId(), newId(), `at-gateway-${newId()}`]
  const paid = sql`(select p.id from payment_intents p where ${userId} in (p.payer_id, p.payee_id) order by p.id limit 1)`
  return [
    sql`insert into payment_gateway_configs (id, gateway, display_name, config, created_by) values (${config}, 'paypal', 'Made by them', 'sealed-config', ${userId})`,
    sql`insert into payment_transactions (id, intent_id, kind, gateway, config_id, reference, gateway_reference, amount, currency, status, completed_at)
        values (${attempt}, ${paid}, 'authorize', 'paypal', ${config}, ${attempt}, ${at}, 100, 'EGP', 'completed', now())`,
    sql`insert into gateway_events (id, gateway, event_id, type, about, gateway_reference) values (${newId()}, 'paypal', ${newId()}, 'PAYMENT.DONE', 'payment', ${at})`,
    sql`insert into refunds (id, intent_id, transaction_id, kind, amount, currency, reason, note, destination, status)
        values (${newId()}, ${paid}, ${attempt}, 'return', 100, 'EGP', 'unused', 'A note of staff', 'wallet', 'succeeded')`,
    sql`insert into chargebacks (id, intent_id, transaction_id, gateway, config_id, gateway_reference, amount, currency, reason, responsible)
        values (${newId()}, ${paid}, ${attempt}, 'paypal', ${config}, ${at}, 100, 'EGP', 'fraudulent', 'platform')`,
    ...['returned', 'restored'].map(
      (
        kind,
      ) => sql`insert into tax_withholdings (id, kind, user_id, booking_id, document_type, document_id, amount, currency)
        select ${newId()}, ${kind}, ${userId}, p.booking_id, 'refund', ${newId()}, 1, 'EGP' from payment_intents p where p.id = ${paid}`,
    ),
    sql`insert into payment_methods (id, user_id, type, provider, config_id, nickname, gateway_payment_method_id, reference_hash, fingerprint_hash)
        values (${newId()}, ${userId}, 'card', 'paypal', ${config}, 'The blue card', ${`method-${newId()}`}, ${newId()}, ${newId()})`,
    sql`insert into debt_notices (user_id, currency) values (${userId}, 'EGP') on conflict do nothing`,
    sql`insert into reconciliations (id, gateway, config_id, day, requested_by) values (${newId()}, 'paypal', ${config}, '2027-01-01', ${userId})`,
    sql`insert into reconciliation_items (id, reconciliation_id, outcome, kind, gateway_reference, currency, amount_there, occurred_at, resolved_at, resolved_by, note)
        select ${newId()}, r.id, 'missing_here', 'fee', ${at}, 'EGP', 100, now(), now(), ${userId}, 'A fee of the bank' from reconciliations r where r.config_id = ${config}`,
  ]
}

/** Inserts the rows that no call of an API leaves in a test. */
async function rowsOf({ caller: { userId, sessionId, phone }, email, name }: Someone): Promise<void> {
  const { taskId } = await aPostedTask({ startsAt: afterDays(12) })
  const notificationId = newId()
  const explanation = JSON.stringify({ distanceM: 1_234, nearness: 0.8766, rating: 0.8 })
  await database().write([
    sql`insert into refresh_tokens (id, session_id, token_hash, expires_at) values (${newId()}, ${sessionId}, ${`hash-${newId()}`}, now() + interval '1 day')`,
    sql`insert into mfa_challenges (id, user_id, session_id, first_factor, device, expires_at)
        values (${newId()}, ${userId}, ${sessionId}, 'otp', '{"platform": "android"}', now() + interval '5 minutes')`,
    sql`insert into mfa_factors (id, user_id, kind, label, secret, last_counter) values (${newId()}, ${userId}, 'totp', 'My phone', ${`secret-${newId()}`}, 98765432)`,
    sql`insert into mfa_backup_codes (user_id, code_hash, batch_id) values (${userId}, ${`code-${newId()}`}, ${newId()})`,
    sql`insert into user_credentials (user_id) values (${userId}) on conflict do nothing`,
    sql`update user_credentials set password_changed_at = now(), password_salt = ${`salt-${newId()}`}, password_algorithm = 'scrypt-test',
          password_hash = ${`password-${newId()}`} where user_id = ${userId}`,
    sql`insert into otp_requests (id, phone, otp_hash, number_block, expires_at) values (${newId()}, ${phone}, ${`otp-${newId()}`}, ${phone.slice(0, 8)}, now())`,
    sql`insert into otp_requests (id, phone, otp_hash, number_block, expires_at, purpose, user_id)
        values (${newId()}, ${`+2018${phone.slice(5)}`}, ${`otp-${newId()}`}, '+2018', now(), 'change', ${userId})`,
    sql`insert into email_codes (id, purpose, email, user_id, code_hash, fields, expires_at)
        values (${newId()}, 'change', ${email}, ${userId}, ${`mailed-${newId()}`}, '{"passwordHash": "sealed-fields"}', now())`,
    sql`insert into security_notifications (event_id, channel, user_id, recipient) values (${newId()}, 'email', ${userId}, 'before@example.com')`,
    sql`insert into employees (id, user_id, employee_code) values (${newId()}, ${userId}, ${newId().slice(9)})`,
    sql`insert into task_candidates (id, task_id, tasker_id, rank, score, explanation)
        values (${newId()}, ${taskId}, ${userId}, 1, 0.812345, ${explanation}::jsonb)`,
    sql`insert into offers (id, task_id, tasker_id, wave, expires_at) values (${newId()}, ${taskId}, ${userId}, 1, now() + interval '1 minute')`,
    sql`insert into dispatch_views (id, owner_id, name, filters) values (${newId()}, ${userId}, 'My queue', '{"city": "Cairo"}')`,
    sql`insert into tasker_skills (tasker_id, skill) values (${userId}, 'soldering')`,
    sql`insert into tasker_availability_blocks (id, tasker_id, starts_at, ends_at, kind)
        values (${newId()}, ${userId}, now() + interval '30 days', now() + interval '31 days', 'unavailable')`,
    sql`insert into notifications (id, user_id, kind, title, body) values (${notificationId}, ${userId}, 'test', ${`Dear ${name}`}, 'Hello')`,
    sql`insert into notification_deliveries (notification_id, channel, status) values (${notificationId}, 'push', 'sent')`,
    sql`insert into notification_preferences (user_id) values (${userId}) on conflict do nothing`,
    sql`insert into payout_accounts (id, user_id, kind, country, currency, details, last_four, holder_name, resolved_name, is_default)
        values (${newId()}, ${userId}, 'bank', 'EG', 'EGP', ${`account-${newId()}`}, '0002', ${name}, ${name}, true)`,
    adjust([
      { account: 'platform_clearing', owner: null, amount: -1_000_000 },
      { account: 'tasker_payable', owner: userId, amount: 1_000_000 },
    ]),
    sql`select khidma.schedule_payout(${userId}, 'EGP', '{"minimum": {}, "holdDays": 0}')`,
    sql`select khidma.start_payout(p.id, null, null) from payouts p where p.user_id = ${userId} and p.status = 'scheduled'`,
    sql`select khidma.end_payout(khidma.current_attempt(p), 'paid') from payouts p where p.user_id = ${userId} and p.status = 'processing'`,
    ...moneyOf(userId),
    sql`insert into erasure_requests (id, user_id, status, scheduled_for, next_at, obstacles, identifiers)
        values (${newId()}, ${userId}, 'canceled', now(), now(), '{legal_hold}', 'sealed-identifiers')`,
    sql`insert into legal_holds (id, user_id, reason) values (${newId()}, ${userId}, 'An unheard-of affair')`,
  ])
}

/** Bids on a task of theirs, and theirs on a task of somebody else. */
async function bidsOf(me: Caller, other: Caller, name: string): Promise<void> {
  const trade = await aTrade()
  await database().write([
    sql`insert into tasker_categories (tasker_id, category) values (${me.userId}, ${trade.slug}), (${other.userId}, ${trade.slug})`,
  ])
  const mine = await anOpenTask(me, trade)
  const { id } = await aBid(other, mine, { portfolioMediaIds: [await uploaded(other)] })
  await ok(onBid(me, id, 'shortlist'))
  const theirs = await anOpenTask(other, trade)
  await ok(api(`/v1/tasks/${theirs}/invitations`, { as: other, body: { taskerId: me.userId } }))
  await ok(api(`/v1/open-tasks/${theirs}/questions`, { as: me, body: { question: 'Is there a lift?' } }))
  await aBid(me, theirs, { portfolioMediaIds: [await uploaded(me)] })
  await aPendingLead(me, trade)
  const { leadId } = await aPendingLead(other, trade)
  await ok(api(`/v1/leads/${leadId}/approve`, { as: await theOps(), method: 'POST' }))
  const { id: asked } = await aRequest(me, leadId, { message: `${name} asks.` })
  await ok(onRequest(other, asked, 'reply', { text: `When can ${name} come?` }))
  const refund = { reason: 'other', note: `${name} never heard again.` }
  await ok(api(`/v1/lead-requests/${asked}/refunds`, { as: me, body: refund, headers: withKey() }))
}

export async function liveWholeLife(person: Someone, other: Someone): Promise<void> {
  await tellOf(person)
  await workWith(person, other)
  await planAndSign(person, other)
  await rowsOf(person)
  await showAndDispute(person)
  await buyAndUse(person)
}

/** A tasker, who hires others as well. */
export const aWorker = (): Promise<Caller> => aTasker()

export interface Held {
  table: string
  /** How many rows are the person's, and how many rows an export shows. */
  rows: number
  exported: number
}

/** By the inventory, for every table that says whose its rows are. */
export async function rowCountsOf({ caller: { userId, phone }, email }: Someone): Promise<Held[]> {
  const person = { user: sql`${userId}::uuid`, phone: sql`${phone}::text`, email: sql`${email}::text` }
  const counts = (await loadInventory()).flatMap(({ name, of, exportOf = of, isExported }) => {
    if (!of || !exportOf) return []
    const count = (where: typeof exportOf) =>
      sql`(select count(*)::int from ${sql.raw(name)} t where ${where(person)})`
    const exported = isExported === false ? sql`0` : count(exportOf)
    return [sql`select ${name}::text as table, ${count(of)} as rows, ${exported} as exported`]
  })
  return database().read<Held>(sql`select * from (${sql.join(counts, sql` union all `)}) c`)
}

/** Returns the values in a column of the person's rows, as text: those long enough to be recognised. */
export async function valuesOf(
  { caller: { userId, phone }, email }: Someone,
  table: string,
  column: string,
): Promise<string[]> {
  const { of } = (await loadInventory()).find(({ name }) => name === table) ?? {}
  if (!of) throw new Error(`${table} is nobody's`)
  const person = { user: sql`${userId}::uuid`, phone: sql`${phone}::text`, email: sql`${email}::text` }
  const rows = await database().read<{ value: string }>(sql`
    select t.${sql.raw(column)}::text as value from ${sql.raw(table)} t
     where ${of(person)} and length(t.${sql.raw(column)}::text) >= 8`)
  return rows.map(({ value }) => value)
}
