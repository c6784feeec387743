import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { invoiceEntries } from '../../src/areas/commerce/invoices/jobs.ts'
import { newId } from '../../src/core/ids.ts'
import type { Operation } from '../../src/http/operation.ts'
import { systemContext } from '../../src/system-context.ts'
import { api, type Caller, database, env, signedIn } from '../support/api.ts'
import { aBid, aBidding, anOpenTask } from '../support/bids.ts'
import { aPaidOrder, fillWallet } from '../support/commerce.ts'
import { anAgency, anOpenCompany, theirBooking } from '../support/companies.ts'
import { aContract, type ContractStory } from '../support/contracts.ts'
import { aQueuedTask } from '../support/dispatch.ts'
import { clockMoves } from '../support/eventually.ts'
import { aLead, aPendingLead, aRequest, giveCredits } from '../support/leads.ts'
import { reportBooking } from '../support/scenes.ts'
import {
  aBooking,
  aClient,
  act,
  actorOf,
  anAdmin,
  anOps,
  aTasker,
  type BookedStory,
  dispute,
  ok,
  review,
  withKey,
} from '../support/story.ts'
import { act as actOn, aPlan, subscribing } from '../support/subscriptions.ts'
import { localBodies } from '../support/world/locals.ts'
import { all, call, named } from './call.ts'
import { companyScopes, givenScopes, type Scope, staffScopes } from './list-scopes.ts'
import { withoutTimes } from './lists-without-times.ts'

/** The rules of `src/http/list-query.ts`, on every list that takes its parameters. */

interface Row {
  id: string
  createdAt: string
  updatedAt?: string
}

const paged = all.filter(({ query }) => query && 'cursor' in query.shape)
const lists = paged.filter(({ query }) => query && 'createdSince' in query.shape)
const changing = lists.filter(({ query }) => query && 'updatedSince' in query.shape)
const scopes: Record<string, Scope> = {}
let stranger: Caller

