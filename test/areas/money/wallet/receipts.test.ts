import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, database, signedIn } from '../../../support/api.ts'
import { anAgency, join, theirBooking } from '../../../support/companies.ts'
import { aQueuedTask } from '../../../support/dispatch.ts'
import { aScheduledPayout, finish, payoutsOf, send } from '../../../support/payout-stories.ts'
import {
  aBooking,
  aClient,
  anAdmin,
  anOps,
  aTasker,
  type BookedStory,
  ok,
  pretendWorkTook,
  withKey,
} from '../../../support/story.ts'

const paymentOf = async ({ bookingId, client }: BookedStory): Promise<string> =>
  (await ok(api(`/v1/bookings/${bookingId}/payment`, { as: client }))).body.id
const receiptOf = (id: string, as: Caller, language = 'en') =>
  api(`/v1/payments/${id}/receipt`, { as, headers: { 'accept-language': language } })
const name = (user: Caller, fullName: string) =>
  database().write([sql`update users set full_name = ${fullName} where id = ${user.userId}`])
/** The page as a reader sees it: without tags, and without the marks of direction in its numbers. */
const textOf = (html: string) =>
  html
    .replace(/<style>.*<\/style>/s, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/[\u00a0\u200e\u200f\u061c]/g, ' ')
    .replace(/\s+/g, ' ')

