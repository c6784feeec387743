import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import type { Names, Translations } from '../../../core/translations.ts'
import { isoTime } from '../../../db/json.ts'
import {
  bool,
  int,
  json,
  list,
  nullable,
  number,
  oneOf,
  type RowOf,
  rowsOf,
  text,
  time,
  uuid,
} from '../../../db/rows.ts'
import type { SubjectKind } from '../../../db/schema/supply/requirements.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { defaultLanguage } from '../../people/profiles/languages.ts'
import { lockAccount } from '../../people/profiles/own-rows.ts'
import { requirementStatuses } from './kinds.ts'

const itemRow = {
  requirementId: uuid,
  requirementVersion: int,
  kind: text,
  documentType: nullable(text),
  isRequired: bool,
  names: json<Names>(),
  descriptions: json<Translations>(),
  status: oneOf(requirementStatuses),
  waivedUntil: nullable(time),
}
export type ItemRow = RowOf<typeof itemRow>

const checklistRow = { items: list(itemRow), defaultLanguage: text }
export type ChecklistRow = RowOf<typeof checklistRow>

/** The same function decides: a list that is complete here is complete there. No row where there is no such subject. */
const checklistOf = (
  kind: SubjectKind,
  id: string,
  shown: SQL = sql`true`,
): Statement<ChecklistRow> => rowsOf(checklistRow)`
  select ${defaultLanguage} as "defaultLanguage", (
    select coalesce(json_agg(json_build_object(
             'requirementId', q.requirement_id, 'requirementVersion', q.requirement_version, 'kind', q.kind,
             'documentType', q.document_type, 'isRequired', q.is_required, 'names', q.names, 'descriptions', q.descriptions,
             'status', q.status, 'waivedUntil', ${isoTime(sql`q.waived_until`)}) order by q."position", q.requirement_id), '[]')
      from khidma.requirements_of(${kind}, ${id}) q) as items
   where exists (select from khidma.requirement_subject(${kind}, ${id})) and ${shown}`

/** A person's own checklist: of their tasker profile or company, or of one of their role profiles. */
export interface OwnSubject {
  subjectKind: 'tasker' | 'company'
  roleProfileId?: string | undefined
}

const subjectOf = (userId: string, { subjectKind, roleProfileId }: OwnSubject): [SubjectKind, string] =>
  roleProfileId === undefined ? [subjectKind, userId] : ['role_profile', roleProfileId]

/** Strangers find nothing. */
const assertOwn = (kind: SubjectKind, id: string, userId: string): SQL =>
  sql`select khidma.refuse(404, 'not_found') where not exists (
        select from khidma.requirement_subject(${kind}, ${id}) s where s.user_id = ${userId})`

export async function getOwnChecklist(ctx: Context<UserActor>, subject: OwnSubject): Promise<ChecklistRow> {
  const { userId } = ctx.actor
  const [kind, id] = subjectOf(userId, subject)
  const isOwn = sql`exists (select from khidma.requirement_subject(${kind}, ${id}) s where s.user_id = ${userId})`
  return one(await ctx.db.read(checklistOf(kind, id, isOwn)))
}

export async function getChecklist(ctx: Context, kind: SubjectKind, id: string): Promise<ChecklistRow> {
  return one(await ctx.db.read(checklistOf(kind, id)))
}

/** Confirms the text as it is now; a text that changes its date is asked again. */
export async function attest(
  ctx: Context<UserActor>,
  subject: OwnSubject,
  requirementId: string,
): Promise<ChecklistRow> {
  const { userId } = ctx.actor
  const [kind, id] = subjectOf(userId, subject)
  const named: SQL = sql`from requirements r where r.id = ${requirementId} and r.subject_kind = ${kind} and r.is_active`
  const effects = [
    ...lockAccount(userId),
    assertOwn(kind, id, userId),
    sql`select khidma.refuse(404, 'not_found') where not exists (select ${named})`,
    sql`select khidma.refuse(409, 'requirement_not_attested') ${named} and r.kind <> 'terms'`,
    sql`insert into requirement_submissions (id, requirement_id, requirement_version, subject_kind, subject_id, user_id)
        select ${newId(ctx.now.getTime())}, r.id, r.version, ${kind}, ${id}, ${userId} ${named}
           and not exists (select from requirement_submissions s where s.requirement_id = r.id and s.subject_id = ${id}
                              and s.created_at >= r.effective_from)`,
  ]
  return one(await ctx.db.write(effects, checklistOf(kind, id)))
}

const funnelRow = {
  id: uuid,
  kind: text,
  documentType: nullable(text),
  isRequired: bool,
  names: json<Names>(),
  reached: int,
  waiting: int,
  done: int,
  rejected: int,
  waived: int,
  medianHours: nullable(number),
  defaultLanguage: text,
}
export type FunnelRow = RowOf<typeof funnelRow>

const mostSubjects = 5_000

export function getFunnel(ctx: Context, kind: SubjectKind, days: number): Promise<FunnelRow[]> {
  return ctx.db.read(rowsOf(funnelRow)`
    select f.requirement_id as id, f.kind, f.document_type as "documentType", f.is_required as "isRequired", f.names, f.reached,
           f.waiting, f.done, f.rejected, f.waived, f.median_hours as "medianHours", ${defaultLanguage} as "defaultLanguage"
      from khidma.onboarding_funnel(${kind}, ${days}, ${mostSubjects}) f`)
}