beforeAll(async () => {
  const [client, tasker, ops] = [await aClient(), await aTasker(), await anOps()]
  stranger = await signedIn('client')
  const stories: BookedStory[] = []
  for (const day of [1, 2, 3]) {
    const startsAt = new Date(Date.now() + day * 86_400_000)
    const story = await aBooking({ client, tasker, startsAt, state: 'settled' })
    await review(story, client)
    await review(story, tasker)
    await dispute(story)
    const report = { kind: 'harassment', description: 'Rude on the telephone.' }
    await reportBooking(act, client, story.bookingId, report)
    stories.push(story)
    await invoiceEntries(systemContext(env, 'cron.invoiceEntries'))
  }
  const { bookingId, taskId } = stories[1] as BookedStory
  const admin = await anAdmin()
  const payments = (await ok(api('/v1/payments', { as: client }))).body.data as {
    id: string
    bookingId: string
  }[]
  for (const { id } of payments) {
    await clockMoves()
    const body = { amountMinor: 100, reason: 'requested' }
    await ok(api(`/v1/payments/${id}/refunds`, { as: admin, body, headers: withKey() }))
  }
  for (const commissionAmountMinor of [1, 2, 3]) {
    await clockMoves()
    const writeOff = { kind: 'write_off', currency: 'EGP', reason: 'Test', userId: tasker.userId }
    const body = { ...writeOff, commissionAmountMinor }
    await ok(api('/v1/adjustments', { as: admin, body, headers: withKey() }))
    await database().write([
      sql`insert into ledger_checks (id, differences, details) values (khidma.uuid_v7(), 1, '[]')`,
      sql`insert into invoice_checks (id, checked, differences, details) values (khidma.uuid_v7(), 1, 1, '[]')`,
      sql`insert into tax_withholdings (id, kind, user_id, booking_id, document_type, document_id, amount, currency)
          values (khidma.uuid_v7(), 'returned', ${tasker.userId}, ${stories[commissionAmountMinor - 1]?.bookingId}, 'refund', khidma.uuid_v7(), 1, 'EGP')`,
    ])
  }
  const contracts: ContractStory[] = []
  for (const day of [11, 12, 13]) {
    const startsAt = new Date(Date.now() + day * 86_400_000)
    contracts.push(await aContract({ client, tasker, startsAt, state: 'draft' }))
  }
  const paymentId = payments.find((payment) => payment.bookingId === bookingId)?.id as string
  const every = (value: string) => ({ value, every: true })
  const some = (value: string) => ({ value, every: false })
  const [clientId, taskerId] = [every(client.userId), every(tasker.userId)]
  const invoices: { bookingId: string; documentId: string }[] = (
    await ok(api('/v1/me/invoices', { as: client }))
  ).body.data
  const invoicesOf = sql`invoices where buyer_id = ${client.userId}`
  const ofBooking = sql`booking_id in (select id from bookings where client_id = ${client.userId})`
  Object.assign(scopes, {
    'tasks.list': {
      as: client,
      related: { clientId, taskerId },
      table: sql`tasks where client_id = ${client.userId}`,
    },
    'bookings.list': {
      as: tasker,
      related: { taskId: some(taskId), clientId, taskerId },
      table: sql`bookings where client_id = ${client.userId}`,
    },
    'companies.listBookings': await bookingsOfACompany(),
    'contracts.list': {
      as: tasker,
      related: { bookingId: some((contracts[1] as ContractStory).bookingId), clientId, taskerId },
      table: sql`contracts where client_id = ${client.userId}`,
    },
    'payments.list': {
      as: client,
      related: { bookingId: some(bookingId), clientId, taskerId },
      table: sql`payment_intents where ${ofBooking}`,
    },
    'refunds.list': {
      as: client,
      related: { paymentId: some(paymentId), bookingId: some(bookingId) },
      table: sql`refunds where intent_id in (select id from payment_intents where ${ofBooking})`,
    },
    'payouts.list': {
      as: tasker,
      related: { bookingId: some(bookingId), userId: every(tasker.userId) },
      forStaff: ['batchId'],
      table: sql`payouts where user_id = ${tasker.userId}`,
    },
    'disputes.list': {
      as: tasker,
      related: { bookingId: some(bookingId), clientId, taskerId },
      table: sql`disputes where ${ofBooking}`,
    },
    'reports.list': {
      as: client,
      related: {
        bookingId: some(bookingId),
        reporterId: clientId,
        reportedUserId: taskerId,
        subjectId: some(bookingId),
      },
      table: sql`reports where ${ofBooking}`,
    },
    'ledger.listEntries': {
      as: ops,
      query: `userId=${tasker.userId}`,
      related: { bookingId: some(bookingId), userId: taskerId },
    },
    'adjustments.list': {
      as: ops,
      query: `userId=${tasker.userId}`,
      related: { userId: taskerId },
      table: sql`adjustments where user_id = ${tasker.userId}`,
    },
    'bids.list': await bidsOfOne(),
    ...(await purchasesOfOne(ops)),
    ...(await purchasesOfACompany()),
    'me.listInvoices': { as: client, related: { bookingId: some(bookingId) }, table: invoicesOf },
    'invoices.list': {
      as: ops,
      query: `userId=${client.userId}`,
      related: {
        userId: clientId,
        bookingId: some(bookingId),
        documentId: some(invoices.find((invoice) => invoice.bookingId === bookingId)?.documentId as string),
      },
      table: invoicesOf,
    },
    'me.listTaxWithholdings': { as: tasker, related: { bookingId: some(bookingId) } },
    'taxWithholdings.list': {
      as: ops,
      query: `userId=${tasker.userId}`,
      related: { userId: taskerId, bookingId: some(bookingId) },
    },
    'invoices.listChecks': { as: ops, query: 'differing=true' },
    ...(await leadsOfOne()),
    ...(await staffScopes(stories[1] as BookedStory)),
    ...(await companyScopes()),
    ...(await givenScopes(stories[1] as BookedStory)),
    'me.listCreditEntries': { as: await aGifted() },
    'me.listWalletEntries': { as: client },
    'ledger.listChecks': { as: ops, query: 'differing=true' },
    'me.listReviews': {
      as: client,
      query: 'direction=given',
      table: sql`reviews where reviewer_id = ${client.userId}`,
    },
    'reviews.list': {
      as: ops,
      query: `revieweeId=${tasker.userId}`,
      related: { bookingId: some(bookingId), reviewerId: clientId, revieweeId: taskerId },
      table: sql`reviews where reviewee_id = ${tasker.userId}`,
    },
    'clients.listReviews': { as: tasker, params: { clientId: client.userId } },
    'companies.listReviews': { as: undefined, params: { companyId: await aReviewedCompany() } },
    'taskers.listReviews': { as: undefined, params: { taskerId: tasker.userId } },
    'events.list': { as: client, related: { objectId: some(bookingId) } },
    'webhooks.listDeliveries': await deliveriesTo(await aClient()),
  } satisfies Record<string, Scope>)
})

