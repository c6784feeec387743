import { expect, it } from 'vitest'
import { viewCandidate } from '../../src/areas/work/job-postings/candidates.ts'
import { newId } from '../../src/core/ids.ts'
import { companyWorld, type User } from '../support/company-world.ts'
import { count, outcomeOf, times } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'

describeReal('views of candidates, from many connections at once', () => {
  const { as, query, aUser, aCompany, entitle } = companyWorld()

  async function aHirer(views: number): Promise<User> {
    const company = await aCompany()
    await entitle(company, 'contact_view', views)
    return company
  }

  async function aManager(company: User): Promise<User> {
    const manager = await aUser()
    await query(
      `insert into company_members (id, company_id, user_id, role, status, joined_at) values ($1, $2, $3, 'manager', 'active', now())`,
      [newId(), company.id, manager.id],
    )
    return manager
  }

  async function aSeeker(): Promise<{ user: User; listing: string }> {
    const user = await aUser()
    await query(
      `insert into candidate_profiles (user_id, status, looking_for_work, contact_email) values ($1, 'active', true, 'a@mail.example')`,
      [user.id],
    )
    const [row] = await query<{ id: string }>('select id from candidate_listings where user_id = $1', [
      user.id,
    ])
    return { user, listing: row?.id ?? '' }
  }

  const left = async ({ id }: User): Promise<number> =>
    (
      await query<{ n: number }>(
        'select sum(khidma.entitlement_left(e))::int as n from entitlements e where e.owner_id = $1',
        [id],
      )
    )[0]?.n ?? -1

  it('the last contact view shows one of many candidates', async () => {
    for (let round = 0; round < 4; round += 1) {
      const [company, seekers] = [await aHirer(1), await times(8, () => aSeeker())]
      const outcomes = await Promise.all(
        seekers.map(({ listing }) => outcomeOf(viewCandidate(as(company), company.id, listing))),
      )
      expect(count(outcomes)).toEqual({ ok: 1, entitlement_used_up: 7 })
      expect(await left(company)).toBe(0)
    }
  })

  it('one candidate whom many people of a company view at once costs one view', async () => {
    const [company, { listing }] = [await aHirer(3), await aSeeker()]
    const managers = [await aManager(company), await aManager(company), company]
    const outcomes = await Promise.all(
      managers.flatMap((manager) => [
        viewCandidate(as(manager), company.id, listing),
        viewCandidate(as(manager), company.id, listing),
      ]),
    )
    expect(new Set(outcomes.map(({ id }) => id)).size).toBe(1)
    expect(await left(company)).toBe(2)
  })

  it('a view beside the withdrawal of the candidate costs nothing where it is refused, and shows nothing afterwards', async () => {
    for (let round = 0; round < 8; round += 1) {
      const [company, { user, listing }] = [await aHirer(1), await aSeeker()]
      const [outcome] = await Promise.all([
        outcomeOf(viewCandidate(as(company), company.id, listing)),
        query('update candidate_profiles set looking_for_work = false where user_id = $1', [user.id]),
      ])
      expect(['ok', 'not_found']).toContain(outcome)
      const open = await query<{ open: boolean }>(
        'select khidma.is_view_open(v) as open from candidate_views v where v.company_id = $1',
        [company.id],
      )
      expect(open.filter((view) => view.open)).toEqual([])
      // The view may have been written before its answer was read: it is then on record, and was paid for.
      expect(await left(company)).toBe(1 - open.length)
    }
  })

  it('a view beside a block is refused or closed by it', async () => {
    for (let round = 0; round < 8; round += 1) {
      const [company, { user, listing }] = [await aHirer(1), await aSeeker()]
      await Promise.all([
        outcomeOf(viewCandidate(as(company), company.id, listing)),
        query('insert into user_blocks (id, blocker_id, blocked_id) values ($1, $2, $3)', [
          newId(),
          user.id,
          company.id,
        ]),
      ])
      const open = await query<{ open: boolean }>(
        'select khidma.is_view_open(v) as open from candidate_views v where v.company_id = $1',
        [company.id],
      )
      expect(open.filter((view) => view.open)).toEqual([])
    }
  })
})
