import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { rowColumns } from '../../../db/json.ts'
import { keyset, newestFirst, type PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import { insertion } from '../../../db/patch.ts'
import {
  bool,
  columnsOf,
  int,
  list,
  nullable,
  number,
  type RowOf,
  rowsOf,
  text,
  uuid,
} from '../../../db/rows.ts'
import { caseNotes, cases } from '../../../db/schema/trust/cases.ts'
import { one, type Statement } from '../../../db/unit.ts'

const caseRow = {
  ...columnsOf(cases),
  isOverdue: bool,
  /** Sort key of the queue, to the microsecond. */
  dueKey: text,
}
export type CaseRow = RowOf<typeof caseRow>

const caseView = (where: SQL, orderAndLimit: SQL = sql``): Statement<CaseRow> => rowsOf(caseRow)`
  select ${rowColumns(cases, 'c')}, c.status <> 'closed' and c.due_at <= now() as "isOverdue",
         to_char(c.due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "dueKey"
    from cases c where ${where} ${orderAndLimit}`

const byId = (id: string): SQL => sql`c.id = ${id}`

export interface CaseFilters {
  queue?: string | undefined
  kind?: string | undefined
  status?: CaseRow['status'] | undefined
  assigneeId?: string | undefined
  subjectId?: string | undefined
  overdue?: boolean | undefined
}

/** Most overdue first. Without a status, all that wait for a decision; those that changed since a time, in any status. */
export function listCases(
  ctx: Context<UserActor>,
  filters: CaseFilters,
  page: PageRequest,
): Promise<CaseRow[]> {
  const { queue, kind, status, assigneeId, subjectId, overdue } = filters
  const { within, orderAndLimit } = listing(page, 'c', [
    { by: sql`c.due_at`, type: 'timestamptz', direction: 'asc' },
    { by: sql`c.id`, type: 'uuid', direction: 'asc' },
  ])
  const conditions = [within]
  if (status) conditions.push(sql`c.status = ${status}`)
  else if (page.updatedSince === undefined) conditions.push(sql`c.status <> 'closed'`)
  if (queue) conditions.push(sql`c.queue = ${queue}`)
  if (kind) conditions.push(sql`c.kind = ${kind}`)
  if (assigneeId) conditions.push(sql`c.assignee_id = ${assigneeId}`)
  if (subjectId) conditions.push(sql`c.subject_id = ${subjectId}`)
  if (overdue !== undefined) {
    conditions.push(sql`(c.status <> 'closed' and c.due_at <= now()) = ${overdue}`)
  }
  return ctx.db.read(caseView(sql.join(conditions, sql` and `), orderAndLimit))
}

export async function getCase(ctx: Context<UserActor>, id: string): Promise<CaseRow> {
  return one(await ctx.db.read(caseView(byId(id))))
}

/** Takes a case. The row's lock lets one of two who take it at once, and the machine refuses the other. */
export async function takeCase(ctx: Context<UserActor>, id: string): Promise<CaseRow> {
  const take = sql`
    update cases set status = 'assigned', assignee_id = ${ctx.actor.userId} where id = ${id}`
  return one(await ctx.db.write([take], caseView(byId(id))))
}

export async function assignCase(ctx: Context<UserActor>, id: string, assigneeId: string): Promise<CaseRow> {
  return one(await ctx.db.write([sql`select khidma.assign_case(${id}, ${assigneeId})`], caseView(byId(id))))
}

export async function releaseCase(ctx: Context<UserActor>, id: string): Promise<CaseRow> {
  const release = sql`update cases set status = 'open' where id = ${id}`
  return one(await ctx.db.write([release], caseView(byId(id))))
}

export async function decideSecondLook(
  ctx: Context<UserActor>,
  id: string,
  { agrees, note }: { agrees: boolean; note?: string | undefined },
): Promise<CaseRow> {
  const decide = sql`select khidma.decide_second_look(${id}, ${agrees}, ${note ?? null})`
  return one(await ctx.db.write([decide], caseView(byId(id))))
}

const noteRow = columnsOf(caseNotes)
export type CaseNoteRow = RowOf<typeof noteRow>

export async function addCaseNote(
  ctx: Context<UserActor>,
  caseId: string,
  words: string,
): Promise<CaseNoteRow> {
  const id = newId(ctx.now.getTime())
  const row = { id, caseId, authorId: ctx.actor.userId, text: words }
  const effects = [
    sql`select khidma.refuse(404, 'not_found') where not exists (select from cases c where c.id = ${caseId})`,
    sql`insert into case_notes ${insertion(caseNotes, row)}`,
  ]
  const view = rowsOf(noteRow)`select ${rowColumns(caseNotes, 'n')} from case_notes n where n.id = ${id}`
  return one(await ctx.db.write(effects, view))
}

export async function listCaseNotes(
  ctx: Context<UserActor>,
  caseId: string,
  page: PageRequest,
): Promise<CaseNoteRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`n.id`)
  const rows = await ctx.db.read(
    rowsOf({ notes: list(noteRow) })`select coalesce((select json_agg(x) from (
            select ${rowColumns(caseNotes, 'n')} from case_notes n where n.case_id = c.id and ${after} ${orderAndLimit}) x), '[]') as notes
          from cases c where c.id = ${caseId}`,
  )
  return one(rows).notes
}

const reviewerRow = {
  id: uuid,
  name: nullable(text),
  decided: int,
  late: int,
  medianMinutes: nullable(number),
  reversed: int,
  lookedAtAgain: int,
  agreed: int,
}
export type ReviewerRow = RowOf<typeof reviewerRow>

/** Figures of those who decided in the last `days`, each a fold over the cases themselves. */
export function listReviewers(
  ctx: Context<UserActor>,
  { days, kind }: { days: number; kind?: string | undefined },
  page: PageRequest,
): Promise<ReviewerRow[]> {
  const { after, orderAndLimit } = keyset(page, [{ by: sql`f.id`, type: 'uuid', direction: 'asc' }])
  const ofKind = kind ? sql`c.kind = ${kind}` : sql`c.kind <> 'second_look'`
  return ctx.db.read(rowsOf(reviewerRow)`
    select f.id, u.full_name as name, f.decided, f.late, f."medianMinutes", f.reversed, f."lookedAtAgain", f.agreed
      from (select c.decided_by as id, count(*)::int as decided,
                   (count(*) filter (where c.decided_at > c.due_at))::int as late,
                   round((percentile_cont(0.5) within group (order by extract(epoch from c.decided_at - c.created_at)) / 60)::numeric, 1)::double precision as "medianMinutes",
                   (count(*) filter (where c.reversed_at is not null))::int as reversed,
                   count(l.id)::int as "lookedAtAgain", (count(*) filter (where l.decision = 'agreed'))::int as agreed
              from cases c
              left join cases l on l.kind = 'second_look' and l.subject_id = c.id and l.status = 'closed'
             where c.decided_by is not null and c.decided_at > now() - make_interval(days => ${days}) and ${ofKind}
             group by c.decided_by) f
      join users u on u.id = f.id where ${after} ${orderAndLimit}`)
}