/** A company that a tasker has worked for three times, and reviewed. */
async function aReviewedCompany(): Promise<string> {
  const [client, tasker] = [await aClient(), await aTasker()]
  await ok(api('/v1/me', { as: client, method: 'PATCH', body: { accountType: 'company' } }))
  const body = { companyName: 'Nile Fittings', city: 'Cairo', country: 'EG' }
  await ok(api('/v1/me/company-profile', { as: client, method: 'PUT', body }))
  for (const day of [4, 5, 6]) {
    const startsAt = new Date(Date.now() + day * 86_400_000)
    const story = await aBooking({ client, tasker, startsAt, state: 'completed' })
    await review(story, tasker)
    await review(story, client)
  }
  return client.userId
}

/** Three bids of a tasker. */
async function bidsOfOne(): Promise<Scope> {
  const { taskers, client, trade, taskId } = await aBidding()
  const [tasker] = taskers
  await aBid(tasker, taskId)
  for (let n = 0; n < 2; n += 1) {
    await clockMoves()
    await aBid(tasker, await anOpenTask(client, trade))
  }
  return {
    as: tasker,
    related: { taskId: { value: taskId, every: false }, taskerId: { value: tasker.userId, every: true } },
    table: sql`bids where tasker_id = ${tasker.userId}`,
  }
}

/** Somebody who has had three subscriptions, and an order and an invoice for each. */
async function purchasesOfOne(ops: Caller): Promise<Record<string, Scope>> {
  const user = await aTasker()
  await fillWallet(user, 1_000_000)
  const plan = await aPlan()
  for (let n = 0; n < 3; n += 1) {
    await clockMoves()
    const { id } = (await ok(subscribing(user, plan.id))).body
    await ok(actOn(user, id, 'cancel', { when: 'now' }))
  }
  const userId = { value: user.userId, every: true }
  const mine = `userId=${user.userId}`
  return {
    'subscriptions.list': {
      as: ops,
      query: mine,
      related: { userId, planId: { value: plan.id, every: true } },
      table: sql`subscriptions where user_id = ${user.userId}`,
    },
    'orders.list': {
      as: ops,
      query: mine,
      related: { userId },
      table: sql`orders where user_id = ${user.userId}`,
    },
  }
}

/** A company that has bought three times. */
async function purchasesOfACompany(): Promise<Record<string, Scope>> {
  const company = await anOpenCompany()
  for (let n = 0; n < 3; n += 1) {
    await clockMoves()
    await aPaidOrder(company)
  }
  const params = { companyId: company.userId }
  return {
    'orders.listOfCompany': { as: company, params, table: sql`orders where user_id = ${company.userId}` },
    'invoices.listOfCompany': {
      as: company,
      params,
      table: sql`invoices where buyer_id = ${company.userId}`,
    },
  }
}

/** Three requests of a tasker for leads, and refunds of them that are asked for. */
async function leadsOfOne(): Promise<Record<string, Scope>> {
  const { taskers, client, trade, taskId, leadId } = await aLead(1)
  const [tasker] = taskers
  await aRequest(tasker, leadId)
  for (let n = 0; n < 2; n += 1) {
    await clockMoves()
    const next = await aPendingLead(client, trade)
    await ok(api(`/v1/leads/${next.leadId}/approve`, { as: await anOps(), method: 'POST' }))
    await aRequest(tasker, next.leadId)
  }
  const requests = (await ok(api('/v1/lead-requests', { as: tasker }))).body.data as { id: string }[]
  for (const { id } of requests) {
    await clockMoves()
    await database(actorOf(tasker)).write([
      sql`insert into lead_refunds (id, request_id, tasker_id, reason, credits)
          values (${newId()}, ${id}, ${tasker.userId}, 'unreachable', 1)`,
    ])
  }
  return {
    'leadRequests.list': {
      as: tasker,
      related: { taskId: { value: taskId, every: false } },
      table: sql`lead_requests where tasker_id = ${tasker.userId}`,
    },
    'leadRefunds.list': {
      as: tasker,
      related: {
        requestId: { value: requests[0]?.id as string, every: false },
        taskerId: { value: tasker.userId, every: true },
      },
      table: sql`lead_refunds where tasker_id = ${tasker.userId}`,
    },
  }
}

/** Somebody who was given credits three times. */
async function aGifted(): Promise<Caller> {
  const user = await aTasker()
  for (let n = 0; n < 3; n += 1) {
    await clockMoves()
    await giveCredits(user, 5)
  }
  return user
}

