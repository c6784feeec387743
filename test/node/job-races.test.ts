import { expect, it } from 'vitest'
import {
  applyForJob,
  chooseInterview,
  moveApplication,
  proposeInterview,
  rejectApplication,
  withdrawApplication,
} from '../../src/areas/work/job-postings/applications.ts'
import {
  closePosting,
  createPosting,
  submitPosting,
  updatePosting,
} from '../../src/areas/work/job-postings/postings.ts'
import { companyWorld, posting, type User } from '../support/company-world.ts'
import { count, outcomeOf, times } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'

const hourMs = 3_600_000
const nothing = { coverNote: null, answers: [], contact: null }

describeReal('jobs, from many connections at once', () => {
  const { as, query, aUser, aCompany, entitle } = companyWorld()

  async function aPerson(): Promise<User> {
    const person = await aUser()
    await query('insert into candidate_profiles (user_id) values ($1)', [person.id])
    return person
  }

  async function aJob(): Promise<{ company: User; id: string }> {
    const company = await aCompany()
    const closesAt = new Date(Date.now() + 24 * hourMs).toISOString()
    const { id } = await createPosting(as(company), company.id, { ...posting, questions: [], closesAt })
    await entitle(company, 'job_posting', 1)
    await submitPosting(as(company), id, null)
    await query(`update job_postings set status = 'live' where id = $1`, [id])
    return { company, id }
  }

  const statusesOf = async (posting: string): Promise<string[]> =>
    (
      await query<{ status: string }>(
        'select status from job_applications where posting_id = $1 order by status',
        [posting],
      )
    ).map(({ status }) => status)

  it('of many applications of a person one is made', async () => {
    const [{ id }, person] = [await aJob(), await aPerson()]
    const outcomes = await times(10, () => outcomeOf(applyForJob(as(person), id, nothing)))
    expect(count(outcomes)).toEqual({ ok: 1, already_applied: 9 })
    expect(await statusesOf(id)).toEqual(['applied'])
  })

  it('an application beside the end of the posting is refused, or ends with it', async () => {
    for (let round = 0; round < 8; round += 1) {
      const [{ company, id }, people] = [await aJob(), await times(5, () => aPerson())]
      const [closed, ...outcomes] = await Promise.all([
        outcomeOf(closePosting(as(company), id, { endApplications: true })),
        ...people.map((person) => outcomeOf(applyForJob(as(person), id, nothing))),
      ])
      expect(closed).toBe('ok')
      expect(outcomes.filter((outcome) => outcome !== 'ok' && outcome !== 'job_closed')).toEqual([])
      const made = outcomes.filter((outcome) => outcome === 'ok').length
      expect(await statusesOf(id)).toEqual(Array.from({ length: made }, () => 'rejected'))
    }
  })

  it('an application beside the end of the account of the company is refused, or ends with it', async () => {
    for (let round = 0; round < 6; round += 1) {
      const [{ company, id }, people] = [await aJob(), await times(4, () => aPerson())]
      await Promise.all([
        query(`update users set status = 'closed', restorable_until = now() where id = $1`, [company.id]),
        ...people.map((person) => outcomeOf(applyForJob(as(person), id, nothing))),
      ])
      expect((await statusesOf(id)).filter((status) => status !== 'rejected')).toEqual([])
    }
  })

  it('a withdrawal beside what the company does has one end', async () => {
    for (let round = 0; round < 8; round += 1) {
      const [{ company, id }, person] = [await aJob(), await aPerson()]
      const { id: application } = await applyForJob(as(person), id, nothing)
      await moveApplication(as(company), application, 'shortlisted')
      await moveApplication(as(company), application, 'offered')
      const outcomes = await Promise.all([
        outcomeOf(withdrawApplication(as(person), application)),
        outcomeOf(moveApplication(as(company), application, 'hired')),
        outcomeOf(rejectApplication(as(company), application, null)),
      ])
      expect(count(outcomes)).toEqual({ ok: 1, invalid_transition: 2 })
    }
  })

  it('a time that is chosen beside other times is one that is proposed', async () => {
    const slot = (hours: number) => new Date(Date.now() + hours * hourMs).toISOString()
    for (let round = 0; round < 6; round += 1) {
      const [{ company, id }, person] = [await aJob(), await aPerson()]
      const { id: application } = await applyForJob(as(person), id, nothing)
      const [first, other] = [slot(24), slot(48)]
      const interview = { minutes: 60, note: null }
      await proposeInterview(as(company), application, { ...interview, slots: [first] }, true)
      await Promise.all([
        outcomeOf(chooseInterview(as(person), application, first)),
        outcomeOf(proposeInterview(as(company), application, { ...interview, slots: [other] }, false)),
      ])
      const [row] = await query<{ chosen: boolean }>(
        'select interview_at is not null as chosen from job_applications where id = $1',
        [application],
      )
      expect(row?.chosen).toBe(false)
    }
  })

  it('a change beside the end of the posting never makes a closed one wait', async () => {
    for (let round = 0; round < 8; round += 1) {
      const { company, id } = await aJob()
      const outcomes = await Promise.all([
        outcomeOf(closePosting(as(company), id, { endApplications: false })),
        outcomeOf(updatePosting(as(company), id, { title: 'Head plumber' }, null)),
      ])
      expect(outcomes[0]).toBe('ok')
      const [row] = await query(
        `select j.status, j.pending_changes, (select count(*)::int from cases c where c.subject_id = j.id and c.status <> 'closed') as open
           from job_postings j where j.id = $1`,
        [id],
      )
      expect(row).toEqual({ status: 'closed', pending_changes: null, open: 0 })
    }
  })
})