describe('payments.getReceipt', () => {
  it('is for the payer, the payee and staff; strangers get 404', async () => {
    const story = await aBooking({ state: 'settled' })
    const id = await paymentOf(story)
    for (const as of [story.client, story.tasker, await anOps()])
      expect((await receiptOf(id, as)).status).toBe(200)
    for (const as of [await aClient(), await aTasker()]) expect((await receiptOf(id, as)).status).toBe(404)
    expect((await receiptOf(newId(), story.client)).status).toBe(404)
    const { body } = await ok(
      api(`/v1/audit-log?subjectUserId=${story.client.userId}&action=payments.getReceipt`, {
        as: await anAdmin(),
      }),
    )
    expect(body.data).toMatchObject([{ targetType: 'payment_intents', targetId: id }])
  })

  it('is refused before anything is paid', async () => {
    const story = await aBooking({ state: 'completed' })
    expect(await receiptOf(await paymentOf(story), story.client)).toMatchObject({
      status: 409,
      body: { code: 'receipt_unavailable' },
    })
  })

  it('shows the taxes within the fare, and those within the commission to the tasker alone', async () => {
    const body = {
      name: 'VAT',
      kind: 'vat',
      rateBasisPoints: 1_400,
      country: 'EG',
      appliesTo: ['service', 'commission'],
      inclusive: true,
    }
    const rule = (await ok(api('/v1/tax-rules', { as: await anAdmin(), body }))).body
    const story = await aBooking({ state: 'settled', rate: 11_400, minimumMinutes: 60 })
    const [own, earned] = await Promise.all(
      [story.client, story.tasker].map(async (as) =>
        textOf((await receiptOf(await paymentOf(story), as)).body),
      ),
    )
    expect(own).toContain('Paid EGP 114.00 Contained tax: VAT 14 % EGP 14.00')
    expect(own).not.toContain('EGP 2.10')
    expect(earned).toContain('Contained tax: VAT 14 % EGP 2.10')
    await ok(api(`/v1/tax-rules/${rule.id}/retire`, { as: await anAdmin(), method: 'POST' }))
  })

  it('shows how the fare came about, in the language of the reader, and the commission to the tasker alone', async () => {
    const story = await aBooking({ state: 'completed', rate: 20_000, minimumMinutes: 30, workedMinutes: 90 })
    await name(story.client, 'Mona Adel')
    const path = `/v1/bookings/${story.bookingId}/payment/confirm-cash`
    await ok(api(path, { as: story.tasker, method: 'POST', headers: withKey() }))
    const id = await paymentOf(story)
    const page = await receiptOf(id, story.client)
    expect(page.headers.get('content-type')).toMatch(/^text\/html/)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(page.headers.get('cache-control')).toContain('no-store')
    expect(page.body).toContain('<html lang="en" dir="ltr">')
    expect(page.body).toContain('@media print')
    const text = textOf(page.body)
    for (const part of [
      'Mona Adel',
      'Cash',
      'Rate per hour EGP 200.00',
      'Time worked 90 min',
      'Fare EGP 300.00',
      'Paid EGP 300.00',
    ])
      expect(text).toContain(part)
    expect(text).not.toContain('Commission')
    expect(textOf((await receiptOf(id, story.tasker)).body)).toContain(
      'Commission of the platform -EGP 45.00',
    )
    const arabic = await receiptOf(id, story.client, 'ar')
    expect(arabic.body).toContain('<html lang="ar" dir="rtl">')
    expect(textOf(arabic.body)).toMatch(/الأجرة [^ا-ي]*300\.00/)
  })

  it('names the company that earns the fare and who did the work, and shows the commission to its people alone', async () => {
    const { company, tasker } = await anAgency()
    await name(tasker, 'Omar Farid')
    const { taskId, client } = await aQueuedTask()
    const bookingId = await theirBooking(taskId, { tasker, client }, ['confirm', 'start'])
    await pretendWorkTook({ bookingId }, 60)
    await ok(api(`/v1/bookings/${bookingId}/complete`, { as: tasker, method: 'POST' }))
    const path = `/v1/bookings/${bookingId}/payment/confirm-cash`
    await ok(api(path, { as: tasker, method: 'POST', headers: withKey() }))
    const id = (await ok(api(`/v1/bookings/${bookingId}/payment`, { as: client }))).body.id
    const [accountant, dispatcher] = [await signedIn(), await signedIn()]
    await join(company, accountant, { role: 'accountant' })
    await join(company, dispatcher, { role: 'dispatcher' })
    const pages = await Promise.all(
      [client, tasker, company, accountant].map(async (as) => textOf((await receiptOf(id, as)).body)),
    )
    for (const page of pages) {
      expect(page).toContain('Paid to Nile Fittings ')
      expect(page).toContain('Work done by Omar Farid ')
    }
    expect(pages.map((page) => page.includes('Commission'))).toEqual([false, false, true, true])
    expect((await receiptOf(id, dispatcher)).status).toBe(404)
  })

  it('names what was given back, and what is left', async () => {
    const story = await aBooking({ state: 'settled' })
    const id = await paymentOf(story)
    const body = { amountMinor: 5_000, reason: 'requested' }
    await ok(api(`/v1/payments/${id}/refunds`, { as: await anAdmin(), body, headers: withKey() }))
    const text = textOf((await receiptOf(id, story.client)).body)
    expect(text).toContain('-EGP 50.00')
    expect(text).toContain('Paid less refunds EGP 150.00')
  })

  it('escapes what people wrote', async () => {
    const story = await aBooking({ state: 'settled' })
    await name(story.client, '<script>alert("1")</script>')
    const { body } = await receiptOf(await paymentOf(story), story.client)
    expect(body).not.toContain('<script')
    expect(body).toContain('&lt;script&gt;')
  })
})

