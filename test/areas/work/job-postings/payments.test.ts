import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, database } from '../../../support/api.ts'
import { aPackage, fillWallet, payFromWallet } from '../../../support/commerce.ts'
import { anOpenCompany, changeMember, join } from '../../../support/companies.ts'
import { aJob, changePosting, details, draft, entitled, posting } from '../../../support/jobs.ts'
import { anAdmin, anOps, aTasker, ok, withKey } from '../../../support/story.ts'

const dayMs = 86_400_000
const inDays = (days: number) => new Date(Date.now() + days * dayMs).toISOString()
/** Whole days from now, rounded. */
const daysTo = (time: string) => Math.round((Date.parse(time) - Date.now()) / dayMs)

const creditsOf = async (as: Caller) => {
  const { held, available } = (await ok(api('/v1/me/credits', { as }))).body
  return { held, available }
}
const balanceOf = async (company: Caller, as = company) =>
  (await ok(api(`/v1/companies/${company.userId}/hiring-balance`, { as }))).body

const credited = ({ userId }: Caller, amount: number) =>
  database().write([
    sql`select khidma.grant_credits(${userId}::uuid, ${amount}::bigint, 'paid', 'order_item', ${newId()}::uuid)`,
  ])

async function anUnpaidDraft(company: Caller, fields: object = {}): Promise<string> {
  return (await ok(draft(company, company.userId, fields))).body.id
}

const extend = (as: Caller, id: string, body: object = {}) =>
  api(`/v1/job-postings/${id}/extend`, { as, body, headers: withKey() })

