import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
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
import { newId } from '../../src/core/ids.ts'
import { openWorld, type Person } from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { aPhone } from '../support/numbers.ts'
import { count, outcomeOf, times } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'

type User = Person & { id: string; role: 'client' }

const hourMs = 3_600_000
const content = {
  title: 'Plumber',
  description: 'Work in Cairo.',
  employmentType: 'full_time',
  workMode: 'onsite',
  location: { place: null, city: 'Cairo', country: 'EG', lat: null, lng: null },
  salary: null,
  questions: [],
} as const
const nothing = { coverNote: null, answers: [], contact: null }

describeReal('jobs, from many connections at once', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let contexts: NodeContexts
  beforeAll(async () => {
    world = await openWorld()
    contexts = await openContexts(world.ownerUrl, 12)
    await world.connection.query(`select set_config('khidma.role', 'system', false)`)
  })
  afterAll(async () => {
    await contexts.close()
    await world.close()
  })

  const as = (person: Person) => contexts.contextOf(person)
  const query = async <Row extends pg.QueryResultRow>(text: string, params: unknown[] = []): Promise<Row[]> =>
    (await world.connection.query<Row>(text, params)).rows

  async function aPerson(accountType = 'individual'): Promise<User> {
    const id = newId()
    await query(`insert into users (id, phone, role, account_type) values ($1, $2, 'client', $3)`, [
      id,
      aPhone(),
      accountType,
    ])
    await query('insert into candidate_profiles (user_id) values ($1)', [id])
    return { id, role: 'client' }
  }

  async function aJob(): Promise<{ company: User; id: string }> {
    const company = await aPerson('company')
    await query(
      `insert into company_profiles (user_id, company_name, approval_status) values ($1, 'Nile Fittings', 'approved')`,
      [company.id],
    )
    const closesAt = new Date(Date.now() + 24 * hourMs).toISOString()
    const { id } = await createPosting(as(company), company.id, { ...content, questions: [], closesAt })
    await query(`select khidma.grant_entitlement($1, 'job_posting', 1, 'order', $2)`, [company.id, id])
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
