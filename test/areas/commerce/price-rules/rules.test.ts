import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { json, rowsOf } from '../../../../src/db/rows.ts'
import { api, type Caller, database, signedIn } from '../../../support/api.ts'
import { aCouponCode, aDiscount, aPackage, aTax } from '../../../support/commerce.ts'
import { anAdmin, ok } from '../../../support/story.ts'
import { aTrade, codeOf } from '../../../support/work.ts'

let admin: Caller
beforeAll(async () => {
  admin = await anAdmin()
})

const create = (fields: object) =>
  api('/v1/discount-rules', {
    as: admin,
    body: {
      name: 'Sale',
      code: aCouponCode(),
      scope: 'global',
      discountType: 'percent',
      discountValue: 1_000,
      ...fields,
    },
  })
const change = (path: string, body: object) =>
  api(path, { as: admin, method: 'PATCH', body, headers: { 'if-match': '*' } })

/** Price of one package in Egypt, with a coupon. */
async function priceOf(
  coupon: string | null,
  { user = newId(), at = new Date(), item = newId(), category = null as string | null } = {},
) {
  const line = { line: 1, kind: 'package', itemId: item, name: 'Postings', quantity: 1, unitPrice: 10_000 }
  const lines = JSON.stringify([category ? { ...line, categoryId: category } : line])
  const rows = await database().read(rowsOf({ price: json() })`
    select khidma.price_of(${lines}::jsonb, ${user}::uuid, 'EG', 'EGP', ${coupon}, ${at.toISOString()}::timestamptz) as price`)
  return rows[0]?.price as {
    discount: number
    coupon: { state: string }
    tax: number
    taxes: { ruleId: string }[]
  }
}

describe('a discount rule', () => {
  it('has a code that no other has, in any case', async () => {
    const code = aCouponCode()
    const { body } = await ok(create({ code }))
    expect(body).toMatchObject({ code, uses: 0, budgetMinor: null, fundedBy: 'platform', version: 1 })
    expect(await codeOf(create({ code: code.toLowerCase() }))).toBe('409 already_exists')
    const { data } = (await ok(api(`/v1/discount-rules?code=${code.toLowerCase()}`, { as: admin }))).body
    expect(data.map(({ id }: { id: string }) => id)).toEqual([body.id])
  })

  it.each([
    ['a percentage above 100', { discountValue: 10_001 }, 'discount_value'],
    ['an amount without a currency', { discountType: 'flat' }, 'discount_currency'],
    ['a minimum without a currency', { minOrderMinor: 5 }, 'discount_currency'],
    ['a partner without a name', { fundedBy: 'partner' }, 'discount_funder'],
    [
      'an end before the beginning',
      { startsAt: '2030-01-02T00:00:00Z', endsAt: '2030-01-01T00:00:00Z' },
      'rule_period',
    ],
    ['a scope that is not there', { scope: 'package', scopeId: newId() }, 'unknown_scope'],
    ['a scope without an id', { scope: 'category' }, 'unknown_scope'],
  ])('refuses %s', async (_what, fields, code) => {
    expect(await codeOf(create(fields))).toBe(`422 ${code}`)
  })

  it('refuses that taskers fund a discount on a package', async () => {
    const { id } = await aPackage()
    expect(await codeOf(create({ scope: 'package', scopeId: id, fundedBy: 'tasker' }))).toBe(
      '422 discount_funder',
    )
  })

  it('keeps every version of itself, for the documents that name it', async () => {
    const { id, version } = await aDiscount()
    await ok(change(`/v1/discount-rules/${id}`, { discountValue: 2_000, budgetMinor: 9_000 }))
    const { data } = (await ok(api(`/v1/discount-rules/${id}/versions`, { as: admin }))).body
    expect(data).toMatchObject([
      { version: version + 1, terms: { discount_value: 2_000 }, changedBy: admin.userId },
      { version, terms: { discount_value: 1_000 } },
    ])
    const rewritten = database().write([
      sql`update price_rule_versions set terms = '{}' where rule_id = ${id}`,
    ])
    await expect(rewritten).rejects.toThrow()
  })

  it('takes a budget away and gives one, and stays as it is once it is retired', async () => {
    const { id } = await aDiscount({ budgetMinor: 5_000, currency: 'EGP' })
    expect((await ok(change(`/v1/discount-rules/${id}`, { budgetMinor: null }))).body).toMatchObject({
      budgetMinor: null,
      spentMinor: null,
    })
    expect((await ok(change(`/v1/discount-rules/${id}`, { budgetMinor: 700 }))).body).toMatchObject({
      budgetMinor: 700,
      spentMinor: 0,
    })
    const retired = (await ok(api(`/v1/discount-rules/${id}/retire`, { as: admin, method: 'POST' }))).body
    expect(retired).toMatchObject({ active: false, retiredAt: expect.any(String) })
    expect(await codeOf(change(`/v1/discount-rules/${id}`, { name: 'New' }))).toBe('409 price_rule_retired')
  })
})