describe('what a job posting costs', () => {
  it('is a posting of a package where one is left: reserved, then used', async () => {
    const company = await anOpenCompany()
    await entitled(company, 'job_posting', 2)
    await credited(company, 50)
    const id = await anUnpaidDraft(company)
    const submitted = (await ok(posting(company, id, 'submit'))).body
    expect(submitted.payment).toMatchObject({
      kind: 'posting',
      method: 'entitlement',
      credits: 0,
      status: 'reserved',
    })
    expect(await balanceOf(company)).toEqual({ jobPostings: 1, contactViews: 0, credits: 50 })
    const live = (await ok(posting(await anOps(), id, 'approve'))).body
    expect(live.payment).toMatchObject({ method: 'entitlement', status: 'used' })
    expect(await balanceOf(company)).toEqual({ jobPostings: 1, contactViews: 0, credits: 50 })
  })

  it('is credits where no posting is left: held, then spent', async () => {
    const company = await anOpenCompany()
    await credited(company, 30)
    const id = await anUnpaidDraft(company)
    const submitted = (await ok(posting(company, id, 'submit'))).body
    expect(submitted.payment).toMatchObject({
      method: 'credits',
      credits: 20,
      days: 30,
      entitlementId: null,
      status: 'reserved',
    })
    expect(await creditsOf(company)).toEqual({ held: 20, available: 10 })
    await ok(posting(await anOps(), id, 'approve'))
    expect(await creditsOf(company)).toEqual({ held: 0, available: 10 })
  })

  it('is what the company chooses', async () => {
    const company = await anOpenCompany()
    await entitled(company, 'job_posting')
    const id = await anUnpaidDraft(company)
    const short = await posting(company, id, 'submit', { payWith: 'credits' })
    expect([short.status, short.body.code]).toEqual([409, 'insufficient_credits'])
    await credited(company, 20)
    expect((await ok(posting(company, id, 'submit', { payWith: 'credits' }))).body.payment.method).toBe(
      'credits',
    )
    const second = await anUnpaidDraft(company)
    await ok(posting(company, second, 'submit', { payWith: 'entitlement' }))
    const third = await posting(company, await anUnpaidDraft(company), 'submit', { payWith: 'entitlement' })
    expect([third.status, third.body.code]).toEqual([409, 'entitlement_used_up'])
  })

  it('is refused where neither reaches, and the draft stays', async () => {
    const company = await anOpenCompany()
    await credited(company, 19)
    const id = await anUnpaidDraft(company)
    const refused = await posting(company, id, 'submit')
    expect([refused.status, refused.body.code]).toEqual([409, 'job_posting_unpaid'])
    expect(refused.body.detail).toContain('20 credits')
    expect(refused.body.detail).toContain('19')
    expect((await ok(details(company, id))).body).toMatchObject({ status: 'draft', payment: null })
  })

  it.each([
    ['it is withdrawn', (company: Caller, id: string) => posting(company, id, 'withdraw')],
    [
      'it is rejected',
      async (_: Caller, id: string) => posting(await anOps(), id, 'reject', { reason: 'No.' }),
    ],
    ['it is closed', (company: Caller, id: string) => posting(company, id, 'close', {})],
    ['staff close it', async (_: Caller, id: string) => posting(await anOps(), id, 'close', {})],
    [
      'the account of its company is closed',
      async ({ userId }: Caller) => {
        await database().write([sql`select khidma.end_job_postings_of(${userId})`])
        return { status: 200, body: {} }
      },
    ],
  ])(
    'comes back where %s before it is live',
    async (_, end) => {
      const company = await anOpenCompany()
      await entitled(company, 'job_posting')
      await credited(company, 20)
      const [first, second] = [await anUnpaidDraft(company), await anUnpaidDraft(company)]
      await ok(posting(company, first, 'submit'))
      await ok(posting(company, second, 'submit'))
      expect(await balanceOf(company)).toMatchObject({ jobPostings: 0, credits: 0 })
      for (const id of [first, second]) expect((await end(company, id)).status).toBe(200)
      expect(await balanceOf(company)).toMatchObject({ jobPostings: 1, credits: 20 })
      expect((await ok(details(company, first))).body.payment.status).toBe('returned')
    },
    20_000,
  )

  it('does not come back once it was live', async () => {
    const company = await anOpenCompany()
    await entitled(company, 'job_posting')
    const id = await anUnpaidDraft(company)
    await ok(posting(company, id, 'submit'))
    await ok(posting(await anOps(), id, 'approve'))
    const closed = (await ok(posting(company, id, 'close', {}))).body
    expect(closed.payment.status).toBe('used')
    expect(await balanceOf(company)).toMatchObject({ jobPostings: 0 })
  })

  it('comes back for the time that was left where its package has ended during the review', async () => {
    const company = await anOpenCompany()
    await entitled(company, 'job_posting', 1, inDays(5))
    const id = await anUnpaidDraft(company)
    await ok(posting(company, id, 'submit'))
    await database().write([
      sql`update entitlements set valid_until = now() - interval '1 minute', valid_from = now() - interval '9 days'
           where owner_id = ${company.userId}`,
      sql`update claims set created_at = now() - interval '3 days'
           where subject in (select e.id from entitlements e where e.owner_id = ${company.userId})`,
    ])
    await ok(posting(company, id, 'withdraw'))
    expect(await balanceOf(company)).toMatchObject({ jobPostings: 1 })
    const [again] = (await ok(api('/v1/me/entitlements?usable=true', { as: company }))).body.data
    expect(daysTo(again.validUntil)).toBe(3)
  })

  it('is nothing where the price is 0', async () => {
    const body = { key: 'job_postings.price', value: { credits: 0, days: 30 }, reason: 'A test' }
    await ok(api('/v1/config/entries', { as: await anAdmin(), body: { ...body, scope: { country: 'GH' } } }))
    const company = await anOpenCompany()
    const location = { city: 'Accra', country: 'GH' }
    const id = await anUnpaidDraft(company, { location })
    expect((await ok(posting(company, id, 'submit'))).body.payment).toMatchObject({
      method: 'free',
      credits: 0,
    })
  })

  it('is paid by managers from the account of the company, and its balance is for those who hire', async () => {
    const [company, manager, dispatcher] = [await anOpenCompany(), await aTasker(), await aTasker()]
    await ok(changeMember(company, await join(company, manager), { role: 'manager' }))
    await ok(changeMember(company, await join(company, dispatcher), { role: 'dispatcher' }))
    await entitled(company, 'job_posting')
    expect(await balanceOf(company, manager)).toMatchObject({ jobPostings: 1 })
    const id = (await ok(draft(manager, company.userId))).body.id
    await ok(posting(manager, id, 'submit'))
    expect(await balanceOf(company, manager)).toMatchObject({ jobPostings: 0 })
    const path = `/v1/companies/${company.userId}/hiring-balance`
    expect((await api(path, { as: dispatcher })).status).toBe(403)
    expect((await api(path, { as: await aTasker() })).status).toBe(404)
  })
})

