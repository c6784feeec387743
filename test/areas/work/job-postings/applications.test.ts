import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { api, type Caller, database, signedIn } from '../../../support/api.ts'
import { anOpenCompany, changeMember, join } from '../../../support/companies.ts'
import {
  aCandidate,
  aLiveJob,
  anApplication,
  application,
  applyTo,
  changePosting,
  interviewAt,
  posting,
} from '../../../support/jobs.ts'
import { aFile } from '../../../support/profiles.ts'
import { anOps, aTasker, ok } from '../../../support/story.ts'

const read = (as: Caller, id: string) => api(`/v1/job-applications/${id}`, { as })
const candidate = (as: Caller, of: Caller) => api(`/v1/candidates/${of.userId}`, { as })
const eventsOf = async (id: string): Promise<string[]> => {
  const rows = await database().read<{ type: string }>(
    sql`select o.type from outbox o where o.data ->> 'jobApplicationId' = ${id} order by o.id`,
  )
  return rows.map(({ type }) => type)
}

describe('an application', () => {
  it('goes from the shortlist over an interview to the job, and both sides are notified', async () => {
    const { company, applicant, jobApplicationId } = await anApplication()
    await ok(application(company, jobApplicationId, 'shortlist'))
    const proposed = interviewAt(24)
    await ok(application(company, jobApplicationId, 'interview', proposed))
    const [, second] = proposed.slots
    const chosen = await ok(
      application(applicant, jobApplicationId, 'choose-interview', { startsAt: second ?? '' }),
    )
    expect(chosen.body.interview).toMatchObject({ startsAt: second, minutes: 45 })
    await ok(application(company, jobApplicationId, 'offer'))
    const hired = await ok(application(company, jobApplicationId, 'hire'))
    expect(hired.body).toMatchObject({ status: 'hired' })
    expect(await eventsOf(jobApplicationId)).toEqual([
      'job_application.applied',
      'job_application.shortlisted',
      'job_application.interview',
      'job_application.interview_proposed',
      'job_application.interview_chosen',
      'job_application.offered',
      'job_application.hired',
    ])
  })

  it('is one a person and posting, whatever became of the first', async () => {
    const { applicant, jobPostingId, jobApplicationId } = await anApplication()
    expect((await applyTo(applicant, jobPostingId)).body.code).toBe('already_applied')
    await ok(application(applicant, jobApplicationId, 'withdraw'))
    expect((await applyTo(applicant, jobPostingId)).body.code).toBe('already_applied')
  })

  it('answers the questions of the posting, and keeps them as they were asked', async () => {
    const { company, jobPostingId } = await aLiveJob()
    const who = await aCandidate()
    expect((await applyTo(who, jobPostingId, { answers: [] })).body.code).toBe('job_answer_missing')
    const unknown = [
      { key: 'licence', answer: 'Yes.' },
      { key: 'age', answer: '40' },
    ]
    expect((await applyTo(who, jobPostingId, { answers: unknown })).body.code).toBe('job_question_unknown')
    const { body } = await ok(applyTo(who, jobPostingId))
    await ok(changePosting(company, jobPostingId, { questions: [] }))
    await ok(posting(await anOps(), jobPostingId, 'decide-changes', { approve: true }))
    expect((await ok(read(company, body.id))).body.answers).toEqual([
      { key: 'licence', question: 'Do you have a driving licence?', answer: 'Yes.' },
    ])
  })

  it('needs a candidate profile, an open posting and another company', async () => {
    const { company, jobPostingId } = await aLiveJob()
    expect((await applyTo(await signedIn('client'), jobPostingId)).body.code).toBe(
      'candidate_profile_missing',
    )
    expect((await applyTo(company, jobPostingId)).body.code).toBe('own_job')
    await ok(posting(company, jobPostingId, 'close', {}))
    expect((await applyTo(await aCandidate(), jobPostingId)).body.code).toBe('job_closed')
  })

  it('is for its applicant and for those who hire: strangers get 404, the wrong party 403', async () => {
    const { company, applicant, jobApplicationId, jobPostingId } = await anApplication()
    const [dispatcher, stranger] = [await aTasker(), await anOpenCompany()]
    await ok(changeMember(company, await join(company, dispatcher), { role: 'dispatcher' }))
    for (const [as, status] of [
      [stranger, 404],
      [dispatcher, 403],
    ] as const) {
      expect((await read(as, jobApplicationId)).status).toBe(status)
      expect((await application(as, jobApplicationId, 'shortlist')).status).toBe(status)
      expect((await api(`/v1/job-applications/${jobApplicationId}/notes`, { as })).status).toBe(status)
      expect((await api(`/v1/job-postings/${jobPostingId}/applications`, { as })).status).toBe(status)
    }
    expect((await application(applicant, jobApplicationId, 'shortlist')).status).toBe(403)
    expect((await application(company, jobApplicationId, 'withdraw')).status).toBe(403)
    expect((await api(`/v1/job-applications/${jobApplicationId}/notes`, { as: applicant })).status).toBe(403)
  })

  it('has notes of the company that the applicant never reads', async () => {
    const { company, applicant, jobApplicationId } = await anApplication()
    await ok(application(company, jobApplicationId, 'notes', { text: 'Strong.' }))
    const { body } = await ok(api(`/v1/job-applications/${jobApplicationId}/notes`, { as: company }))
    expect(body.data).toMatchObject([{ text: 'Strong.', authorId: company.userId }])
    expect(JSON.stringify((await ok(read(applicant, jobApplicationId))).body)).not.toContain('Strong.')
  })
})