describe('a coupon', () => {
  it('applies in any case, within its time, while it is switched on', async () => {
    const startsAt = new Date(Date.now() - 9_000_000).toISOString()
    const { id, code } = await aDiscount({ startsAt, endsAt: new Date(Date.now() + 3_600_000).toISOString() })
    expect(await priceOf(` ${code.toLowerCase()} `)).toMatchObject({
      discount: 1_000,
      coupon: { state: 'applied' },
    })
    expect((await priceOf(code, { at: new Date(Date.now() + 7_200_000) })).coupon.state).toBe('ended')
    expect((await priceOf(code, { at: new Date(Date.now() - 10_000_000) })).coupon.state).toBe('not_started')
    expect((await priceOf(aCouponCode())).coupon.state).toBe('unknown')
    expect(await priceOf(null)).toMatchObject({ coupon: null })
    await ok(change(`/v1/discount-rules/${id}`, { active: false }))
    expect(await priceOf(code)).toMatchObject({ discount: 0, coupon: { state: 'ended' } })
  })

  it('of another country or currency is unknown', async () => {
    const { code } = await aDiscount({ country: 'NG' })
    expect((await priceOf(code)).coupon.state).toBe('unknown')
  })

  it('is for its category with all below it', async () => {
    const trade = await aTrade()
    const names = { en: 'Below', ar: 'أسفل' }
    const below = (
      await ok(
        api('/v1/categories', { as: admin, body: { slug: `below-${newId()}`, names, parentId: trade.id } }),
      )
    ).body
    const { code } = await aDiscount({ scope: 'category', scopeId: trade.id })
    expect((await priceOf(code, { category: below.id })).discount).toBe(1_000)
    expect((await priceOf(code)).coupon.state).toBe('not_applicable')
  })

  it('takes no more than is left of its budget', async () => {
    const { code } = await aDiscount({ budgetMinor: 700, currency: 'EGP' })
    expect((await priceOf(code)).discount).toBe(700)
  })

  it('is reserved for an order, then used, or returned for the next', async () => {
    const { id, code } = await aDiscount({
      usageLimit: 2,
      perPersonLimit: 1,
      budgetMinor: 1_500,
      currency: 'EGP',
    })
    const [one, two] = [await signedIn('client'), await signedIn('client')]
    const reserve = async (by: Caller, order: string) => {
      const price = await priceOf(code, { user: by.userId })
      const until = new Date(Date.now() + 3_600_000).toISOString()
      await database().write([
        sql`select khidma.reserve_discounts(${order}::uuid, ${by.userId}::uuid, ${JSON.stringify(price)}::jsonb, ${until}::timestamptz)`,
      ])
    }
    const settle = (order: string, status: string) =>
      database().write([sql`select khidma.settle_discounts(${order}::uuid, ${status}::claim_status)`])
    const rule = async () => (await ok(api(`/v1/discount-rules/${id}`, { as: admin }))).body
    const [first, second] = [newId(), newId()]
    await reserve(one, first)
    expect(await priceOf(code, { user: one.userId })).toMatchObject({
      discount: 0,
      coupon: { state: 'used_by_you' },
    })
    await settle(first, 'used')
    await settle(first, 'used')
    await reserve(two, second)
    expect(await rule()).toMatchObject({ uses: 2, spentMinor: 1_500 })
    expect((await priceOf(code)).coupon.state).toBe('used_up')
    expect(await codeOf(change(`/v1/discount-rules/${id}`, { budgetMinor: 1_499 }))).toBe('409 budget_spent')
    await settle(second, 'returned')
    expect(await rule()).toMatchObject({ uses: 1, spentMinor: 1_000 })
    expect((await priceOf(code, { user: two.userId })).discount).toBe(500)
    const { data } = (await ok(api(`/v1/discount-rules/${id}/uses`, { as: admin }))).body
    expect(data).toMatchObject([
      { orderId: second, userId: two.userId, amountMinor: 500, status: 'returned' },
      { orderId: first, userId: one.userId, amountMinor: 1_000, status: 'used' },
    ])
  })
})

