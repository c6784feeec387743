import { describe, expect, it } from 'vitest'
import { api, signedIn } from '../../../support/api.ts'
import { fillWallet } from '../../../support/commerce.ts'
import { anAdmin, aTasker, ok } from '../../../support/story.ts'
import { act, aPlan, passDays, subscribing, subscription, timeline } from '../../../support/subscriptions.ts'
import { codeOf } from '../../../support/work.ts'

const day = 86_400_000
const daysUntil = (time: string) => Math.round((Date.parse(time) - Date.now()) / day)

describe('plans', () => {
  it('are sold in a country, and fall only to a free one', async () => {
    const free = await aPlan({ priceMonthMinor: 0, priceYearMinor: null })
    const pro = await aPlan({ fallsTo: free.id, badge: 'pro' })
    expect((await ok(api(`/v1/plans/${pro.id}`))).body).toMatchObject({
      name: 'Pro',
      fallsTo: free.id,
      badge: 'pro',
    })
    const [as, headers] = [await anAdmin(), { 'if-match': '*' }]
    const change = (id: string, body: object) =>
      api(`/v1/plans/${id}`, { as, method: 'PATCH', body, headers })
    expect(await codeOf(change(free.id, { priceMonthMinor: 5 }))).toBe('409 plan_is_fallen_to')
    expect(await codeOf(change(pro.id, { fallsTo: pro.id }))).toBe('422 plan_falls_badly')
    expect(await codeOf(change(pro.id, { priceMonthMinor: null, priceYearMinor: null }))).toBe(
      '422 plan_not_priced',
    )
    await ok(api(`/v1/plans/${pro.id}/retire`, { as, method: 'POST' }))
    expect(await codeOf(api(`/v1/plans/${pro.id}`))).toBe('404 not_found')
    expect(await codeOf(subscribing(await signedIn('client'), pro.id))).toBe('422 plan_unavailable')
  })
})

describe('a subscription', () => {
  it('of a free plan is in force at once, and one an account has', async () => {
    const [user, plan] = [
      await aTasker(),
      await aPlan({ priceMonthMinor: 0, badge: 'plus', creditsAMonth: 12 }),
    ]
    const { body } = await ok(subscribing(user, plan.id))
    expect(body).toMatchObject({
      status: 'active',
      isInForce: true,
      priceMinor: 0,
      features: { badge: 'plus' },
    })
    expect(await codeOf(subscribing(user, plan.id))).toBe('409 subscription_exists')
    expect((await ok(api('/v1/me/credits', { as: user }))).body.balance).toBe(12)
    expect((await ok(api(`/v1/taskers/${user.userId}`))).body.planBadge).toBe('plus')
    // Each month has its own credits, for that month.
    await passDays(body.id, 32)
    expect(await subscription(user, body.id)).toMatchObject({ status: 'active' })
    expect((await timeline(user, body.id)).charges).toHaveLength(2)
    await ok(act(user, body.id, 'cancel', { when: 'period_end' }))
    expect((await timeline(user, body.id)).upcoming).toMatchObject([{ what: 'end' }])
    await passDays(body.id, 32)
    expect(await subscription(user, body.id)).toMatchObject({
      status: 'ended',
      endReason: 'canceled',
      isInForce: false,
    })
    expect((await ok(api(`/v1/taskers/${user.userId}`))).body.planBadge).toBeNull()
    expect(await codeOf(api(`/v1/subscriptions/${body.id}`, { as: await signedIn('client') }))).toBe(
      '404 not_found',
    )
  })

  it('begins with a trial once, in which a change costs nothing', async () => {
    const [user, plan] = [await signedIn('tasker'), await aPlan({ trialDays: 14 })]
    const other = await aPlan({ priceMonthMinor: 50_000 })
    const { body } = await ok(subscribing(user, plan.id))
    expect(body).toMatchObject({ status: 'trialing', isInForce: true })
    expect(daysUntil(body.periodEnd)).toBe(14)
    expect(
      (await ok(act(user, body.id, 'change', { planId: other.id, cycle: 'month', when: 'now' }))).body,
    ).toMatchObject({
      planId: other.id,
      priceMinor: 50_000,
      status: 'trialing',
    })
    await ok(act(user, body.id, 'cancel', { when: 'now' }))
    expect(await codeOf(act(user, body.id, 'cancel', { when: 'now' }))).toBe('409 subscription_ended')
    expect((await ok(subscribing(user, plan.id))).body.status).toBe('pending')
  })

  it('ends with its account', async () => {
    const [user, plan] = [await signedIn('tasker'), await aPlan({ priceMonthMinor: 0 })]
    const { id } = (await ok(subscribing(user, plan.id))).body
    await ok(api('/v1/me/close', { as: user, body: { reason: 'No longer needed.' } }))
    const admin = await anAdmin()
    expect(await subscription(admin, id)).toMatchObject({ status: 'ended', endReason: 'closed' })
  })

  it('that is paused gives nothing, and keeps what is left of its period', async () => {
    const [user, plan] = [await aTasker(), await aPlan({ priceMonthMinor: 0, badge: 'pro' })]
    const { id, periodEnd } = (await ok(subscribing(user, plan.id))).body
    await passDays(id, 10)
    expect((await ok(act(user, id, 'pause'))).body).toMatchObject({ status: 'paused', isInForce: false })
    expect(await codeOf(act(user, id, 'pause'))).toBe('409 invalid_transition')
    await passDays(id, 100)
    const resumed = (await ok(act(user, id, 'resume'))).body
    expect(resumed).toMatchObject({ status: 'active', isInForce: true })
    expect(Math.round((Date.parse(resumed.periodEnd) - Date.parse(periodEnd)) / day)).toBe(100)
    expect(await codeOf(act(user, id, 'resume'))).toBe('409 invalid_transition')
    const until = new Date(Date.now() + 130 * day).toISOString()
    await ok(act(user, id, 'pause', { until }))
    await passDays(id, 25)
    expect(await subscription(user, id)).toMatchObject({ status: 'active' })
  })
})

