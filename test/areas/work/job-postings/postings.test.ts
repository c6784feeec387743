import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { api, database, signedIn } from '../../../support/api.ts'
import { anOpenCompany, changeMember, join } from '../../../support/companies.ts'
import {
  aDraft,
  aLiveJob,
  aWaitingJob,
  changePosting,
  details,
  draft,
  posting,
} from '../../../support/jobs.ts'
import { anAdmin, anOps, aTasker, ok } from '../../../support/story.ts'

const caseOf = async (id: string) =>
  (
    await database().read(
      sql`select c.status, c.decision from cases c where c.subject_id = ${id} order by c.id desc limit 1`,
    )
  )[0]

describe('a job posting', () => {
  it('is drafted, approved by staff and found by everybody', async () => {
    const { company, jobPostingId } = await aDraft()
    expect((await api(`/v1/job-postings/${jobPostingId}`)).status).toBe(404)
    const submitted = await ok(posting(company, jobPostingId, 'submit'))
    expect(submitted.body.status).toBe('pending')
    expect(await caseOf(jobPostingId)).toMatchObject({ status: 'open' })
    const live = await ok(posting(await anOps(), jobPostingId, 'approve'))
    expect(live.body).toMatchObject({ status: 'live', rejectionReason: null })
    expect(await caseOf(jobPostingId)).toMatchObject({ status: 'closed', decision: 'approved' })
    expect((await ok(api(`/v1/job-postings/${jobPostingId}`))).body.title).toBe('Senior plumber')
  })

  it('is a draft again with the reason when it is rejected', async () => {
    const { company, jobPostingId } = await aWaitingJob()
    await ok(posting(await anOps(), jobPostingId, 'reject', { reason: 'No tasks are named.' }))
    expect((await ok(details(company, jobPostingId))).body).toMatchObject({
      status: 'draft',
      rejectionReason: 'No tasks are named.',
    })
    expect(await caseOf(jobPostingId)).toMatchObject({ decision: 'rejected' })
    const again = await ok(posting(company, jobPostingId, 'submit'))
    expect(again.body).toMatchObject({ status: 'pending', rejectionReason: null })
  })

  it('keeps the approved text public while a change waits', async () => {
    const { company, jobPostingId } = await aLiveJob()
    const changed = await ok(changePosting(company, jobPostingId, { title: 'Head plumber', salary: null }))
    expect(changed.body).toMatchObject({
      title: 'Senior plumber',
      pendingChanges: { title: 'Head plumber', salary: null },
    })
    expect((await ok(api(`/v1/job-postings/${jobPostingId}`))).body.title).toBe('Senior plumber')
    const ops = await anOps()
    await ok(posting(ops, jobPostingId, 'decide-changes', { approve: true }))
    expect((await ok(api(`/v1/job-postings/${jobPostingId}`))).body).toMatchObject({
      title: 'Head plumber',
      salary: null,
    })
    const twice = await posting(ops, jobPostingId, 'decide-changes', { approve: true })
    expect([twice.status, twice.body.code]).toEqual([409, 'no_job_changes'])
  })

  it('stays as it was where staff reject the change', async () => {
    const { company, jobPostingId } = await aLiveJob()
    await ok(changePosting(company, jobPostingId, { title: 'Head plumber' }))
    await ok(posting(await anOps(), jobPostingId, 'decide-changes', { approve: false, reason: 'No.' }))
    expect((await ok(details(company, jobPostingId))).body).toMatchObject({
      title: 'Senior plumber',
      pendingChanges: null,
      rejectionReason: 'No.',
    })
  })

  it('moves its deadline at once, and refuses one that is too far away', async () => {
    const { company, jobPostingId } = await aLiveJob()
    const closesAt = new Date(Date.now() + 86_400_000).toISOString()
    expect((await ok(changePosting(company, jobPostingId, { closesAt }))).body.closesAt).toBe(closesAt)
    const far = new Date(Date.now() + 400 * 86_400_000).toISOString()
    const refused = await changePosting(company, jobPostingId, { closesAt: far })
    expect([refused.status, refused.body.code]).toEqual([422, 'job_deadline_refused'])
  })

  it('is not changed while it waits or after it is closed', async () => {
    const { company, jobPostingId } = await aWaitingJob()
    expect((await changePosting(company, jobPostingId, { title: 'Other' })).body.code).toBe(
      'job_posting_fixed',
    )
    expect((await ok(posting(company, jobPostingId, 'withdraw'))).body.status).toBe('draft')
    await ok(changePosting(company, jobPostingId, { title: 'Other' }))
    await ok(posting(company, jobPostingId, 'close', {}))
    expect((await changePosting(company, jobPostingId, { title: 'More' })).body.code).toBe(
      'job_posting_fixed',
    )
  })

  it('has no links, addresses or phone numbers in its text', async () => {
    const company = await anOpenCompany()
    for (const fields of [
      { description: 'Write to jobs@nile.example.com' },
      { title: 'Call 01001234567' },
      { questions: [{ key: 'site', text: 'See https://nile.example', isRequired: false }] },
    ]) {
      const refused = await draft(company, company.userId, fields)
      expect([refused.status, refused.body.code]).toEqual([422, 'contacts_refused'])
    }
  })

  it('needs a city unless the work is remote', async () => {
    const company = await anOpenCompany()
    const nowhere = { location: { country: 'EG' } }
    expect((await draft(company, company.userId, nowhere)).status).toBe(400)
    const remote = await ok(draft(company, company.userId, { ...nowhere, workMode: 'remote' }))
    const onsite = await changePosting(company, remote.body.id, { workMode: 'onsite' })
    expect([onsite.status, onsite.body.code]).toEqual([422, 'job_place_missing'])
  })
})