describe('me.getStatement', () => {
  const statement = (as: Caller, month: string, language = 'en') =>
    api(`/v1/me/statement?month=${month}`, { as, headers: { 'accept-language': language } })

  it('shows the accounts of a month with opening and closing balance, in the own time zone', async () => {
    const story = await aBooking({ state: 'settled' })
    const month = new Intl.DateTimeFormat('en-CA', {
      timeZone: 'Africa/Cairo',
      year: 'numeric',
      month: '2-digit',
    })
      .format(new Date())
      .slice(0, 7)
    const page = await ok(statement(story.tasker, month))
    expect(page.headers.get('content-type')).toMatch(/^text\/html/)
    expect(textOf(page.body)).toMatch(
      /Earnings · EGP .*Opening balance EGP 0\.00 .*Fare in cash EGP 200\.00 EGP 200\.00 .*Cash kept -EGP 200\.00 EGP 0\.00 Closing balance EGP 0\.00/,
    )
    expect((await ok(statement(story.tasker, month, 'ar'))).body).toContain('dir="rtl"')
    expect(textOf((await ok(statement(story.tasker, '2026-01'))).body)).toContain('There were no accounts')
    expect(textOf((await ok(statement(await aClient(), month))).body)).toContain('There were no accounts')
    await aScheduledPayout(story.tasker)
    const [payout] = await payoutsOf(story.tasker, 'kind=earnings')
    await send(payout.id)
    await finish(payout.id, 'failed', 'declined')
    expect(textOf((await ok(statement(story.tasker, month))).body)).toMatch(
      /Debts paid from earnings -EGP 30\.00 EGP 220\.00 .*Payout -EGP 220\.00 EGP 0\.00 .*Payout that failed EGP 220\.00 EGP 220\.00/,
    )
    for (const wrong of ['2026-13', '2026', 'november'])
      expect((await statement(story.client, wrong)).status).toBe(400)
  })
})

describe('me.getEarnings by period', () => {
  const periods = async (as: Caller, query: string) =>
    (await ok(api(`/v1/me/earnings?${query}`, { as }))).body.periods

  it('sums fares, commission, refunds and payouts by day, week and month', async () => {
    const story = await aBooking({ state: 'settled' })
    const { tasker } = story
    const id = await paymentOf(story)
    const body = { amountMinor: 5_000, reason: 'requested' }
    await ok(api(`/v1/payments/${id}/refunds`, { as: await anAdmin(), body, headers: withKey() }))
    // The night before in UTC is the day itself in Cairo.
    await database().write([
      sql`update payment_intents set captured_at = '2026-03-09T22:30:00Z' where id = ${id}`,
      sql`update refunds set created_at = '2026-03-12T10:00:00Z' where intent_id = ${id}`,
      sql`update payouts set paid_at = '2026-03-09T22:30:00Z' where user_id = ${tasker.userId}`,
    ])
    const paid = {
      currency: 'EGP',
      fareAmount: 20_000,
      commissionAmount: 3_000,
      withheldTaxAmount: 0,
      tipAmount: 0,
      nettedAmount: 0,
    }
    expect(await periods(tasker, 'from=2026-03-01&to=2026-03-31')).toEqual([
      { ...paid, startsOn: '2026-03-10', refundAmount: 0, paidOutAmount: 20_000 },
      {
        currency: 'EGP',
        startsOn: '2026-03-12',
        fareAmount: 0,
        commissionAmount: 0,
        withheldTaxAmount: 0,
        tipAmount: 0,
        refundAmount: 5_000,
        nettedAmount: 0,
        paidOutAmount: 0,
      },
    ])
    const both = { ...paid, refundAmount: 5_000, paidOutAmount: 20_000 }
    expect(await periods(tasker, 'from=2026-03-01&to=2026-03-31&by=week')).toEqual([
      { ...both, startsOn: '2026-03-09' },
    ])
    expect(await periods(tasker, 'from=2026-03-01&to=2026-03-31&by=month')).toEqual([
      { ...both, startsOn: '2026-03-01' },
    ])
    // Both ends belong to it.
    expect(await periods(tasker, 'from=2026-03-10&to=2026-03-10')).toHaveLength(1)
    expect(await periods(tasker, 'from=2026-03-11&to=2026-03-12')).toHaveLength(1)
    expect(await periods(tasker, '')).toEqual([])
    for (const query of ['from=2026-03-02&to=2026-03-01', 'from=2020-01-01&to=2026-01-01'])
      expect(await api(`/v1/me/earnings?${query}`, { as: tasker })).toMatchObject({
        status: 422,
        body: { code: 'earnings_period' },
      })
  })
})