describe('a subscription that is paid', () => {
  it('from the wallet is renewed, invoiced, and gives its credits each month of a year', async () => {
    const [user, plan] = [await aTasker(), await aPlan({ creditsAMonth: 10 })]
    await fillWallet(user, 500_000)
    const { body } = await ok(subscribing(user, plan.id, { cycle: 'year' }))
    expect(body).toMatchObject({ status: 'active', priceMinor: 200_000 })
    for (let half = 0; half < 24; half += 1) await passDays(body.id, 15)
    expect(
      (await ok(api('/v1/me/credits/entries?limit=100', { as: user }))).body.data.length,
    ).toBeGreaterThanOrEqual(12)
    await passDays(body.id, 10)
    const { charges, upcoming } = await timeline(user, body.id)
    expect(charges).toMatchObject([
      { status: 'paid', kind: 'period', attempts: [{ outcome: 'paid' }] },
      { status: 'paid', kind: 'period', attempts: [{ outcome: 'paid' }] },
    ])
    expect(charges[0].periodStart).toBe(charges[1].periodEnd)
    expect(upcoming).toMatchObject([{ what: 'renewal' }])
    const order = (await ok(api(`/v1/orders/${charges[0].attempts[0].orderId}`, { as: user }))).body
    expect(order).toMatchObject({ status: 'completed' })
    const invoices = (await ok(api('/v1/me/invoices', { as: user }))).body.data
    expect(invoices).toMatchObject([{ status: 'paid' }, { status: 'paid' }])
  })

  it('and is short of money is tried again, gives its grace, and falls to the free plan', async () => {
    const user = await aTasker()
    const free = await aPlan({ priceMonthMinor: 0, priceYearMinor: null })
    const plan = await aPlan({ fallsTo: free.id, badge: 'pro' })
    await fillWallet(user, 20_000)
    const { id } = (await ok(subscribing(user, plan.id))).body
    await passDays(id, 31)
    expect(await subscription(user, id)).toMatchObject({ status: 'past_due', isInForce: true })
    expect((await timeline(user, id)).upcoming.map(({ what }: { what: string }) => what)).toEqual([
      'attempt',
      'fall',
    ])
    await passDays(id, 1)
    await passDays(id, 3)
    const [charge] = (await timeline(user, id)).charges
    expect(charge.attempts).toMatchObject(
      Array.from({ length: charge.attempts.length }, () => ({
        outcome: 'failed',
        failureCode: 'insufficient_funds',
      })),
    )
    expect(charge.attempts.length).toBeGreaterThanOrEqual(3)
    await passDays(id, 21)
    expect(await subscription(user, id)).toMatchObject({ status: 'active', planId: free.id, priceMinor: 0 })
    expect((await timeline(user, id)).charges[1]).toMatchObject({ status: 'void', nextAttemptAt: null })
  })

  it('recovers when its owner pays, and a canceled one is not tried again', async () => {
    const [user, plan] = [await aTasker(), await aPlan()]
    await fillWallet(user, 20_000)
    const { id } = (await ok(subscribing(user, plan.id))).body
    await passDays(id, 31)
    await fillWallet(user, 20_000)
    expect((await ok(act(user, id, 'pay'))).body).toMatchObject({ status: 'active', graceUntil: null })
    expect(await codeOf(act(user, id, 'pay'))).toBe('409 nothing_to_pay')
    await passDays(id, 31)
    expect(await subscription(user, id)).toMatchObject({ status: 'past_due' })
    await ok(act(user, id, 'cancel', { when: 'period_end' }))
    expect(await subscription(user, id)).toMatchObject({ status: 'ended', endReason: 'canceled' })
    expect((await timeline(user, id)).charges[0]).toMatchObject({ status: 'void' })
    await fillWallet(user, 50_000)
    await passDays(id, 31)
    expect((await timeline(user, id)).charges).toHaveLength(3)
  })

  it('pays the difference for a better plan at once, and a cheaper one with the next period', async () => {
    const [user, plan, better] = [await aTasker(), await aPlan(), await aPlan({ priceMonthMinor: 60_000 })]
    await fillWallet(user, 200_000)
    const { id, periodStart, periodEnd } = (await ok(subscribing(user, plan.id))).body
    await passDays(id, 10)
    const query = `planId=${better.id}&cycle=month`
    const preview = (await ok(api(`/v1/subscriptions/${id}/change-preview?${query}`, { as: user }))).body
    const whole = Date.parse(periodEnd) - Date.parse(periodStart)
    const left = (Date.parse(periodEnd) - Date.now() - 10 * day) / whole
    expect(Math.abs(preview.amountMinor - 40_000 * left)).toBeLessThan(3)
    const changed = (await ok(act(user, id, 'change', { planId: better.id, cycle: 'month', when: 'now' })))
      .body
    expect(changed).toMatchObject({ planId: better.id, priceMinor: 60_000, periodEnd })
    const back = { planId: plan.id, cycle: 'month' }
    expect(await codeOf(act(user, id, 'change', { ...back, when: 'now' }))).toBe('409 change_costs_less')
    expect((await ok(act(user, id, 'change', { ...back, when: 'period_end' }))).body).toMatchObject({
      nextPlanId: plan.id,
    })
    await passDays(id, 31)
    expect(await subscription(user, id)).toMatchObject({
      planId: plan.id,
      priceMinor: 20_000,
      nextPlanId: null,
    })
  })
})