/** Three bookings of a company with one tasker. */
async function bookingsOfACompany(): Promise<Scope> {
  const { company, tasker } = await anAgency()
  for (let n = 1; n <= 3; n += 1) {
    await clockMoves()
    const { taskId, client } = await aQueuedTask({ startsAt: new Date(Date.now() + n * 86_400_000) })
    await theirBooking(taskId, { tasker, client })
  }
  return {
    as: company,
    params: { companyId: company.userId },
    related: { taskerId: { value: tasker.userId, every: true } },
    table: sql`bookings where company_id = ${company.userId}`,
  }
}

/** A webhook with three deliveries. */
async function deliveriesTo(as: Caller): Promise<Scope> {
  const { id } = (await ok(api('/v1/webhooks', { as, body: localBodies['webhooks.create'] }))).body
  for (let n = 0; n < 3; n += 1) {
    await clockMoves()
    await ok(api(`/v1/webhooks/${id}/test`, { as, method: 'POST' }))
  }
  const [delivery] = (await ok(api(`/v1/webhooks/${id}/deliveries`, { as }))).body.data
  return {
    as,
    params: { webhookId: id },
    related: { eventId: { value: delivery.eventId, every: false } },
    table: sql`webhook_deliveries where subscription_id = ${id}`,
    change: sql`parked = parked`,
  }
}

const scopeOf = ({ operationId }: Operation): Scope => {
  const scope = scopes[operationId]
  if (!scope) throw new Error(`This file does not know rows of ${operationId}.`)
  return scope
}

const ask = (operation: Operation, query: Record<string, string | number>, as = scopeOf(operation).as) => {
  const { params = {}, query: own } = scopeOf(operation)
  const asked = new URLSearchParams(own)
  for (const [name, value] of Object.entries(query)) asked.set(name, String(value))
  return call(operation, { as, params, query: asked.toString() })
}

interface Page {
  data: Row[]
  nextCursor: string | null
}

async function page(operation: Operation, query: Record<string, string | number> = {}): Promise<Page> {
  const { status, body } = await ask(operation, query)
  expect(status, JSON.stringify(body)).toBe(200)
  return body as Page
}

/** Every row, page by page. */
async function rows(
  operation: Operation,
  query: Record<string, string | number> = {},
  between: (page: Page) => Promise<void> = async () => {},
): Promise<Row[]> {
  const seen: Row[] = []
  let cursor: string | null = null
  do {
    const answer: Page = await page(operation, { limit: 100, ...query, ...(cursor && { cursor }) })
    seen.push(...answer.data)
    cursor = answer.nextCursor
    await between(answer)
  } while (cursor && seen.length < 200)
  return seen
}

const ids = (list: Row[]) => list.map(({ id }) => id)
const byUpdate = (a: Row, b: Row) => (`${a.updatedAt} ${a.id}` < `${b.updatedAt} ${b.id}` ? -1 : 1)

/** Changes the rows of the list in one transaction, or one of them. */
const touch = (operation: Operation, only?: string) =>
  database().write([
    sql`update ${sql.raw(tableName(operation))} set ${scopeOf(operation).change ?? sql`version = version`} where id in (select id from ${scopeOf(operation).table}) and ${only ? sql`id = ${only}` : sql`true`}`,
  ])
const tableName = (operation: Operation): string => {
  const [first] = (scopeOf(operation).table?.queryChunks ?? []) as { value: string[] }[]
  return /^\w+/.exec(first?.value[0] ?? '')?.[0] as string
}

it('is the convention of every list that grows', () => {
  const names = paged.filter((operation) => !lists.includes(operation)).map(({ operationId }) => operationId)
  expect(names.sort()).toEqual(Object.values(withoutTimes).flat().sort())
})

