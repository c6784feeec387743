import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { api, database } from '../../../support/api.ts'
import {
  type Applied,
  anApplication,
  application,
  applicationStates,
  posting,
} from '../../../support/jobs.ts'
import { anOps, ok } from '../../../support/story.ts'

/** Law: every end says what happens to each open application. All ends × all states. */

const write = (...effects: Parameters<ReturnType<typeof database>['write']>[0]) => database().write(effects)
const isOpen = (state: string) => ['applied', 'shortlisted', 'interview', 'offered'].includes(state)

const ends: Record<string, { of: (story: Applied) => Promise<unknown>; becomes: string }> = {
  'the deadline passes': {
    of: ({ jobPostingId }) =>
      write(
        sql`update job_postings set closes_at = now() - interval '1 minute' where id = ${jobPostingId}`,
        sql`select khidma.end_job_postings(500)`,
      ),
    becomes: 'the same',
  },
  'the company closes it': {
    of: ({ company, jobPostingId }) => ok(posting(company, jobPostingId, 'close', {})),
    becomes: 'the same',
  },
  'the company closes it with its applications': {
    of: ({ company, jobPostingId }) => ok(posting(company, jobPostingId, 'close', { endApplications: true })),
    becomes: 'rejected',
  },
  'the company does not answer in time': {
    of: async ({ company, jobPostingId }) => {
      await ok(posting(company, jobPostingId, 'close', {}))
      await write(
        sql`update job_postings set answer_by = now() - interval '1 minute' where id = ${jobPostingId}`,
        sql`select khidma.end_unanswered_applications(500)`,
      )
    },
    becomes: 'rejected',
  },
  'staff close it': {
    of: async ({ jobPostingId }) => ok(posting(await anOps(), jobPostingId, 'close', { reason: 'A scam.' })),
    becomes: 'rejected',
  },
  'the account of the company is closed': {
    of: ({ company }) =>
      write(sql`update users set status = 'closed', restorable_until = now() where id = ${company.userId}`),
    becomes: 'rejected',
  },
  'the company is suspended': {
    of: ({ company }) => write(sql`select khidma.suspend_account(${company.userId}, 'A test')`),
    becomes: 'the same',
  },
  'the account of the applicant is closed': {
    of: ({ applicant }) =>
      write(sql`update users set status = 'closed', restorable_until = now() where id = ${applicant.userId}`),
    becomes: 'withdrawn',
  },
  'the applicant is suspended': {
    of: ({ applicant }) => write(sql`select khidma.suspend_account(${applicant.userId}, 'A test')`),
    becomes: 'withdrawn',
  },
  'the applicant blocks the company': {
    of: ({ applicant, company }) =>
      ok(api('/v1/me/blocks', { as: applicant, body: { userId: company.userId } })),
    becomes: 'withdrawn',
  },
  'the company blocks the applicant': {
    of: ({ applicant, company }) =>
      ok(api('/v1/me/blocks', { as: company, body: { userId: applicant.userId } })),
    becomes: 'withdrawn',
  },
}

describe.each(Object.entries(ends))('an application, when %s,', (_end, { of, becomes }) => {
  it.each(applicationStates)('ends as the rule says where it is %s', async (state) => {
    const story = await anApplication(state)
    await of(story)
    const [row] = await database().read<{ status: string }>(
      sql`select a.status from job_applications a where a.id = ${story.jobApplicationId}`,
    )
    expect(row?.status).toBe(isOpen(state) && becomes !== 'the same' ? becomes : state)
  })
})

describe('an interview that was chosen', () => {
  it('is still answered while the company has time, and not after', async () => {
    const { company, jobPostingId, jobApplicationId } = await anApplication('shortlisted')
    await ok(posting(company, jobPostingId, 'close', {}))
    await ok(application(company, jobApplicationId, 'offer'))
    await ok(application(company, jobApplicationId, 'hire'))
    expect((await application(company, jobApplicationId, 'reject', {})).body.code).toBe('invalid_transition')
  })
})