describe('the people of a company', () => {
  it('post jobs where they are owners or managers', async () => {
    const company = await anOpenCompany()
    const [manager, dispatcher, stranger] = [await aTasker(), await aTasker(), await signedIn('client')]
    const managerId = await join(company, manager)
    await ok(changeMember(company, managerId, { role: 'manager' }))
    const dispatcherId = await join(company, dispatcher)
    await ok(changeMember(company, dispatcherId, { role: 'dispatcher' }))
    const made = await ok(draft(manager, company.userId))
    expect(made.body).toMatchObject({ companyId: company.userId, postedBy: manager.userId })
    for (const [as, status] of [
      [dispatcher, 403],
      [stranger, 404],
    ] as const) {
      expect((await draft(as, company.userId)).status).toBe(status)
      expect((await details(as, made.body.id)).status).toBe(status)
      expect((await posting(as, made.body.id, 'submit')).status).toBe(status)
      expect((await changePosting(as, made.body.id, { title: 'Mine' })).status).toBe(status)
    }
    const page = await ok(api(`/v1/companies/${company.userId}/job-postings`, { as: manager }))
    expect(page.body.data.map(({ id }: { id: string }) => id)).toEqual([made.body.id])
  })

  it('post nothing for a company that is not approved', async () => {
    const company = await anOpenCompany()
    const { jobPostingId } = await aDraft({}, company)
    await database().write([
      sql`update company_profiles set approval_status = 'rejected' where user_id = ${company.userId}`,
    ])
    const refused = await draft(company, company.userId)
    expect([refused.status, refused.body.code]).toEqual([409, 'company_not_open'])
    expect((await posting(company, jobPostingId, 'submit')).body.code).toBe('company_not_open')
  })
})

describe('the end of a posting', () => {
  it('comes by the instant of its deadline, which the job writes down', async () => {
    const { company, jobPostingId } = await aLiveJob()
    await database().write([
      sql`update job_postings set closes_at = now() - interval '1 minute' where id = ${jobPostingId}`,
    ])
    expect((await api(`/v1/job-postings/${jobPostingId}`)).status).toBe(404)
    await database().write([sql`select khidma.end_job_postings(500)`])
    expect((await ok(details(company, jobPostingId))).body).toMatchObject({
      status: 'closed',
      closeReason: 'deadline',
    })
  })

  it('comes with the account of its company', async () => {
    const { company, jobPostingId } = await aLiveJob()
    await database().write([sql`select khidma.end_job_postings_of(${company.userId})`])
    expect((await ok(details(company, jobPostingId))).body).toMatchObject({
      status: 'closed',
      closeReason: 'account',
    })
  })

  it('comes by staff, with everything that is open', async () => {
    const { company, jobPostingId } = await aLiveJob()
    await ok(posting(await anOps(), jobPostingId, 'close', { reason: 'A scam.' }))
    expect((await ok(details(company, jobPostingId))).body).toMatchObject({
      closeReason: 'staff',
      answerBy: null,
    })
  })
})

describe('policy', () => {
  it('lets the system approve alone the jobs of a company that is trusted far enough', async () => {
    const key = 'approval.automatic'
    const never = { verification: 'never', role_profile_version: 'never', company: 'never' }
    const [company, admin] = [await anOpenCompany(), await anAdmin()]
    const { jobPostingId } = await aDraft({}, company)
    await database().write([sql`update users set country = 'GH' where id = ${company.userId}`])
    const automatic = (jobs: string) =>
      api('/v1/config/entries', {
        as: admin,
        body: { key, value: { ...never, job_posting: jobs }, scope: { country: 'GH' }, reason: 'A test' },
      })
    await ok(automatic('new'))
    const { body } = await ok(posting(company, jobPostingId, 'submit'))
    await ok(automatic('never'))
    expect(body.status).toBe('live')
  })
})