describe.each(named(lists))('%s', (_operationId, operation) => {
  it('begins with createdSince and ends before createdUntil', async () => {
    const everything = await rows(operation)
    const times = [...new Set(everything.map(({ createdAt }) => createdAt))].sort()
    expect(times.length).toBeGreaterThanOrEqual(3)
    const border = times[1] as string
    const since = everything.filter(({ createdAt }) => createdAt >= border)
    const until = everything.filter(({ createdAt }) => createdAt < border)
    expect(ids(await rows(operation, { createdSince: border }))).toEqual(ids(since))
    expect(ids(await rows(operation, { createdUntil: border }))).toEqual(ids(until))
    expect(await rows(operation, { createdSince: border, createdUntil: border })).toEqual([])
    // The same moment, as clocks east of here say it.
    const elsewhere = new Date(Date.parse(border) + 2 * 3_600_000).toISOString().replace('Z', '+02:00')
    expect(ids(await rows(operation, { createdSince: elsewhere }))).toEqual(ids(since))
  })

  it('takes any time there is, and nothing else for one', async () => {
    const everything = ids(await rows(operation))
    for (const early of ['0000-01-01T00:00:00Z', '0001-01-01T00:00:00+14:00', '1970-01-01T00:00:00Z']) {
      expect(ids(await rows(operation, { createdSince: early }))).toEqual(everything)
      expect(await rows(operation, { createdUntil: early })).toEqual([])
    }
    const late = '9999-12-31T23:59:59-14:00'
    expect(await rows(operation, { createdSince: late })).toEqual([])
    expect(ids(await rows(operation, { createdUntil: late }))).toEqual(everything)
    for (const text of ['yesterday', '2026-11-21', '2026-02-30T00:00:00Z']) {
      expect((await ask(operation, { createdSince: text })).body).toMatchObject({ code: 'invalid_request' })
    }
  })

  it('is in one order the reverse of the other, page by page', async () => {
    const up = ids(await rows(operation, { order: 'asc', limit: 2 }))
    expect(new Set(up).size).toBe(up.length)
    expect(ids(await rows(operation, { order: 'desc', limit: 2 }))).toEqual(up.reverse())
    expect((await ask(operation, { order: 'upwards' })).status).toBe(400)
  })

  it('refuses a cursor of other parameters', async () => {
    const { nextCursor } = await page(operation, { limit: 1, order: 'asc' })
    const cursor = nextCursor as string
    const others: Record<string, string>[] = [
      { order: 'desc' },
      { order: 'asc', createdSince: '2020-01-01T00:00:00Z' },
      {},
    ]
    for (const other of others) {
      const { status, body } = await ask(operation, { ...other, cursor })
      expect([status, (body as { code: string }).code]).toEqual([400, 'cursor_mismatch'])
    }
    expect((await ask(operation, { order: 'asc', cursor })).status).toBe(200)
  })

  it('finds rows by each related object, and for nobody else', async () => {
    const { related = {}, forStaff = [] } = scopeOf(operation)
    const declared = Object.keys(operation.query?.shape ?? {}).filter((name) => name.endsWith('Id'))
    expect([...Object.keys(related), ...forStaff].sort()).toEqual(declared.sort())
    for (const name of forStaff) expect((await ask(operation, { [name]: newId() })).status).toBe(403)
    const everything = ids(await rows(operation))
    for (const [name, { value, every }] of Object.entries(related)) {
      const found = ids(await rows(operation, { [name]: value }))
      if (every) expect(found).toEqual(everything)
      else {
        expect(found.length).toBeGreaterThan(0)
        expect(found.length).toBeLessThan(everything.length)
        expect(everything).toEqual(expect.arrayContaining(found))
      }
      expect(await rows(operation, { [name]: newId() })).toEqual([])
      if (scopeOf(operation).as?.role === 'client') {
        const { status, body } = await ask(operation, { [name]: value }, stranger)
        // A list inside of something is not there for strangers.
        if (status !== 404) expect(body).toMatchObject({ data: [] })
      }
    }
  })
})

describe.each(named(changing))('%s with updatedSince', (_operationId, operation) => {
  it('begins with the time and is sorted by change, whether of one moment or of several', async () => {
    await touch(operation)
    const [first] = await rows(operation)
    await touch(operation, first?.id)
    const everything = (await rows(operation)).sort(byUpdate)
    const times = everything.map(({ updatedAt }) => updatedAt as string)
    expect(new Set(times).size).toBe(2)
    const updatedSince = times[0] as string
    for (const limit of [1, 2, 100]) {
      expect(ids(await rows(operation, { updatedSince, limit }))).toEqual(ids(everything))
      const down = await rows(operation, { updatedSince, limit, order: 'desc' })
      expect(ids(down)).toEqual(ids(everything).reverse())
    }
    expect(ids(await rows(operation, { updatedSince: times.at(-1) as string }))).toEqual([first?.id])
    const later = new Date(Date.parse(times.at(-1) as string) + 1).toISOString()
    expect(await rows(operation, { updatedSince: later })).toEqual([])
  })

  it('shows again at its end what changes while it is read', async () => {
    const before = (await rows(operation)).sort(byUpdate)
    const updatedSince = before[0]?.updatedAt as string
    let changed: string | undefined
    const seen = ids(
      await rows(operation, { updatedSince, limit: 1 }, async ({ data }) => {
        if (changed !== undefined) return
        changed = data[0]?.id as string
        await touch(operation, changed)
      }),
    )
    expect(seen).toEqual([...ids(before), changed])
  })
})
