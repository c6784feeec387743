import { beforeEach, describe, expect, it } from 'vitest'
import { rowsOf, text } from '../../../../src/db/rows.ts'
import { api, type Caller, database, signedIn } from '../../../support/api.ts'
import { aDiscount, aPackage, fillWallet, payFromWallet } from '../../../support/commerce.ts'
import { anOpenCompany, changeMember, join, member } from '../../../support/companies.ts'
import { aTasker, ok } from '../../../support/story.ts'
import { aPlan, subscribing } from '../../../support/subscriptions.ts'
import { codeOf } from '../../../support/work.ts'

let company: Caller
let accountant: Caller
let memberId: string
beforeEach(async () => {
  ;[company, accountant] = [await anOpenCompany(), await signedIn('client')]
  memberId = await join(company, accountant, { role: 'accountant' })
})

const quote = async (as: Caller, more: object = {}) => {
  const items = [{ packageId: (await aPackage()).id, quantity: 1 }]
  return api('/v1/quotes', { as, body: { country: 'EG', items, companyId: company.userId, ...more } })
}
const place = (as: Caller, quoteId: string) => api('/v1/orders', { as, body: { quoteId } })
const read = (as: Caller, path: string) => api(path, { as })
const list = async (as: Caller, what: string) =>
  (await ok(read(as, `/v1/companies/${company.userId}/${what}`))).body.data

/** A paid order of the company, bought by its accountant. */
const bought = async () => {
  const order = (await ok(place(accountant, (await ok(quote(accountant))).body.id))).body
  await fillWallet(company, 250_000)
  await ok(payFromWallet(accountant, order.id))
  return order
}

describe('a member who buys for a company', () => {
  it('asks, orders and pays from its wallet; what it gives is the company’s', async () => {
    const { id } = await bought()
    const order = (await ok(read(accountant, `/v1/orders/${id}`))).body
    expect(order).toMatchObject({ status: 'completed', userId: company.userId })
    expect(await list(accountant, 'orders')).toMatchObject([{ id }])
    expect(await list(accountant, 'entitlements')).toMatchObject([{ left: 5, documentId: id }])
    expect(await list(accountant, 'invoices')).toMatchObject([{ documentId: id, buyerId: company.userId }])
    expect((await ok(read(accountant, '/v1/me/entitlements'))).body.data).toEqual([])
    expect((await ok(read(accountant, '/v1/orders'))).body.data).toEqual([])
    expect((await ok(read(company, '/v1/orders'))).body.data).toMatchObject([{ id }])
    const payment = (await ok(read(accountant, `/v1/payments/${order.paymentId}`))).body
    expect(payment).toMatchObject({ payerId: company.userId, status: 'captured' })
    const [invoice] = await list(accountant, 'invoices')
    expect((await ok(read(accountant, `/v1/invoices/${invoice.id}`))).body.id).toBe(invoice.id)
  })

  it('is on record with what they did', async () => {
    const { id } = await bought()
    const actors = await database().read(rowsOf({ who: text })`
      select distinct l.actor_user_id::text as who from audit_log l where l.target_type = 'orders' and l.target_id = ${id}`)
    expect(actors).toEqual([{ who: accountant.userId }])
  })

  it('goes on with what a colleague has begun, and cancels it', async () => {
    const manager = await signedIn('client')
    await join(company, manager, { role: 'manager' })
    const order = (await ok(place(manager, (await ok(quote(accountant))).body.id))).body
    expect(order.allowedActions[0]).toMatchObject({ action: 'cancel', allowed: true })
    const canceled = await ok(api(`/v1/orders/${order.id}/cancel`, { as: accountant, method: 'POST' }))
    expect(canceled.body.status).toBe('canceled')
  })

  it('uses the coupons of the company, however many buy for it', async () => {
    const { code } = await aDiscount({ perPersonLimit: 1 })
    await ok(place(accountant, (await ok(quote(accountant, { couponCode: code }))).body.id))
    expect(await codeOf(quote(company, { couponCode: code }))).toBe('422 coupon_used_by_you')
    await ok(quote(accountant, { couponCode: code, companyId: null }))
  })
})

