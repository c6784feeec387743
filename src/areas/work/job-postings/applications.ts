import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { moderate } from '../../../core/moderation.ts'
import { Problem } from '../../../core/problems.ts'
import { isoTime } from '../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import {
  bool,
  int,
  json,
  list,
  nullable,
  oneOf,
  type RowOf,
  rowsOf,
  text,
  time,
  uuid,
} from '../../../db/rows.ts'
import { textArray } from '../../../db/sql.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { rolesThatMay } from '../../people/companies/abilities.ts'
import { actsFor } from '../../people/companies/members.ts'
import { lockAccount } from '../../people/profiles/own-rows.ts'
import { type JobApplicationStatus, jobApplicationMachine } from './machine.ts'

const applicationRow = {
  id: uuid,
  jobPostingId: uuid,
  jobTitle: text,
  companyId: uuid,
  companyName: text,
  userId: uuid,
  applicantName: nullable(text),
  status: oneOf(jobApplicationMachine.states),
  coverNote: nullable(text),
  answers: list({ key: text, question: text, answer: text }),
  contact: nullable({ email: nullable(text), phone: nullable(text) }),
  rejectReason: nullable(text),
  interview: nullable({
    slots: json<string[]>(),
    minutes: int,
    note: nullable(text),
    startsAt: nullable(text),
  }),
  isOwn: bool,
  endedAt: nullable(time),
  createdAt: time,
  updatedAt: time,
  version: int,
}
export type JobApplicationRow = RowOf<typeof applicationRow>

/** A withdrawn application is its applicant's: the company keeps that there was one. */
const applicationSelect = (me: string, where: SQL, orderAndLimit: SQL = sql``): SQL => sql`
  select a.id, a.posting_id as "jobPostingId", j.title as "jobTitle", a.company_id as "companyId", coalesce(c.company_name, '') as "companyName",
         a.user_id as "userId", case when s.is_shown then p.display_name end as "applicantName", a.status,
         case when s.is_shown then a.cover_note end as "coverNote", case when s.is_shown then a.answers else '[]' end as answers,
         case when s.is_shown and coalesce(a.contact_email, a.contact_phone) is not null then
           json_build_object('email', a.contact_email, 'phone', a.contact_phone) end as contact,
         a.reject_reason as "rejectReason",
         case when a.interview_minutes is not null then
           json_build_object('slots', a.interview_slots, 'minutes', a.interview_minutes, 'note', a.interview_note,
                             'startsAt', ${isoTime(sql`a.interview_at`)}) end as interview,
         a.user_id = ${me} as "isOwn", ${isoTime(sql`a.ended_at`)} as "endedAt", ${isoTime(sql`a.created_at`)} as "createdAt",
         ${isoTime(sql`a.updated_at`)} as "updatedAt", a.version
    from job_applications a join job_postings j on j.id = a.posting_id left join company_profiles c on c.user_id = a.company_id
    left join candidate_profiles p on p.user_id = a.user_id
   cross join lateral (select a.user_id = ${me} or a.status <> 'withdrawn' as is_shown) s
   where ${where} ${orderAndLimit}`

const applicationView = (me: string, id: string): Statement<JobApplicationRow> =>
  rowsOf(applicationRow)`${applicationSelect(me, sql`a.id = ${id}`)}`

/** Refuses insults; contact details are the applicant's to give. */
function refuseInsults(texts: readonly (readonly [field: string, text: string | null | undefined])[]): void {
  const fields = texts
    .filter(
      ([, text]) => typeof text === 'string' && moderate(text, { mayExchangeContacts: true }) === 'reject',
    )
    .map(([field]) => field)
  if (fields.length > 0) throw new Problem('contacts_refused', { fields: [...new Set(fields)] })
}

export interface NewApplication {
  coverNote: string | null
  answers: { key: string; answer: string }[]
  contact: { email: string | null; phone: string | null } | null
}

export async function applyForJob(
  ctx: Context<UserActor>,
  jobPostingId: string,
  { coverNote, answers, contact }: NewApplication,
): Promise<JobApplicationRow> {
  refuseInsults([
    ['coverNote', coverNote],
    ...answers.map(({ answer }): [string, string] => ['answers', answer]),
  ])
  const me = ctx.actor.userId
  const id = newId(ctx.now.getTime())
  const fields = {
    coverNote,
    answers,
    contactEmail: contact?.email ?? null,
    contactPhone: contact?.phone ?? null,
  }
  const effects = [
    ...lockAccount(me),
    sql`select khidma.apply_for_job(${id}, ${jobPostingId}, ${me}, ${JSON.stringify(fields)}::jsonb)`,
  ]
  return one(await ctx.db.write(effects, applicationView(me, id)))
}

/** First effects of whoever acts on an application: the account, then the application. */
const actOn = (ctx: Context<UserActor>, id: string, by: 'company' | 'applicant'): SQL[] => [
  ...lockAccount(ctx.actor.userId),
  sql`select khidma.act_on_application(${id}, ${ctx.actor.userId}, ${textArray(rolesThatMay('hire'))}, ${by === 'company'})`,
]

const acted = async (ctx: Context<UserActor>, id: string, effects: SQL[]): Promise<JobApplicationRow> =>
  one(await ctx.db.write(effects, applicationView(ctx.actor.userId, id)))

export const moveApplication = (
  ctx: Context<UserActor>,
  id: string,
  status: 'shortlisted' | 'offered' | 'hired',
): Promise<JobApplicationRow> =>
  acted(ctx, id, [
    ...actOn(ctx, id, 'company'),
    sql`update job_applications set status = ${status} where id = ${id}`,
  ])

