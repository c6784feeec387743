import { expect, it } from 'vitest'
import { api, type Caller, signedIn } from '../support/api.ts'
import { anOpenCompany, changeMember, join } from '../support/companies.ts'
import { pullEvents } from '../support/events.ts'
import { eventually } from '../support/eventually.ts'
import { aLiveJob, anApplication, application, interviewAt } from '../support/jobs.ts'
import { aTasker, ok } from '../support/story.ts'

const kindsOf = async (as: Caller): Promise<string[]> =>
  (await ok(api('/v1/me/notifications?limit=100', { as }))).body.data.map(
    ({ kind }: { kind: string }) => kind,
  )

const notified = (as: Caller, kind: string) =>
  eventually(`the notification ${kind}`, async () => (await kindsOf(as)).includes(kind) || undefined)

/** By themselves, over the real queue. */
it('reach those of the company who hire, and not its other people', async () => {
  const company = await anOpenCompany()
  const [owner, manager, dispatcher] = [await aTasker(), await aTasker(), await aTasker()]
  for (const [who, role] of [
    [owner, 'owner'],
    [manager, 'manager'],
    [dispatcher, 'dispatcher'],
  ] as const)
    await ok(changeMember(company, await join(company, who), { role }))
  const posted = await aLiveJob({}, company)
  const asked = await anApplication('applied', posted)
  await ok(application(manager, asked.jobApplicationId, 'interview', interviewAt(24)))
  const path = `/v1/job-applications/${asked.jobApplicationId}`
  const { interview } = (await ok(api(path, { as: asked.applicant }))).body
  const chosen = { startsAt: interview.slots[0] }
  await ok(application(asked.applicant, asked.jobApplicationId, 'choose-interview', chosen))
  await ok(application(asked.applicant, asked.jobApplicationId, 'withdraw'))
  for (const who of [company, owner, manager])
    for (const kind of [
      'job_posting.live',
      'job_application.applied',
      'job_application.interview_chosen',
      'job_application.withdrawn',
    ])
      await notified(who, kind)
  // One each, also for the account of the company, which is one of its owners.
  const applied = (kinds: string[]) => kinds.filter((kind) => kind === 'job_application.applied')
  expect(applied(await kindsOf(company))).toHaveLength(1)
  const own = await kindsOf(asked.applicant)
  expect(own.filter((kind) => !kind.startsWith('job_application.interview'))).toEqual([])
  expect(own).not.toContain('job_application.interview_chosen')
  // The invitation to the interview is the manager's own act.
  expect(await kindsOf(manager)).not.toContain('job_application.interview')
  expect((await kindsOf(dispatcher)).filter((kind) => kind.startsWith('job_'))).toEqual([])
  const { data } = await pullEvents(dispatcher)
  expect(data.filter(({ type }: { type: string }) => type.startsWith('job_'))).toEqual([])
  expect(await kindsOf(await signedIn('client'))).toEqual([])
}, 60_000)
