import { type SQL, sql } from 'drizzle-orm'
import { type Context, isStaff, type UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { isoTime } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import { insertion } from '../../../db/patch.ts'
import { int, json, list, nullable, oneOf, type RowOf, rowsOf, text, time, uuid } from '../../../db/rows.ts'
import {
  jobPostings,
  type PostingMeans,
  postingEnds,
  postingPaymentKinds,
  postingPaymentMethods,
  postingPaymentStates,
} from '../../../db/schema/work/job-postings.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { actFor, actsFor } from '../../people/companies/members.ts'
import { lockAccount } from '../../people/profiles/own-rows.ts'
import { contentChanges, type JobFields, type JobPatch, refuseContacts } from './fields.ts'
import { type JobPostingStatus, jobPostingMachine } from './machine.ts'
import { contentColumns, contentRow } from './rows.ts'

/** Postings as the people of their company and staff see them. */

const postingRow = {
  id: uuid,
  companyId: uuid,
  companyName: text,
  postedBy: nullable(uuid),
  status: oneOf(jobPostingMachine.states),
  ...contentRow,
  closesAt: time,
  submittedAt: nullable(time),
  liveAt: nullable(time),
  rejectionReason: nullable(text),
  pendingChanges: nullable(json<Record<string, unknown>>()),
  closedAt: nullable(time),
  closeReason: nullable(oneOf(postingEnds)),
  answerBy: nullable(time),
  paidUntil: nullable(time),
  /** The last one. */
  payment: nullable({
    id: uuid,
    kind: oneOf(postingPaymentKinds),
    method: oneOf(postingPaymentMethods),
    credits: int,
    days: int,
    entitlementId: nullable(uuid),
    status: oneOf(postingPaymentStates),
  }),
  createdAt: time,
  updatedAt: time,
  version: int,
}
export type JobPostingRow = RowOf<typeof postingRow>

const postingSelect = (where: SQL, orderAndLimit: SQL = sql``): SQL => sql`
  select j.id, j.company_id as "companyId", coalesce(c.company_name, '') as "companyName", j.posted_by as "postedBy", j.status, ${contentColumns},
         ${isoTime(sql`j.closes_at`)} as "closesAt", ${isoTime(sql`j.submitted_at`)} as "submittedAt", ${isoTime(sql`j.live_at`)} as "liveAt",
         j.rejection_reason as "rejectionReason", j.pending_changes as "pendingChanges", ${isoTime(sql`j.closed_at`)} as "closedAt",
         j.close_reason as "closeReason", ${isoTime(sql`j.answer_by`)} as "answerBy", ${isoTime(sql`j.paid_until`)} as "paidUntil",
         (select json_build_object('id', x.id, 'kind', x.kind, 'method', x.method, 'credits', x.credits, 'days', x.days,
                                   'entitlementId', x.entitlement_id, 'status', x.status)
            from job_posting_payments x where x.posting_id = j.id order by x.id desc limit 1) as payment,
         ${isoTime(sql`j.created_at`)} as "createdAt",
         ${isoTime(sql`j.updated_at`)} as "updatedAt", j.version
    from job_postings j left join company_profiles c on c.user_id = j.company_id where ${where} ${orderAndLimit}`

const postingView = (id: string): Statement<JobPostingRow> =>
  rowsOf(postingRow)`${postingSelect(sql`j.id = ${id}`)}`

const companyOf = (id: string): SQL => sql`(select j.company_id from job_postings j where j.id = ${id})`

/** First effects of whoever changes a posting for its company: the account, the company, the posting. */
const lockPosting = (ctx: Context<UserActor>, id: string, expectedVersion: number | null = null): SQL[] => [
  ...lockAccount(ctx.actor.userId),
  ...actFor(ctx, companyOf(id), 'hire'),
  sql`select khidma.assert_version(j.version, ${expectedVersion}) from job_postings j where j.id = ${id} for no key update`,
]

/** Refuses a deadline that is over, or further away than is allowed. */
const deadlineStands = (closesAt: string): SQL => sql`
  select khidma.refuse(422, 'job_deadline_refused', jsonb_build_object('days', k.days))
    from (select khidma.config_value('job_postings.most_days', null, null, null)::int as days) k
   where ${closesAt}::timestamptz <= now() or ${closesAt}::timestamptz > now() + make_interval(days => k.days)`

/** A draft, for an approved company. */
export async function createPosting(
  ctx: Context<UserActor>,
  companyId: string,
  fields: JobFields,
): Promise<JobPostingRow> {
  refuseContacts(fields)
  const id = newId(ctx.now.getTime())
  const { location, salary, questions, ...rest } = fields
  const row = {
    ...rest,
    id,
    companyId,
    postedBy: ctx.actor.userId,
    placeName: location.place,
    city: location.city,
    country: location.country,
    lat: location.lat,
    lng: location.lng,
    salaryMin: salary?.min ?? null,
    salaryMax: salary?.max ?? null,
    salaryCurrency: salary?.currency ?? null,
    salaryPeriod: salary?.period ?? null,
    questions: sql`${JSON.stringify(questions)}::jsonb`,
    closesAt: sql`${fields.closesAt}::timestamptz`,
  }
  const effects = [
    ...lockAccount(ctx.actor.userId),
    ...actFor(ctx, companyId, 'hire'),
    sql`select khidma.refuse(409, 'company_not_open') where not khidma.is_company_open(${companyId})`,
    deadlineStands(fields.closesAt),
    sql`insert into job_postings ${insertion(jobPostings, row)}`,
  ]
  return one(await ctx.db.write(effects, postingView(id)))
}

/** Changes a draft at once; the text of a live posting waits for approval, and its deadline applies at once. */
export async function updatePosting(
  ctx: Context<UserActor>,
  id: string,
  patch: JobPatch,
  expectedVersion: number | null,
): Promise<JobPostingRow> {
  refuseContacts(patch)
  const effects = lockPosting(ctx, id, expectedVersion)
  effects.push(sql`
    select khidma.refuse(409, 'job_posting_fixed', jsonb_build_object('status', j.status)) from job_postings j
     where j.id = ${id} and j.status in ('pending', 'closed')`)
  const { closesAt } = patch
  if (closesAt !== undefined)
    effects.push(
      deadlineStands(closesAt),
      sql`select khidma.refuse(409, 'job_posting_paid_until', jsonb_build_object('paidUntil', khidma.iso(j.paid_until)))
            from job_postings j where j.id = ${id} and j.status = 'live' and ${closesAt}::timestamptz > j.paid_until`,
      sql`update job_postings set closes_at = ${closesAt}::timestamptz where id = ${id}`,
    )
  const changes = contentChanges(patch)
  if (changes) effects.push(sql`select khidma.revise_job_posting(${id}, ${JSON.stringify(changes)}::jsonb)`)
  return one(await ctx.db.write(effects, postingView(id)))
}

/** Reserves what the posting costs, by the means that are chosen: by default an entitlement, else credits. */
export async function submitPosting(
  ctx: Context<UserActor>,
  id: string,
  payWith: PostingMeans | null,
): Promise<JobPostingRow> {
  const effects = [
    ...lockPosting(ctx, id),
    sql`update job_postings set status = 'pending', pay_with = ${payWith} where id = ${id}`,
  ]
  return one(await ctx.db.write(effects, postingView(id)))
}

export async function withdrawPosting(ctx: Context<UserActor>, id: string): Promise<JobPostingRow> {
  const effects = [...lockPosting(ctx, id), sql`update job_postings set status = 'draft' where id = ${id}`]
  return one(await ctx.db.write(effects, postingView(id)))
}

/** Pays again for a live posting. */
export async function extendPosting(
  ctx: Context<UserActor>,
  id: string,
  payWith: PostingMeans | null,
): Promise<JobPostingRow> {
  const effects = [...lockPosting(ctx, id), sql`select khidma.extend_job_posting(${id}, ${payWith})`]
  return one(await ctx.db.write(effects, postingView(id)))
}

/** A draft of the text of a closed posting. */
export async function repostJob(
  ctx: Context<UserActor>,
  id: string,
  closesAt: string,
): Promise<JobPostingRow> {
  const newPosting = newId(ctx.now.getTime())
  const effects = [
    ...lockPosting(ctx, id),
    deadlineStands(closesAt),
    sql`select khidma.repost_job(${newPosting}, ${id}, ${ctx.actor.userId}, ${closesAt}::timestamptz)`,
  ]
  return one(await ctx.db.write(effects, postingView(newPosting)))
}

const balanceRow = { jobPostings: int, contactViews: int, credits: int }
export type HiringBalanceRow = RowOf<typeof balanceRow>

/** Entitlements and credits of the account of a company, for those who hire for it. */
export async function getHiringBalance(
  ctx: Context<UserActor>,
  companyId: string,
): Promise<HiringBalanceRow> {
  const left = (kind: string): SQL => sql`
    (select coalesce(sum(khidma.entitlement_left(e)), 0)::int from entitlements e
      where e.owner_id = own.company_id and e.kind = ${kind} and e.valid_from <= now())`
  return one(
    await ctx.db.read(rowsOf(balanceRow)`
      select ${left('job_posting')} as "jobPostings", ${left('contact_view')} as "contactViews",
             (select coalesce(sum(s.remaining), 0)::bigint from khidma.spendable_credits(own.company_id, 'job_postings') s) as credits
        from ${actsFor(ctx, companyId, 'hire')} own`),
  )
}

/** By the company, or by staff: what staff close ends what is open with it. */
export async function closePosting(
  ctx: Context<UserActor>,
  id: string,
  { reason, endApplications }: { reason?: string | undefined; endApplications: boolean },
): Promise<JobPostingRow> {
  const byStaff = isStaff(ctx.actor)
  const effects = [
    ...(byStaff ? lockForStaff(id, null) : lockPosting(ctx, id)),
    sql`select khidma.give_reason(${reason ?? null})`,
    sql`select khidma.close_job_posting(${id}, ${byStaff ? 'staff' : 'company'}, ${byStaff || endApplications})`,
  ]
  return one(await ctx.db.write(effects, postingView(id)))
}

const lockForStaff = (id: string, expectedVersion: number | null): SQL[] => [
  sql`select khidma.refuse(404, 'not_found') where not exists (select from job_postings j where j.id = ${id})`,
  sql`select khidma.assert_version(j.version, ${expectedVersion}) from job_postings j where j.id = ${id} for no key update`,
]

/** A reason rejects, null approves. */
export async function decidePosting(
  ctx: Context<UserActor>,
  id: string,
  reason: string | null,
  expectedVersion: number | null,
): Promise<JobPostingRow> {
  const me = ctx.actor.userId
  const effects = [
    ...lockForStaff(id, expectedVersion),
    sql`select khidma.give_reason(${reason})`,
    reason === null
      ? sql`update job_postings set status = 'live', reviewed_by = ${me} where id = ${id}`
      : sql`update job_postings set status = 'draft', rejection_reason = ${reason}, reviewed_at = now(), reviewed_by = ${me} where id = ${id}`,
  ]
  return one(await ctx.db.write(effects, postingView(id)))
}

/** The changes of a live posting: a reason rejects them, null makes them public. */
export async function decideChanges(
  ctx: Context<UserActor>,
  id: string,
  reason: string | null,
  expectedVersion: number | null,
): Promise<JobPostingRow> {
  const effects = [
    ...lockForStaff(id, expectedVersion),
    sql`select khidma.decide_job_changes(${id}, ${reason})`,
  ]
  return one(await ctx.db.write(effects, postingView(id)))
}

export interface PostingFilters {
  status?: JobPostingStatus | undefined
}

/** One row that holds the page, so that those who may not look are refused. */
export async function listPostings(
  ctx: Context<UserActor>,
  companyId: string,
  { status }: PostingFilters,
  page: PageRequest,
): Promise<JobPostingRow[]> {
  const { within, orderAndLimit } = listing(page, 'j')
  const withStatus = status ? sql`j.status = ${status}` : sql`true`
  const where = sql`j.company_id = ${companyId} and ${withStatus} and ${within}`
  const rows = await ctx.db.read(rowsOf({ postings: list(postingRow) })`
    select coalesce((select json_agg(x) from (${postingSelect(where, orderAndLimit)}) x), '[]') as postings
      from ${actsFor(ctx, companyId, 'hire')} own`)
  return one(rows).postings
}

/** For those of the company who hire, and staff. */
export async function getDetails(ctx: Context<UserActor>, id: string): Promise<JobPostingRow> {
  const isSeen = isStaff(ctx.actor)
    ? sql`true`
    : sql`(${actsFor(ctx, sql`j.company_id`, 'hire')}).id is not null`
  return one(await ctx.db.read(rowsOf(postingRow)`${postingSelect(sql`j.id = ${id} and ${isSeen}`)}`))
}