describe('the days of a posting', () => {
  it('are those of the package that pays', async () => {
    const company = await anOpenCompany()
    const { id: packageId } = await aPackage({ postingDays: 14 })
    const quote = { country: 'EG', items: [{ packageId, quantity: 1 }] }
    const { id: quoteId } = (await ok(api('/v1/quotes', { as: company, body: quote }))).body
    const order = (await ok(api('/v1/orders', { as: company, body: { quoteId } }))).body
    await fillWallet(company, order.totalMinor)
    await ok(payFromWallet(company, order.id))
    const id = await anUnpaidDraft(company, { closesAt: inDays(60) })
    expect((await ok(posting(company, id, 'submit'))).body.payment.days).toBe(14)
    const live = (await ok(posting(await anOps(), id, 'approve'))).body
    expect([daysTo(live.closesAt), live.closesAt]).toEqual([14, live.paidUntil])
  })

  it('are fewer where the company closes earlier, and it may change its mind', async () => {
    const company = await anOpenCompany()
    await entitled(company, 'job_posting', 1, null, 14)
    const id = await anUnpaidDraft(company, { closesAt: inDays(5) })
    await ok(posting(company, id, 'submit'))
    const live = (await ok(posting(await anOps(), id, 'approve'))).body
    expect([daysTo(live.closesAt), daysTo(live.paidUntil)]).toEqual([5, 14])
    expect((await ok(changePosting(company, id, { closesAt: inDays(13) }))).status).toBe(200)
    const beyond = await changePosting(company, id, { closesAt: inDays(20) })
    expect([beyond.status, beyond.body.code]).toEqual([409, 'job_posting_paid_until'])
  })

  it('are more where the company pays again, and never for nothing', async () => {
    const company = await anOpenCompany()
    await credited(company, 100)
    const id = await anUnpaidDraft(company)
    await ok(posting(company, id, 'submit'))
    await ok(posting(await anOps(), id, 'approve'))
    const longer = (await ok(extend(company, id))).body
    expect([daysTo(longer.closesAt), daysTo(longer.paidUntil)]).toEqual([60, 60])
    expect(longer.payment).toMatchObject({ kind: 'extension', method: 'credits', status: 'used' })
    await ok(extend(company, id))
    const enough = await extend(company, id)
    expect([enough.status, enough.body.code]).toEqual([409, 'job_posting_paid'])
    expect(await creditsOf(company)).toEqual({ held: 0, available: 40 })
  })

  it('cost again where a closed job is posted anew', async () => {
    const company = await anOpenCompany()
    await entitled(company, 'job_posting')
    const id = await anUnpaidDraft(company)
    await ok(posting(company, id, 'submit'))
    await ok(posting(await anOps(), id, 'approve'))
    const repost = () => api(`/v1/job-postings/${id}/repost`, { as: company, body: { closesAt: inDays(20) } })
    expect((await repost()).body.code).toBe('job_posting_not_closed')
    expect((await extend(company, id)).body.code).toBe('job_posting_unpaid')
    await ok(posting(company, id, 'close', {}))
    expect((await extend(company, id)).body.code).toBe('job_closed')
    const again = (await ok(repost())).body
    expect(again).toMatchObject({ status: 'draft', title: aJob().title, payment: null, paidUntil: null })
    expect(again.id).not.toBe(id)
    expect((await posting(company, again.id, 'submit')).body.code).toBe('job_posting_unpaid')
  })
})
