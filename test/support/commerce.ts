import { newId } from '../../src/core/ids.ts'
import { adjust } from './adjustments.ts'
import { api, type Caller, database } from './api.ts'
import { ok, theAdmin, withKey } from './story.ts'

/** A package of five job postings in Egypt, unless the fields say otherwise. */
export async function aPackage(fields: object = {}) {
  const names = { en: 'Five job postings', ar: 'خمسة إعلانات وظائف' }
  const sale = { country: 'EG', priceMinor: 250_000, currency: 'EGP', postings: 5, validityDays: 90 }
  const body = { kind: 'job_posting', names, ...sale, ...fields }
  return (await ok(api('/v1/packages', { as: await theAdmin(), body }))).body
}

/** A code that no other coupon has. */
export const aCouponCode = (): string => `T${newId().replaceAll('-', '').slice(-16)}`

/** A coupon of 10 % unless the fields say otherwise; a rule without a code would change the prices of every other test. */
export async function aDiscount(fields: object = {}) {
  const body = {
    name: 'A tenth',
    code: aCouponCode(),
    scope: 'global',
    discountType: 'percent',
    discountValue: 1_000,
    ...fields,
  }
  return (await ok(api('/v1/discount-rules', { as: await theAdmin(), body }))).body
}

/** A tax that begins long after every test, unless the fields say otherwise. */
export async function aTax(fields: object = {}) {
  const times = { startsAt: '2090-01-01T00:00:00.000Z' }
  const body = {
    name: 'VAT 14 %',
    kind: 'vat',
    rateBasisPoints: 1_400,
    country: 'EG',
    appliesTo: ['package'],
  }
  return (await ok(api('/v1/tax-rules', { as: await theAdmin(), body: { ...body, ...times, ...fields } })))
    .body
}

/** For one package, unless a request says otherwise. */
export async function aQuote(as: Caller, fields: object = {}) {
  const items = [{ packageId: (await aPackage()).id, quantity: 1 }]
  return (await ok(api('/v1/quotes', { as, body: { country: 'EG', items, ...fields } }))).body
}

export async function anOrder(as: Caller, fields: object = {}) {
  const { id: quoteId } = await aQuote(as, fields)
  return (await ok(api('/v1/orders', { as, body: { quoteId } }))).body
}

export const fillWallet = ({ userId }: Caller, amount: number) =>
  database().write([
    adjust([
      { account: 'platform_clearing', owner: null, amount: -amount },
      { account: 'client_wallet', owner: userId, amount },
    ]),
  ])

export const payFromWallet = (as: Caller, orderId: string, headers = withKey()) =>
  api(`/v1/orders/${orderId}/payments`, { as, body: { method: 'wallet' }, headers })

export async function aPaidOrder(as: Caller, fields: object = {}) {
  const order = await anOrder(as, fields)
  await fillWallet(as, order.totalMinor)
  await ok(payFromWallet(as, order.id))
  return (await ok(api(`/v1/orders/${order.id}`, { as }))).body
}
