import { beforeAll, expect, it } from 'vitest'
import {
  closePosting,
  createPosting,
  decidePosting,
  extendPosting,
  submitPosting,
  withdrawPosting,
} from '../../src/areas/work/job-postings/postings.ts'
import { newId } from '../../src/core/ids.ts'
import { companyWorld, posting, type User } from '../support/company-world.ts'
import { count, outcomeOf, times } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'

describeReal('what job postings cost, from many connections at once', () => {
  const { as, query, aUser, aCompany, entitle } = companyWorld()
  let ops: User
  beforeAll(async () => {
    ops = await aUser({ role: 'ops' })
  })

  async function aBuyer(entitlements: number, credits: number): Promise<User> {
    const company = await aCompany()
    if (entitlements > 0) await entitle(company, 'job_posting', entitlements)
    if (credits > 0)
      await query(`select khidma.grant_credits($1, $2, 'paid', 'order_item', $3)`, [
        company.id,
        credits,
        newId(),
      ])
    return company
  }

  async function drafts(company: User, number: number): Promise<string[]> {
    const made: string[] = []
    for (let n = 0; n < number; n += 1) {
      const closesAt = new Date(Date.now() + 86_400_000).toISOString()
      made.push((await createPosting(as(company), company.id, { ...posting, questions: [], closesAt })).id)
    }
    return made
  }

  const leftOf = async (company: User) =>
    (
      await query<{ entitlements: number; credits: number; held: number }>(
        `select (select coalesce(sum(khidma.entitlement_left(e)), 0)::int from entitlements e where e.owner_id = $1) as entitlements,
                (select coalesce(sum(s.remaining), 0)::int from khidma.spendable_credits($1, 'job_postings') s) as credits,
                (select coalesce(sum(h.amount), 0)::int from ledger_holds h join ledger_accounts a on a.id = h.account_id
                  where a.owner_user_id = $1 and h.status = 'held') as held`,
        [company.id],
      )
    )[0]

  it('the last posting of a package pays for one of many drafts', async () => {
    for (let round = 0; round < 4; round += 1) {
      const company = await aBuyer(1, 0)
      const ids = await drafts(company, 8)
      const outcomes = await Promise.all(ids.map((id) => outcomeOf(submitPosting(as(company), id, null))))
      expect(count(outcomes)).toEqual({ ok: 1, job_posting_unpaid: 7 })
      expect(await leftOf(company)).toEqual({ entitlements: 0, credits: 0, held: 0 })
    }
  })

  it('the last credits pay for one of many drafts, beside the last posting of a package', async () => {
    for (let round = 0; round < 4; round += 1) {
      const company = await aBuyer(1, 39)
      const ids = await drafts(company, 8)
      const outcomes = await Promise.all(ids.map((id) => outcomeOf(submitPosting(as(company), id, null))))
      expect(count(outcomes)).toEqual({ ok: 2, job_posting_unpaid: 6 })
      expect(await leftOf(company)).toEqual({ entitlements: 0, credits: 19, held: 20 })
    }
  })

  it('a draft that is submitted many times at once pays once', async () => {
    const company = await aBuyer(5, 100)
    const [id = ''] = await drafts(company, 1)
    const outcomes = await times(8, () => outcomeOf(submitPosting(as(company), id, null)))
    expect(count(outcomes)).toEqual({ ok: 1, invalid_transition: 7 })
    expect(await leftOf(company)).toEqual({ entitlements: 4, credits: 100, held: 0 })
  })

  it.each(['entitlement', 'credits'] as const)(
    'a withdrawal, a rejection, an approval and a close at once leave %s used or returned, never both',
    async (method) => {
      for (let round = 0; round < 6; round += 1) {
        const company = await aBuyer(1, 20)
        const [id = ''] = await drafts(company, 1)
        await submitPosting(as(company), id, method)
        const outcomes = await Promise.all([
          outcomeOf(withdrawPosting(as(company), id)),
          outcomeOf(decidePosting(as(ops), id, null, null)),
          outcomeOf(decidePosting(as(ops), id, 'No.', null)),
          outcomeOf(closePosting(as(company), id, { endApplications: false })),
        ])
        expect(outcomes.filter((outcome) => outcome === 'ok').length).toBeGreaterThan(0)
        const rows = await query<{ status: string; is_live: boolean }>(
          `select x.status, j.live_at is not null as is_live from job_postings j join job_posting_payments x on x.posting_id = j.id where j.id = $1`,
          [id],
        )
        expect(rows).toHaveLength(1)
        const [row] = rows
        expect(row?.status).toBe(row?.is_live ? 'used' : 'returned')
        const left = await leftOf(company)
        const whole = method === 'entitlement' ? left?.entitlements === 1 : left?.credits === 20
        expect([whole, left?.held]).toEqual([!row?.is_live, 0])
      }
    },
  )

  it('extensions of one posting at once pay as often as they succeed, and no further than is allowed', async () => {
    const company = await aBuyer(1, 500)
    const [id = ''] = await drafts(company, 1)
    await submitPosting(as(company), id, null)
    await query(`update job_postings set status = 'live' where id = $1`, [id])
    const outcomes = await times(8, () => outcomeOf(extendPosting(as(company), id, null)))
    expect(count(outcomes)).toEqual({ ok: 2, job_posting_paid: 6 })
    expect(await leftOf(company)).toEqual({ entitlements: 0, credits: 460, held: 0 })
  })
})
