import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { api, type Caller, database } from '../../../support/api.ts'
import { aTax } from '../../../support/commerce.ts'
import { aContract, deliver } from '../../../support/contracts.ts'
import { anAdmin, anOps, ok, withKey } from '../../../support/story.ts'
import { invoiceAll } from './scene.ts'

let rule: { id: string }
beforeAll(async () => {
  rule = await aTax({
    name: 'TCS 1 %',
    kind: 'tcs',
    rateBasisPoints: 100,
    appliesTo: ['service'],
    startsAt: undefined,
  })
})
afterAll(async () => {
  await ok(api(`/v1/tax-rules/${rule.id}/retire`, { as: await anAdmin(), method: 'POST' }))
})

const withheldFrom = async (as: Caller) => (await ok(api('/v1/me/tax-withholdings', { as }))).body.data
const periodOf = async (as: Caller) => {
  const day = new Date().toISOString().slice(0, 10)
  const around = (days: number) => new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10)
  const path = `/v1/me/earnings?from=${around(-1)}&to=${around(1)}&by=month`
  const { periods } = (await ok(api(path, { as }))).body
  return periods.reduce(
    (sum: number, period: { withheldTaxAmount: number }) => sum + period.withheldTaxAmount,
    0,
  )
}

describe('tax collected at source of a milestone', () => {
  it('is shown to who earned it and to staff, and to nobody else', async () => {
    const story = await aContract({ amounts: [10_000] })
    await deliver(story, 0)
    expect(await withheldFrom(story.tasker)).toMatchObject([
      {
        kind: 'withheld',
        bookingId: story.bookingId,
        documentType: 'milestone',
        name: 'TCS 1 %',
        rateBasisPoints: 100,
        grossAmount: 10_000,
        baseAmount: 10_000,
        amount: 100,
      },
    ])
    expect(await withheldFrom(story.client)).toEqual([])
    expect(await periodOf(story.tasker)).toBe(100)
    const all = `/v1/tax-withholdings?bookingId=${story.bookingId}`
    const ops = await anOps()
    expect((await ok(api(all, { as: ops }))).body.data).toHaveLength(1)
    const seen = sql`select subject_user_id as subject from audit_log where actor_user_id = ${ops.userId} and action = 'taxWithholdings.list'`
    expect(await database().read(seen)).toEqual([{ subject: story.tasker.userId }])
    expect((await api(all, { as: story.tasker })).status).toBe(403)
    await invoiceAll()
    const fareOf = async (as: Caller, side: string) =>
      (await ok(api(`/v1/me/invoices?side=${side}&bookingId=${story.bookingId}`, { as }))).body.data[0]
    expect(await fareOf(story.tasker, 'supplier')).toMatchObject({
      totalAmount: 10_000,
      withheldTaxAmount: 100,
    })
    expect(await fareOf(story.client, 'buyer')).toMatchObject({
      totalAmount: 10_000,
      withheldTaxAmount: null,
    })
  })

  it('comes back with a refund, and leaves the period', async () => {
    const story = await aContract({ amounts: [10_000] })
    await deliver(story, 0)
    const { data } = (await ok(api('/v1/payments?purpose=contract', { as: story.client }))).body
    const body = { amountMinor: 2_500, reason: 'requested' }
    await ok(api(`/v1/payments/${data[0].id}/refunds`, { as: await anAdmin(), body, headers: withKey() }))
    expect(await withheldFrom(story.tasker)).toMatchObject([
      { kind: 'returned', documentType: 'refund', amount: 25, baseAmount: null },
      { kind: 'withheld', amount: 100 },
    ])
    expect(await periodOf(story.tasker)).toBe(75)
  })
})