describe('a tax rule', () => {
  it('taxes what it names, in its country and time, and keeps its versions', async () => {
    const trade = await aTrade()
    const { id } = await aTax({ categoryId: trade.id, startsAt: undefined })
    expect((await priceOf(null, { category: trade.id })).taxes).toMatchObject([{ ruleId: id }])
    expect((await priceOf(null)).taxes).toEqual([])
    expect((await ok(change(`/v1/tax-rules/${id}`, { rateBasisPoints: 500 }))).body).toMatchObject({
      rateBasisPoints: 500,
      version: 2,
    })
    expect((await priceOf(null, { category: trade.id })).tax).toBe(500)
    await ok(api(`/v1/tax-rules/${id}/retire`, { as: admin, method: 'POST' }))
    expect((await priceOf(null, { category: trade.id })).taxes).toEqual([])
    const { data } = (await ok(api(`/v1/tax-rules/${id}/versions`, { as: admin }))).body
    expect(data.map(({ version }: { version: number }) => version)).toEqual([3, 2, 1])
  })

  it('that is collected at source is never inclusive', async () => {
    const body = {
      name: 'TCS',
      kind: 'tcs',
      rateBasisPoints: 100,
      country: 'IN',
      appliesTo: ['package'],
      inclusive: true,
    }
    expect(await codeOf(api('/v1/tax-rules', { as: admin, body }))).toBe('422 tax_inclusive')
  })
})

describe('a tax on what is agreed on as a whole', () => {
  it.each(['service', 'fee', 'commission'])('is within the price: %s', async (kind) => {
    const { id: categoryId } = await aTrade()
    const body = {
      name: 'VAT',
      kind: 'vat',
      rateBasisPoints: 1_400,
      country: 'EG',
      categoryId,
      appliesTo: [kind],
    }
    expect(await codeOf(api('/v1/tax-rules', { as: admin, body }))).toBe('422 tax_not_inclusive')
    const { id } = (await ok(api('/v1/tax-rules', { as: admin, body: { ...body, inclusive: true } }))).body
    await ok(api(`/v1/tax-rules/${id}/retire`, { as: admin, method: 'POST' }))
  })

  it('is withheld of fares and fees where it is collected at source, and of commission there is none', async () => {
    const body = (appliesTo: string[]) => ({
      name: 'TCS 1 %',
      kind: 'tcs',
      rateBasisPoints: 100,
      country: 'IN',
      appliesTo,
      active: false,
    })
    await ok(api('/v1/tax-rules', { as: admin, body: body(['package', 'service', 'fee']) }))
    expect(await codeOf(api('/v1/tax-rules', { as: admin, body: body(['service', 'commission']) }))).toBe(
      '422 tax_not_inclusive',
    )
  })

  it('cannot come to a rule that adds its tax', async () => {
    const { id } = await aTax({ categoryId: (await aTrade()).id })
    expect(await codeOf(change(`/v1/tax-rules/${id}`, { appliesTo: ['package', 'fee'] }))).toBe(
      '422 tax_not_inclusive',
    )
  })
})

describe('a tax status', () => {
  const put = (as: Caller, taxId: string | null) =>
    api('/v1/me/tax-details', {
      as,
      method: 'PUT',
      body: { legalName: null, taxId, address: null, country: 'IN', region: 'Karnataka' },
    })
  const set = (userId: string, status: string) =>
    api(`/v1/users/${userId}/tax-status`, { as: admin, method: 'PUT', body: { status } })

  it('is registered by its number, and exempt by staff until the number changes', async () => {
    const buyer = await signedIn('client')
    const own = () => api('/v1/me/tax-details', { as: buyer })
    expect((await ok(own())).body).toMatchObject({ status: 'ordinary', region: null })
    expect((await ok(put(buyer, '29AAB'))).body).toMatchObject({ status: 'registered', region: 'Karnataka' })
    await ok(set(buyer.userId, 'exempt'))
    expect((await ok(own())).body).toMatchObject({ status: 'exempt', taxId: '29AAB' })
    expect((await ok(put(buyer, '29AAB'))).body.status).toBe('exempt')
    expect((await ok(put(buyer, '29AAC'))).body.status).toBe('registered')
    expect((await ok(put(buyer, null))).body.status).toBe('ordinary')
    expect(await codeOf(set(buyer.userId, 'registered'))).toBe('409 tax_number_missing')
  })

  it('frees the exempt of the taxes that exempt them', async () => {
    const [trade, buyer] = [await aTrade(), await signedIn('client')]
    await aTax({ categoryId: trade.id, startsAt: undefined, exempts: ['exempt'] })
    const taxed = async () => (await priceOf(null, { user: buyer.userId, category: trade.id })).tax
    expect(await taxed()).toBe(1_400)
    await ok(set(buyer.userId, 'exempt'))
    expect(await taxed()).toBe(0)
  })
})
