import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, database } from '../../../support/api.ts'
import { accept, offerTo } from '../../../support/matching.ts'
import { aClient, anAdmin, ok, pretendWorkTook, withKey } from '../../../support/story.ts'
import { aReadyTasker, aTrade, codeOf, draftOf, priceIn, type Trade } from '../../../support/work.ts'

let trade: Trade
let client: Caller
let admin: Caller

beforeAll(async () => {
  trade = await aTrade()
  client = await aClient()
  admin = await anAdmin()
})

const anAddon = async (categoryId: string, fields: object = {}): Promise<string> => {
  const names = { en: 'Sealing', ar: 'عزل' }
  const body = { categoryId, names, priceMinor: 5_000, currency: 'EGP', minutes: 20, ...fields }
  return (await ok(api('/v1/addons', { as: admin, body }))).body.id
}
const create = (fields: object, as = client) => api('/v1/tasks', { as, body: draftOf(trade, fields) })
const patch = (id: string, body: object) => api(`/v1/tasks/${id}`, { as: client, method: 'PATCH', body })

/** An amount an hour for so many minutes, rounded half up. */
const amountFor = (minutes: number, anHour: number) => Math.floor((anHour * minutes + 30) / 60)

describe('chosen add-ons', () => {
  it('are part of the estimate and the duration, at the price of the moment', async () => {
    const addonId = await anAddon(trade.id)
    const { body, headers } = await ok(create({ estMinutes: 60, addons: [{ addonId, quantity: 3 }] }))
    expect(headers.get('server-timing')).toMatch(/round-trips=1/)
    expect(body).toMatchObject({
      addons: [{ addonId, quantity: 3, priceMinor: 5_000, minutes: 20 }],
      addonsAmount: 15_000,
      addonsMinutes: 60,
      estMinutes: 60,
      estMinAmount: 10_000 + 15_000,
      estMaxAmount: 40_000 + 15_000,
      version: 1,
    })
    await ok(
      api(`/v1/addons/${addonId}`, {
        as: admin,
        method: 'PATCH',
        body: { priceMinor: 9_000 },
        headers: { 'if-match': '*' },
      }),
    )
    // Nothing was chosen anew.
    expect((await ok(patch(body.id, { estMinutes: 120 }))).body).toMatchObject({
      addonsAmount: 15_000,
      estMinAmount: 20_000 + 15_000,
      estMaxAmount: 80_000 + 15_000,
    })
    expect((await ok(patch(body.id, { addons: [{ addonId, quantity: 1 }] }))).body).toMatchObject({
      addonsAmount: 9_000,
      addonsMinutes: 20,
      estMinAmount: 29_000,
    })
    expect((await ok(patch(body.id, { addons: [] }))).body).toMatchObject({
      addons: [],
      addonsAmount: 0,
      addonsMinutes: 0,
      estMinAmount: 20_000,
    })
  })

  it('belong to the category, are offered, and are priced in the currency of the estimate', async () => {
    const good = await anAddon(trade.id)
    const child = await aTrade({ parentId: trade.id })
    const ofChild = await anAddon(child.id)
    const refused = {
      unknown: newId(),
      'of another category': await anAddon((await aTrade()).id),
      'of a subcategory that is not chosen': ofChild,
      inactive: await anAddon(trade.id, { active: false }),
      'in another currency': await anAddon(trade.id, { currency: 'NGN' }),
    }
    for (const [what, addonId] of Object.entries(refused)) {
      const addons = [good, addonId].map((id) => ({ addonId: id, quantity: 1 }))
      expect([what, await codeOf(create({ addons }))]).toEqual([what, '422 addon_refused'])
    }
    const addons = [good, ofChild].map((addonId) => ({ addonId, quantity: 1 }))
    const { id } = (await ok(create({ subcategory: child.slug, addons }))).body
    expect(await codeOf(patch(id, { subcategory: null }))).toBe('422 addon_refused')
    await priceIn(trade, 'Lagos', { minAmountMinor: 1_000, maxAmountMinor: 2_000, currency: 'NGN' })
    expect(await codeOf(patch(id, { city: 'Lagos' }))).toBe('422 addon_refused')
    expect((await ok(patch(id, { city: 'Lagos', addons: [] }))).body.currency).toBe('NGN')
    const long = await anAddon(trade.id, { minutes: 1_440 })
    expect(await codeOf(create({ addons: [{ addonId: long, quantity: 8 }] }))).toBe('422 addon_refused')
    expect(await codeOf(create({ addons: [good, good].map((addonId) => ({ addonId, quantity: 1 })) }))).toBe(
      '400 invalid_request',
    )
  })
})