describe('an interview', () => {
  it('is chosen among the times that are proposed now', async () => {
    const { company, applicant, jobApplicationId } = await anApplication('interview')
    const other = interviewAt(72)
    const path = `/v1/job-applications/${jobApplicationId}/interview-slots`
    await ok(api(path, { as: company, method: 'PUT', body: other }))
    const first = await application(applicant, jobApplicationId, 'choose-interview', {
      startsAt: interviewAt(24).slots[0] ?? '',
    })
    expect([first.status, first.body.code]).toEqual([409, 'interview_not_proposed'])
    await ok(application(applicant, jobApplicationId, 'choose-interview', { startsAt: other.slots[0] ?? '' }))
  })

  it('takes up the time of a tasker until it is given back', async () => {
    const tasker = await aTasker()
    await ok(api('/v1/me/candidate-profile', { as: tasker, method: 'PUT', body: { displayName: 'Omar' } }))
    const { company, jobApplicationId } = await anApplication('applied', undefined, tasker)
    const { slots, minutes } = interviewAt(30)
    await ok(application(company, jobApplicationId, 'interview', { slots, minutes }))
    const items = async () =>
      (
        await database().read<{ n: number }>(
          sql`select count(*)::int as n from calendar_items i where i.source_id = ${jobApplicationId} and i.state = 'live'`,
        )
      )[0]?.n
    const choose = (startsAt = '') => application(tasker, jobApplicationId, 'choose-interview', { startsAt })
    await ok(choose(slots[0]))
    await ok(choose(slots[1]))
    expect(await items()).toBe(1)
    await ok(application(tasker, jobApplicationId, 'withdraw'))
    expect(await items()).toBe(0)
  })
})

describe('the profile and the résumé of an applicant', () => {
  it('are read by those who hire, until the application ends', async () => {
    const applicant = await aCandidate({ visibility: 'private' })
    const resumeMediaId = await aFile(applicant, 'document')
    await ok(
      api('/v1/me/candidate-profile', {
        as: applicant,
        method: 'PUT',
        body: { displayName: 'Nour Hassan', visibility: 'private', resumeMediaId },
      }),
    )
    const posted = await aLiveJob()
    const [stranger, manager] = [await anOpenCompany(), await aTasker()]
    await ok(changeMember(posted.company, await join(posted.company, manager), { role: 'manager' }))
    const resume = (as: Caller) => api(`/v1/media/${resumeMediaId}`, { as })
    expect((await candidate(posted.company, applicant)).status).toBe(404)
    expect((await resume(posted.company)).status).toBe(404)
    const { jobApplicationId } = await anApplication('applied', posted, applicant)
    for (const as of [posted.company, manager]) {
      expect((await ok(candidate(as, applicant))).body).toMatchObject({
        displayName: 'Nour Hassan',
        resumeMediaId,
      })
      await ok(resume(as))
    }
    expect((await candidate(stranger, applicant)).status).toBe(404)
    expect((await resume(stranger)).status).toBe(404)
    await ok(application(applicant, jobApplicationId, 'withdraw'))
    expect((await candidate(posted.company, applicant)).status).toBe(404)
    expect((await resume(manager)).status).toBe(404)
    expect((await ok(read(posted.company, jobApplicationId))).body).toMatchObject({
      status: 'withdrawn',
      coverNote: null,
      applicantName: null,
      contact: null,
    })
  })

  it('are read by nobody while the company is not open', async () => {
    const { company, applicant } = await anApplication()
    await database().write([
      sql`update company_profiles set approval_status = 'rejected' where user_id = ${company.userId}`,
    ])
    expect((await candidate(company, applicant)).status).toBe(404)
  })
})
