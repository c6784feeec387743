import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { api, database, signedIn } from '../../../support/api.ts'
import { accept, offersOf, offerTo } from '../../../support/matching.ts'
import { ok } from '../../../support/story.ts'
import { aReadyTasker, aTrade, codeOf, post } from '../../../support/work.ts'

const inNaira = { amount: 500_000, currency: 'NGN' }
const profilePath = '/v1/me/tasker-profile'

describe('a task', () => {
  it('is offered only to taskers with a rate in its currency or without one', async () => {
    const trade = await aTrade()
    const [client, foreign, local, any] = await Promise.all([
      signedIn('client'),
      aReadyTasker(trade, { rate: inNaira }),
      aReadyTasker(trade),
      aReadyTasker(trade, { rate: null }),
    ])
    const taskId = await post(client, trade)
    await offerTo(local, taskId)
    await offerTo(any, taskId)
    expect(await offersOf(foreign)).toEqual([])
    const [{ candidates }] = (await database().read<{ candidates: string[] }>(
      sql`select json_agg(c.tasker_id) as candidates from task_candidates c where c.task_id = ${taskId}`,
    )) as [{ candidates: string[] }]
    expect(candidates.sort()).toEqual([local.userId, any.userId].sort())
  })

  it('is offered to taskers who changed their rate to its currency', async () => {
    const trade = await aTrade()
    const [client, tasker] = await Promise.all([signedIn('client'), aReadyTasker(trade, { rate: inNaira })])
    const hourlyRate = { amount: 20_000, currency: 'EGP' }
    await ok(api(profilePath, { as: tasker, method: 'PATCH', body: { hourlyRate } }))
    const offer = await offerTo(tasker, await post(client, trade))
    expect((await ok(accept(tasker, offer.id))).body).toMatchObject({
      agreedRateAmount: 20_000,
      agreedRateCurrency: 'EGP',
    })
  })

  it('cannot be accepted at a rate changed to another currency since the offer', async () => {
    const trade = await aTrade()
    const [client, tasker] = await Promise.all([signedIn('client'), aReadyTasker(trade)])
    const offer = await offerTo(tasker, await post(client, trade))
    await ok(api(profilePath, { as: tasker, method: 'PATCH', body: { hourlyRate: inNaira } }))
    expect(await codeOf(accept(tasker, offer.id))).toBe('422 rate_currency_refused')
    const [still] = await offersOf(tasker)
    expect(still).toMatchObject({ id: offer.id, status: 'pending' })
    await ok(api(profilePath, { as: tasker, method: 'PATCH', body: { hourlyRate: null } }))
    expect((await ok(accept(tasker, offer.id))).body).toMatchObject({ agreedRateCurrency: 'EGP' })
  })

  it('has the currency of its band in estimate and booking', async () => {
    const trade = await aTrade()
    await database().write([sql`update pricing_bands set currency = 'NGN' where category_id = ${trade.id}`])
    const [client, tasker] = await Promise.all([signedIn('client'), aReadyTasker(trade, { rate: inNaira })])
    const offer = await offerTo(tasker, await post(client, trade))
    expect(offer.task.currency).toBe('NGN')
    expect((await ok(accept(tasker, offer.id))).body).toMatchObject({ agreedRateCurrency: 'NGN' })
  })
})

describe('a rate', () => {
  const application = (slug: string, hourlyRate: object) => ({
    categories: [slug],
    serviceArea: { lat: 30.0444, lng: 31.2357, radiusKm: 10 },
    hourlyRate,
  })
  const at = (country: string | null, userId: string) =>
    database().write([sql`update users set country = ${country}::text where id = ${userId}`])

  it('is refused in a currency other than that of the tasker’s country', async () => {
    const { slug } = await aTrade()
    const tasker = await signedIn('client')
    await at('EG', tasker.userId)
    const refused = await api(profilePath, { as: tasker, body: application(slug, inNaira) })
    expect([refused.status, refused.body.code]).toEqual([422, 'rate_currency_refused'])
    expect(refused.body.errors).toMatchObject([{ pointer: '/hourlyRate' }])
    expect((await api(profilePath, { as: tasker })).body.code).toBe('not_a_tasker')

    await ok(api(profilePath, { as: tasker, body: application(slug, { amount: 20_000, currency: 'EGP' }) }))
    const changed = api(profilePath, { as: tasker, method: 'PATCH', body: { hourlyRate: inNaira } })
    expect(await codeOf(changed)).toBe('422 rate_currency_refused')
    expect((await ok(api(profilePath, { as: tasker }))).body.hourlyRate.currency).toBe('EGP')
  })

  it('is accepted where the country is unknown or not served', async () => {
    const { slug } = await aTrade()
    for (const country of [null, 'FR']) {
      const tasker = await signedIn('client')
      await at(country, tasker.userId)
      await ok(api(profilePath, { as: tasker, body: application(slug, inNaira) }))
    }
  })
})