export const rejectApplication = (
  ctx: Context<UserActor>,
  id: string,
  reason: string | null,
): Promise<JobApplicationRow> =>
  acted(ctx, id, [
    ...actOn(ctx, id, 'company'),
    sql`update job_applications set status = 'rejected', reject_reason = ${reason} where id = ${id}`,
  ])

export const withdrawApplication = (ctx: Context<UserActor>, id: string): Promise<JobApplicationRow> =>
  acted(ctx, id, [
    ...actOn(ctx, id, 'applicant'),
    sql`update job_applications set status = 'withdrawn' where id = ${id}`,
  ])

export interface Interview {
  slots: string[]
  minutes: number
  note: string | null
}

/** The first times, or others in place of those. */
export const proposeInterview = (
  ctx: Context<UserActor>,
  id: string,
  { slots, minutes, note }: Interview,
  isFirst: boolean,
): Promise<JobApplicationRow> =>
  acted(ctx, id, [
    ...actOn(ctx, id, 'company'),
    isFirst
      ? sql`update job_applications set status = 'interview' where id = ${id}`
      : sql`select khidma.refuse(409, 'invalid_transition', jsonb_build_object('from', a.status, 'to', 'interview'))
              from job_applications a where a.id = ${id} and a.status <> 'interview'`,
    sql`select khidma.propose_interview(${id}, ${JSON.stringify([...slots].sort())}::jsonb, ${minutes}, ${note})`,
  ])

export const chooseInterview = (
  ctx: Context<UserActor>,
  id: string,
  startsAt: string,
): Promise<JobApplicationRow> =>
  acted(ctx, id, [
    ...actOn(ctx, id, 'applicant'),
    sql`select khidma.choose_interview(${id}, ${startsAt}::timestamptz)`,
  ])

export interface ApplicationFilters {
  status?: JobApplicationStatus | undefined
}

const withStatus = (status: JobApplicationStatus | undefined): SQL =>
  status ? sql`a.status = ${status}` : sql`true`

/** Condition on application `a` for the people of the company who hire: others are refused. */
const isHiring = (ctx: Context<UserActor>, companyId: SQL): SQL =>
  sql`(${actsFor(ctx, companyId, 'hire')}).id is not null`

/** One row that holds the page, so that those who may not look are refused. */
export async function listOfPosting(
  ctx: Context<UserActor>,
  jobPostingId: string,
  { status }: ApplicationFilters,
  page: PageRequest,
): Promise<JobApplicationRow[]> {
  const { within, orderAndLimit } = listing(page, 'a')
  const where = sql`a.posting_id = ${jobPostingId} and ${withStatus(status)} and ${within}`
  const rows = await ctx.db.read(rowsOf({ applications: list(applicationRow) })`
    select coalesce((select json_agg(x) from (${applicationSelect(ctx.actor.userId, where, orderAndLimit)}) x), '[]') as applications
      from job_postings o where o.id = ${jobPostingId} and ${isHiring(ctx, sql`o.company_id`)}`)
  return one(rows).applications
}

export function listOwn(
  ctx: Context<UserActor>,
  { status }: ApplicationFilters,
  page: PageRequest,
): Promise<JobApplicationRow[]> {
  const me = ctx.actor.userId
  const { within, orderAndLimit } = listing(page, 'a')
  const where = sql`a.user_id = ${me} and ${withStatus(status)} and ${within}`
  return ctx.db.read(rowsOf(applicationRow)`${applicationSelect(me, where, orderAndLimit)}`)
}

/** For the applicant, and the people of the company who hire. */
export async function getApplication(ctx: Context<UserActor>, id: string): Promise<JobApplicationRow> {
  const me = ctx.actor.userId
  const isSeen = sql`(a.user_id = ${me} or ${isHiring(ctx, sql`a.company_id`)})`
  return one(
    await ctx.db.read(rowsOf(applicationRow)`${applicationSelect(me, sql`a.id = ${id} and ${isSeen}`)}`),
  )
}

const noteRow = { id: uuid, authorId: uuid, authorName: nullable(text), text, createdAt: time }
export type NoteRow = RowOf<typeof noteRow>

const noteSelect = (where: SQL, orderAndLimit: SQL = sql``): SQL => sql`
  select n.id, n.author_id as "authorId", u.full_name as "authorName", n.text, ${isoTime(sql`n.created_at`)} as "createdAt"
    from job_application_notes n join users u on u.id = n.author_id where ${where} ${orderAndLimit}`

export async function addNote(ctx: Context<UserActor>, id: string, text: string): Promise<NoteRow> {
  const noteId = newId(ctx.now.getTime())
  const effects = [
    ...actOn(ctx, id, 'company'),
    sql`insert into job_application_notes (id, application_id, author_id, text) values (${noteId}, ${id}, ${ctx.actor.userId}, ${text})`,
  ]
  return one(await ctx.db.write(effects, rowsOf(noteRow)`${noteSelect(sql`n.id = ${noteId}`)}`))
}

/** For the people of the company alone: the applicant is refused. */
export async function listNotes(ctx: Context<UserActor>, id: string, page: PageRequest): Promise<NoteRow[]> {
  const me = ctx.actor.userId
  const { after, orderAndLimit } = newestFirst(page, sql`n.id`)
  const rows = await ctx.db.read(rowsOf({ notes: list(noteRow) })`
    select coalesce((select json_agg(x) from (${noteSelect(sql`n.application_id = ${id} and ${after}`, orderAndLimit)}) x), '[]') as notes
      from job_applications a
     where a.id = ${id}
       and case when a.user_id = ${me} then khidma.refuse(403, 'forbidden') is null else ${isHiring(ctx, sql`a.company_id`)} end`)
  return one(rows).notes
}