describe('others', () => {
  it.each(['quotes', 'orders', 'entitlements', 'invoices'])(
    'of the company are refused its %s, and strangers find none',
    async (what) => {
      const tasker = await aTasker()
      await join(company, tasker, { role: 'tasker' })
      const asking = (as: Caller) =>
        what === 'quotes' ? quote(as) : read(as, `/v1/companies/${company.userId}/${what}`)
      expect(await codeOf(asking(tasker))).toBe('403 forbidden')
      expect(await codeOf(asking(await signedIn('client')))).toBe('404 not_found')
    },
  )

  it('cannot place, pay, read or cancel what is bought for it', async () => {
    const { id: quoteId } = (await ok(quote(accountant))).body
    const order = (await ok(place(accountant, (await ok(quote(accountant))).body.id))).body
    const tasker = await aTasker()
    await join(company, tasker, { role: 'tasker' })
    await fillWallet(company, 250_000)
    expect(await codeOf(place(tasker, quoteId))).toBe('403 forbidden')
    expect(await codeOf(payFromWallet(tasker, order.id))).toBe('403 forbidden')
    const stranger = await signedIn('client')
    const refusals = [
      [tasker, '403 forbidden'],
      [stranger, '404 not_found'],
    ] as const
    for (const [as, refusal] of refusals) {
      expect(await codeOf(read(as, `/v1/orders/${order.id}`))).toBe(refusal)
      expect(await codeOf(read(as, `/v1/quotes/${quoteId}`))).toBe(refusal)
      expect(await codeOf(api(`/v1/orders/${order.id}/cancel`, { as, method: 'POST' }))).toBe(refusal)
    }
    expect(await codeOf(place(stranger, quoteId))).toBe('404 not_found')
    expect(await codeOf(payFromWallet(stranger, order.id))).toBe('404 not_found')
  })

  it('are refused one payment or invoice of what was bought, and its subscription', async () => {
    const { id } = await bought()
    const { paymentId } = (await ok(read(accountant, `/v1/orders/${id}`))).body
    const [invoice] = await list(accountant, 'invoices')
    const subscription = (await ok(subscribing(company, (await aPlan({ priceMonthMinor: 0 })).id))).body
    const [tasker, stranger] = [await aTasker(), await aTasker()]
    await join(company, tasker, { role: 'dispatcher' })
    const paths = [
      `/v1/payments/${paymentId}`,
      `/v1/invoices/${invoice.id}`,
      `/v1/subscriptions/${subscription.id}`,
    ]
    for (const path of paths) {
      expect([path, await codeOf(read(tasker, path))]).toEqual([path, '403 forbidden'])
      expect([path, await codeOf(read(stranger, path))]).toEqual([path, '404 not_found'])
    }
    for (const all of ['/v1/payments', '/v1/orders', '/v1/me/invoices', '/v1/me/subscriptions'])
      expect((await ok(read(tasker, all))).body.data).toEqual([])
  })

  it('whose role has changed, or who has left, buy no more', async () => {
    const order = (await ok(place(accountant, (await ok(quote(accountant))).body.id))).body
    await fillWallet(company, 250_000)
    await ok(changeMember(company, memberId, { role: 'dispatcher' }))
    expect(await codeOf(payFromWallet(accountant, order.id))).toBe('403 forbidden')
    await ok(member(company, memberId, 'remove', {}))
    expect(await codeOf(payFromWallet(accountant, order.id))).toBe('404 not_found')
    const wallet = await database().read(rowsOf({ n: text })`
      select khidma.available('client_wallet', ${company.userId}::uuid, 'EGP')::text as n`)
    expect(wallet).toEqual([{ n: '250000' }])
  })
})