describe('estimate, booking, receipt and ledger', () => {
  it('never differ by a unit where add-ons are chosen, whatever they cost and however long the work takes', async () => {
    const day = 86_400_000
    let nth = 0
    const story = fc.record({
      price: fc.integer({ min: 0, max: 99_999 }),
      minutes: fc.integer({ min: 0, max: 45 }),
      quantity: fc.integer({ min: 1, max: 4 }),
      estMinutes: fc.integer({ min: 15, max: 300 }),
      worked: fc.integer({ min: 1, max: 700 }),
      pricingModel: fc.constantFrom('hourly', 'fixed'),
      change: fc.option(fc.integer({ min: 60, max: 500 })),
    })
    await fc.assert(
      fc.asyncProperty(story, async (given) => {
        const { price, minutes, quantity, estMinutes, worked, pricingModel, change } = given
        nth += 1
        const place = await aTrade()
        const tasker = await aReadyTasker(place)
        const addonId = await anAddon(place.id, { priceMinor: price, minutes })
        const [own, addonsAmount, addonsMinutes] = [await aClient(), price * quantity, minutes * quantity]
        const startsAt = new Date(Date.now() + nth * day).toISOString()
        const fields = {
          category: place.slug,
          estMinutes,
          pricingModel,
          startsAt,
          addons: [{ addonId, quantity }],
        }
        const task = (await ok(create(fields, own))).body
        const [low, high] = [amountFor(estMinutes, 10_000), amountFor(estMinutes, 40_000)]
        expect(task).toMatchObject({ estMinAmount: low + addonsAmount, estMaxAmount: high + addonsAmount })
        await ok(api(`/v1/tasks/${task.id}/post`, { as: own, method: 'POST' }))
        const booking = (await ok(accept(tasker, (await offerTo(tasker, task.id)).id))).body
        const read = async () => (await ok(api(`/v1/bookings/${booking.id}`, { as: own }))).body
        const length = (Date.parse(booking.scheduledUntil) - Date.parse(booking.scheduledFrom)) / 60_000
        expect(length).toBe(estMinutes + addonsMinutes)
        const rate =
          pricingModel === 'fixed' ? Math.min(Math.max(amountFor(estMinutes, 20_000), low), high) : 20_000
        const labour = (agreed: number, limit: number) =>
          pricingModel === 'fixed' ? rate : Math.min(amountFor(agreed, rate), limit)
        expect((await read()).fare).toMatchObject({
          rateAmountMinor: rate,
          addonsAmountMinor: addonsAmount,
          addonsMinutes,
          estimate: {
            expectedAmountMinor: labour(estMinutes, high) + addonsAmount,
            ...(pricingModel === 'hourly' && { mostAmountMinor: high + addonsAmount }),
          },
        })
        let [agreed, limit] = [estMinutes, high]
        if (change !== null && change > addonsMinutes && change !== estMinutes + addonsMinutes) {
          const path = `/v1/bookings/${booking.id}/changes`
          const proposal = (await ok(api(path, { as: own, body: { minutes: change, reason: 'More.' } }))).body
          await ok(api(`${path}/${proposal.id}/accept`, { as: tasker, method: 'POST' }))
          const next = change - addonsMinutes
          limit = Math.max(
            Math.floor((limit * next + Math.trunc(agreed / 2)) / agreed),
            amountFor(next, rate),
          )
          agreed = next
          expect((await read()).fare.estimate.expectedAmountMinor).toBe(labour(agreed, limit) + addonsAmount)
        }
        await ok(api(`/v1/bookings/${booking.id}/confirm`, { as: own, method: 'POST' }))
        for (const move of ['start', 'complete'])
          await ok(api(`/v1/bookings/${booking.id}/${move}`, { as: tasker, method: 'POST' }))
        await pretendWorkTook({ bookingId: booking.id }, worked)
        const billed = Math.max(worked - addonsMinutes, Math.min(60, agreed))
        const fare = labour(billed, limit) + addonsAmount
        const { final } = (await read()).fare
        expect(final).toMatchObject({ amountMinor: fare })
        await ok(
          api(`/v1/bookings/${booking.id}/payment`, {
            as: own,
            body: { method: 'cash' },
            headers: withKey(),
          }),
        )
        await ok(
          api(`/v1/bookings/${booking.id}/payment/confirm-cash`, {
            as: tasker,
            method: 'POST',
            headers: withKey(),
          }),
        )
        const [books] = await database().read<Record<string, number>>(sql`
          select p.amount_captured::int as captured, khidma.fare_of(${booking.id})::int as fare,
                 khidma.share_of(khidma.fare_of(${booking.id}), b.commission_basis_points, b.commission_minimum, b.commission_maximum)::int as commission,
                 (select max(l.amount)::int from ledger_lines l join ledger_entries e on e.id = l.entry_id
                    join ledger_accounts a on a.id = l.account_id
                   where e.document_id = p.id and a.kind = 'tasker_payable' and a.owner_user_id = ${tasker.userId}) as earned,
                 (select -sum(l.amount)::int from ledger_lines l join ledger_entries e on e.id = l.entry_id
                    join ledger_accounts a on a.id = l.account_id
                   where e.document_id = p.id and a.kind = 'commission_receivable' and a.owner_user_id = ${tasker.userId}) as owed
            from payment_intents p join bookings b on b.id = p.booking_id where p.booking_id = ${booking.id}`)
        expect(books).toMatchObject({ captured: fare, fare, earned: fare, owed: books?.commission })
      }),
      { numRuns: 5 },
    )
  })

  it('shows the add-ons on the receipt', async () => {
    const tasker = await aReadyTasker(trade)
    const addonId = await anAddon(trade.id, { priceMinor: 7_777, minutes: 0 })
    const own = await aClient()
    const startsAt = new Date(Date.now() + 300 * 86_400_000).toISOString()
    const task = (await ok(create({ startsAt, estMinutes: 60, addons: [{ addonId, quantity: 1 }] }, own)))
      .body
    await ok(api(`/v1/tasks/${task.id}/post`, { as: own, method: 'POST' }))
    const booking = (await ok(accept(tasker, (await offerTo(tasker, task.id)).id))).body
    await ok(api(`/v1/bookings/${booking.id}/confirm`, { as: own, method: 'POST' }))
    for (const move of ['start', 'complete'])
      await ok(api(`/v1/bookings/${booking.id}/${move}`, { as: tasker, method: 'POST' }))
    await ok(
      api(`/v1/bookings/${booking.id}/payment`, { as: own, body: { method: 'cash' }, headers: withKey() }),
    )
    await ok(
      api(`/v1/bookings/${booking.id}/payment/confirm-cash`, {
        as: tasker,
        method: 'POST',
        headers: withKey(),
      }),
    )
    const { payment } = (await ok(api(`/v1/bookings/${booking.id}`, { as: own }))).body
    const { body } = await ok(api(`/v1/payments/${payment.id}/receipt`, { as: own }))
    expect(body).toContain('Add-ons')
    expect(body).toContain('77.77')
    expect(body).toContain('277.77')
  })
})
