import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  answerInvitation,
  endMembership,
  inviteMember,
  leaveCompany,
  updateMember,
} from '../../src/areas/people/companies/members.ts'
import { newId } from '../../src/core/ids.ts'
import { companyWorld, type User } from '../support/company-world.ts'
import { count, outcomeOf, times } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'

describeReal('companies, changed from many connections at once', () => {
  const { as, query, aUser, aCompany } = companyWorld()

  const membershipOf = async (company: User, person: User): Promise<string> =>
    (
      await query<{ id: string }>(
        `select id from company_members where company_id = $1 and user_id = $2 order by created_at desc, id desc limit 1`,
        [company.id, person.id],
      )
    )[0]?.id ?? newId()

  const fields = { role: 'tasker', payoutTo: 'member' } as const
  async function invited(company: User, person: User, role: 'owner' | 'tasker' = 'tasker'): Promise<string> {
    return (await inviteMember(as(company), company.id, { ...fields, role, userId: person.id })).id
  }
  async function joined(company: User, role: 'owner' | 'tasker' = 'tasker') {
    const person = await aUser()
    const id = await invited(company, person, role)
    await answerInvitation(as(person), id, 'active', undefined)
    return { person, id }
  }

  it('two owners who leave at once leave one owner', async () => {
    for (let round = 0; round < 8; round += 1) {
      const company = await aCompany()
      const second = await joined(company, 'owner')
      const first = { person: company, id: await membershipOf(company, company) }
      const outcomes = await Promise.all(
        [first, second].map(({ person, id }) => outcomeOf(leaveCompany(as(person), id))),
      )
      expect(count(outcomes)).toEqual({ ok: 1, last_owner: 1 })
    }
  })

  it('an owner who leaves beside one who is made a manager leaves one owner', async () => {
    for (let round = 0; round < 8; round += 1) {
      const company = await aCompany()
      const [second, third] = [await joined(company, 'owner'), await joined(company, 'owner')]
      await leaveCompany(as(company), await membershipOf(company, company))
      const outcomes = await Promise.all([
        outcomeOf(leaveCompany(as(second.person), second.id)),
        outcomeOf(updateMember(as(second.person), third.id, { role: 'manager' }, null)),
        outcomeOf(endMembership(as(third.person), second.id, 'removed')),
      ])
      const [owners] = await query<{ owners: number }>(
        `select count(*)::int as owners from company_members where company_id = $1 and status = 'active' and role = 'owner'`,
        [company.id],
      )
      expect(owners?.owners, outcomes.join()).toBeGreaterThanOrEqual(1)
    }
  })

  it('a person whom many companies have invited joins one', async () => {
    const person = await aUser()
    const companies = await times(8, aCompany)
    const ids = await times(8, (n) => invited(companies[n] as User, person))
    const outcomes = await times(8, (n) =>
      outcomeOf(answerInvitation(as(person), ids[n] ?? '', 'active', undefined)),
    )
    expect(count(outcomes)).toEqual({ ok: 1, already_member: 7 })
  })

  it('of many invitations of a person at once one is open', async () => {
    const [company, person] = [await aCompany(), await aUser()]
    const outcomes = await times(8, () => outcomeOf(invited(company, person)))
    expect(count(outcomes)).toEqual({ ok: 1, already_invited: 7 })
  })

  it('an acceptance beside its revocation has one outcome', async () => {
    for (let round = 0; round < 8; round += 1) {
      const [company, person] = [await aCompany(), await aUser()]
      const id = await invited(company, person)
      const outcomes = await Promise.all([
        outcomeOf(answerInvitation(as(person), id, 'active', undefined)),
        outcomeOf(endMembership(as(company), id, 'revoked')),
      ])
      expect(count(outcomes)).toEqual({ ok: 1, invalid_transition: 1 })
    }
  })

  it('keeps an owner of each company and one membership of each person, whatever they do', async () => {
    const [companies, people] = [await times(2, aCompany), await times(4, () => aUser())]
    const everybody = [...companies, ...people]
    const pick = fc.nat(everybody.length - 1)
    const step = fc.record({
      kind: fc.constantFrom('invite', 'accept', 'decline', 'leave', 'remove', 'owner', 'tasker'),
      by: pick,
      whom: pick,
      company: fc.nat(companies.length - 1),
    })
    type Step = typeof step extends fc.Arbitrary<infer S> ? S : never
    const take = async ({ kind, by, whom, company }: Step): Promise<unknown> => {
      const [actor, person, of] = [everybody[by] as User, everybody[whom] as User, companies[company] as User]
      const id = await membershipOf(of, person)
      if (kind === 'invite') return inviteMember(as(actor), of.id, { ...fields, userId: person.id })
      if (kind === 'accept') return answerInvitation(as(person), id, 'active', undefined)
      if (kind === 'decline') return answerInvitation(as(person), id, 'declined', undefined)
      if (kind === 'leave') return leaveCompany(as(person), id)
      if (kind === 'remove') return endMembership(as(actor), id, 'removed')
      return updateMember(as(actor), id, { role: kind === 'owner' ? 'owner' : 'tasker' }, null)
    }
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 12 }), async (steps) => {
        // Two at a time: what one sees may be gone when it writes.
        for (let n = 0; n < steps.length; n += 2)
          await Promise.all(steps.slice(n, n + 2).map((each) => outcomeOf(take(each))))
        const [bad] = await query(
          `select (select count(*)::int from company_profiles c where not exists (select from company_members m
                     where m.company_id = c.user_id and m.status = 'active' and m.role = 'owner')) as ownerless,
                  (select count(*)::int from (select m.user_id from company_members m where m.status = 'active'
                     group by 1 having count(*) > 1) d) as doubled,
                  (select count(*)::int from (select m.company_id, m.user_id from company_members m where m.status = 'invited'
                     group by 1, 2 having count(*) > 1) d) as reinvited`,
        )
        expect(bad).toEqual({ ownerless: 0, doubled: 0, reinvited: 0 })
      }),
      { numRuns: 25 },
    )
  })
})
