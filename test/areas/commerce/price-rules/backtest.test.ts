import { beforeAll, expect, it } from 'vitest'
import { api, type Caller, signedIn } from '../../../support/api.ts'
import { aDiscount, anOrder, aPackage, aPaidOrder } from '../../../support/commerce.ts'
import { anAdmin, ok } from '../../../support/story.ts'

let admin: Caller
let packageId: string
let items: object[]
beforeAll(async () => {
  admin = await anAdmin()
  packageId = (await aPackage()).id
  items = [{ packageId, quantity: 1 }]
})

const backtest = async (fields: object) => {
  const draft = {
    name: 'Draft',
    scope: 'package',
    scopeId: packageId,
    discountType: 'percent',
    discountValue: 2_000,
  }
  const { body } = await ok(api('/v1/discount-rule-backtests', { as: admin, body: { ...draft, ...fields } }))
  return { ...body, ...body.currencies.find(({ currency }: { currency: string }) => currency === 'EGP') }
}

it('a draft is tried on the orders that were paid, and nothing is written', async () => {
  const [one, two] = [await signedIn('client'), await signedIn('client')]
  const coupon = await aDiscount({ priority: 5 })
  await aPaidOrder(one, { items })
  await aPaidOrder(one, { items })
  await aPaidOrder(two, { items, couponCode: coupon.code })
  await anOrder(two, { items })
  const found = await backtest({ fundedBy: 'partner', partner: 'A bank' })
  expect(found).toMatchObject({ days: 30, fundedBy: 'partner', uptake: 3, buyers: 2, costMinor: 150_000 })
  // The coupon comes after the draft, and takes a tenth of what that has left.
  expect(found.conflicts).toEqual([{ ruleId: coupon.id, name: coupon.name, orders: 1, takenMinor: 5_000 }])
  expect(found.totalBeforeMinor - found.totalAfterMinor).toBe(145_000)
  expect(await backtest({ perPersonLimit: 1 })).toMatchObject({ uptake: 2, costMinor: 100_000 })
  expect(await backtest({ usageLimit: 1 })).toMatchObject({ uptake: 1 })
  expect(await backtest({ budgetMinor: 100_000, currency: 'EGP' })).toMatchObject({ uptake: 2 })
  expect(await backtest({ minOrderMinor: 260_000, currency: 'EGP' })).toMatchObject({ uptake: 0, almost: 3 })
  // Whoever named a coupon names no other.
  expect(await backtest({ code: 'A-DRAFT' })).toMatchObject({ uptake: 2, conflicts: [] })
  const { data } = (await ok(api('/v1/discount-rules?code=A-DRAFT', { as: admin }))).body
  expect(data).toEqual([])
})
