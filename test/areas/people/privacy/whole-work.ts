import { sql } from 'drizzle-orm'
import { newId } from '../../../../src/core/ids.ts'
import { api, database } from '../../../support/api.ts'
import { anOpenCompany, changeMember, join, theirBooking } from '../../../support/companies.ts'
import { aContract, contractPath, onMilestone, rooms, start, terms } from '../../../support/contracts.ts'
import { aQueuedTask } from '../../../support/dispatch.ts'
import {
  aLiveJob,
  anApplication,
  application,
  entitled,
  listingOf,
  viewCandidate,
} from '../../../support/jobs.ts'
import { aFile } from '../../../support/profiles.ts'
import { aBooking, aPostedTask, aTasker, ok } from '../../../support/story.ts'
import type { Someone } from './traces.ts'

/** The rows of somebody who plans work, keeps a calendar and signs contracts. */

const afterDays = (days: number) => new Date(Date.now() + days * 86_400_000)
const day = (days: number) => afterDays(days).toISOString().slice(0, 10)

export async function planAndSign(person: Someone, other: Someone): Promise<void> {
  await planTasks(person)
  await keepCalendar(person)
  await showWork(person, other)
  await signAs(person, other)
  await signAs(other, person)
  await takeOver(person, other)
  await lookForWork(person)
}

async function planTasks({ caller: as, name }: Someone): Promise<void> {
  const { taskId } = await aPostedTask({ client: as, startsAt: afterDays(18) })
  const photo = { mediaId: await aFile(as), caption: `The door of ${name}` }
  const addonId = newId()
  await ok(api(`/v1/tasks/${taskId}/photos`, { as, body: photo }))
  await database().write([
    sql`insert into service_addons (id, category_id, names, price_amount, currency)
        select ${addonId}, c.id, '{"en": "Ladder", "ar": "سلم"}', 100, 'EGP' from task_categories c limit 1`,
    sql`insert into task_addons (id, task_id, addon_id, quantity, price_amount, currency, minutes)
        values (${newId()}, ${taskId}, ${addonId}, 1, 100, 'EGP', 0)`,
    sql`insert into archived_tasks (task_id, client_id, description, address, lat, lng, structured_inputs, requirements, skills)
        select t.id, t.client_id, ${`${name} lives here`}, t.address, t.lat, t.lng, '{}', '{}', '{}' from tasks t where t.id = ${taskId}`,
  ])
  await ok(api('/v1/task-templates', { as, body: { name: `For ${name}`, taskId } }))
  const series = { taskId, weekdays: [1], localTime: '10:00', timezone: 'Africa/Cairo', startsOn: day(50) }
  await ok(api('/v1/task-series', { as, body: series }))
}

/** It begins after everything else that the person has to do. */
async function keepCalendar({ caller: as, name }: Someone): Promise<void> {
  const put = (path: string, body: object) => ok(api(path, { as, method: 'PUT', body }))
  const hours = [{ weekday: 1, from: '09:00', until: '17:00' }]
  const settings = {
    guardBeforeMinutes: null,
    guardAfterMinutes: null,
    noticeMinutes: 30,
    bookingsADay: null,
  }
  await ok(api('/v1/me/calendar-settings', { as, method: 'PUT', body: settings }))
  await put('/v1/me/schedules', { effectiveFrom: day(60), zone: 'Africa/Cairo', holidaysOf: 'EG', hours })
  await put('/v1/me/schedule-overrides', { day: day(70), hours: [] })
  await ok(api('/v1/me/calendar-feed', { as, method: 'POST' }))
  const url = `https://calendar.khidma.dev/${newId()}.ics`
  await ok(api('/v1/me/external-calendars', { as, body: { name: `Days of ${name}`, url } }))
}

async function showWork({ caller, name }: Someone, other: Someone): Promise<void> {
  const options = { client: other.caller, tasker: caller, startsAt: afterDays(8) }
  const { bookingId } = await aBooking({ ...options, state: 'in_progress' })
  const add = (what: string, body: object) =>
    ok(api(`/v1/bookings/${bookingId}/${what}`, { as: caller, body }))
  await add('notes', { text: `${name} has begun.` })
  await add('proofs', { kind: 'before', mediaId: await aFile(caller), caption: `By ${name}` })
}

/** As the tasker, with a client. */
async function signAs({ caller: tasker, name }: Someone, { caller: client }: Someone): Promise<void> {
  const story = await aContract({ client, tasker, startsAt: afterDays(10) })
  const body = { terms, milestones: rooms([5_000]), reason: `${name} has more to do.` }
  await ok(api(contractPath(story, '/amendments'), { as: tasker, body }))
  await ok(start(story))
  const work = { note: `${name} was here.`, mediaIds: [await aFile(tasker)] }
  await ok(onMilestone(story, 0, 'submit', tasker, work))
}

/** A member of their company gives a booking to them, as the tasker that they are too. */
async function takeOver({ caller: company, name }: Someone, { caller: client }: Someone): Promise<void> {
  await database().write([
    sql`update company_profiles set approval_status = 'approved' where user_id = ${company.userId}`,
  ])
  const member = await aTasker()
  await join(company, member)
  const { taskId } = await aQueuedTask({ client, startsAt: afterDays(25) })
  const bookingId = await theirBooking(taskId, { tasker: member, client })
  const body = { taskerId: company.userId, reason: `${name} does it.` }
  await ok(api(`/v1/companies/${company.userId}/bookings/${bookingId}/hand-over`, { as: company, body }))
}

/** Posts a job as a company, and applies for one of another. */
async function lookForWork({ caller: as, name, email }: Someone): Promise<void> {
  await aLiveJob({ description: `Ask for ${name}.` }, as)
  const { jobApplicationId } = await anApplication('applied', undefined, as)
  const theirs = await anApplication('applied', await aLiveJob({}, as))
  await database().write([
    sql`update job_applications set cover_note = ${`I am ${name}.`}, contact_email = ${email}, contact_phone = ${as.phone},
               interview_note = ${`With ${name}`} where id = ${jobApplicationId}`,
  ])
  await ok(application(as, theirs.jobApplicationId, 'notes', { text: `${name} likes them.` }))
  const [company, manager] = [await anOpenCompany(), await aTasker()]
  await ok(changeMember(company, await join(company, manager), { role: 'manager' }))
  await entitled(company, 'contact_view')
  await ok(viewCandidate(manager, await listingOf(as), company.userId))
}
