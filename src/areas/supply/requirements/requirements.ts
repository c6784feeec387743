import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import type { Names, Translations } from '../../../core/translations.ts'
import { rowColumns } from '../../../db/json.ts'
import { keyset, newestFirst, type PageRequest } from '../../../db/keyset.ts'
import { assignments, insertion } from '../../../db/patch.ts'
import { columnsOf, type RowOf, rowsOf, text } from '../../../db/rows.ts'
import { requirements, requirementWaivers, type SubjectKind } from '../../../db/schema/supply/requirements.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { defaultLanguage } from '../../people/profiles/languages.ts'

const requirementRow = { ...columnsOf(requirements), defaultLanguage: text }
export type RequirementRow = RowOf<typeof requirementRow>

const requirementView = (where: SQL): Statement<RequirementRow> => rowsOf(requirementRow)`
  select ${rowColumns(requirements, 'r')}, ${defaultLanguage} as "defaultLanguage" from requirements r where ${where}`

const byId = (id: string): SQL => sql`r.id = ${id}`

export interface RequirementFields {
  isRequired?: boolean | undefined
  position?: number | undefined
  names?: Names | undefined
  descriptions?: Translations | undefined
  effectiveFrom?: string | undefined
  isActive?: boolean | undefined
}

export interface NewRequirement extends RequirementFields {
  kind: string
  subjectKind: SubjectKind
  roleKey?: string | undefined
  country?: string | undefined
  documentType?: string | undefined
  names: Names
}

const columnsOfFields = ({ effectiveFrom, names, descriptions, ...fields }: RequirementFields) => ({
  ...fields,
  ...(names && { names: sql`${JSON.stringify(names)}::jsonb` }),
  ...(descriptions && { descriptions: sql`${JSON.stringify(descriptions)}::jsonb` }),
  ...(effectiveFrom && { effectiveFrom: new Date(effectiveFrom) }),
})

export function listRequirements(
  ctx: Context<UserActor>,
  { subjectKind, isActive }: { subjectKind?: SubjectKind | undefined; isActive?: boolean | undefined },
  page: PageRequest,
): Promise<RequirementRow[]> {
  const { after, orderAndLimit } = keyset(page, [
    { by: sql`r."position"`, type: 'integer', direction: 'asc' },
    { by: sql`r.id`, type: 'uuid', direction: 'asc' },
  ])
  const conditions = [after]
  if (subjectKind) conditions.push(sql`r.subject_kind = ${subjectKind}`)
  if (isActive !== undefined) conditions.push(sql`r.is_active = ${isActive}`)
  return ctx.db.read(requirementView(sql`${sql.join(conditions, sql` and `)} ${orderAndLimit}`))
}

export async function getRequirement(ctx: Context<UserActor>, id: string): Promise<RequirementRow> {
  return one(await ctx.db.read(requirementView(byId(id))))
}

export async function createRequirement(
  ctx: Context<UserActor>,
  fields: NewRequirement,
): Promise<RequirementRow> {
  const id = newId(ctx.now.getTime())
  const { effectiveFrom: _, names: __, descriptions: ___, ...plain } = fields
  const row = { id, ...plain, ...columnsOfFields(fields) }
  const insert = sql`insert into requirements ${insertion(requirements, row)}`
  return one(await ctx.db.write([insert], requirementView(byId(id))))
}

export async function updateRequirement(
  ctx: Context<UserActor>,
  id: string,
  patch: RequirementFields,
  expectedVersion: number | null,
): Promise<RequirementRow> {
  const changes = assignments(requirements, columnsOfFields(patch))
  const effects = [
    sql`select khidma.assert_version(r.version, ${expectedVersion}) from requirements r where ${byId(id)} for update`,
  ]
  if (changes) effects.push(sql`update requirements set ${changes} where id = ${id}`)
  return one(await ctx.db.write(effects, requirementView(byId(id))))
}

const waiverRow = columnsOf(requirementWaivers)
export type WaiverRow = RowOf<typeof waiverRow>

const waiverView = (where: SQL): Statement<WaiverRow> =>
  rowsOf(waiverRow)`select ${rowColumns(requirementWaivers, 'w')} from requirement_waivers w where ${where}`

export interface Waiver {
  requirementId: string
  subjectKind: SubjectKind
  subjectId: string
  reason: string
  expiresAt?: string | undefined
}

export async function waive(ctx: Context<UserActor>, waiver: Waiver): Promise<WaiverRow> {
  const id = newId(ctx.now.getTime())
  const { requirementId, subjectKind, subjectId, reason, expiresAt = null } = waiver
  const effect = sql`
    select khidma.waive_requirement(${id}, ${requirementId}, ${subjectKind}, ${subjectId}, ${reason}, ${expiresAt}::timestamptz)`
  return one(await ctx.db.write([effect], waiverView(sql`w.id = ${id}`)))
}

export function listWaivers(
  ctx: Context<UserActor>,
  { subjectId }: { subjectId?: string | undefined },
  page: PageRequest,
): Promise<WaiverRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`w.id`)
  const ofSubject = subjectId ? sql`w.subject_id = ${subjectId}` : sql`true`
  return ctx.db.read(waiverView(sql`${ofSubject} and ${after} ${orderAndLimit}`))
}

/** Ending it again changes nothing. */
export async function endWaiver(ctx: Context<UserActor>, id: string): Promise<WaiverRow> {
  const end = sql`
    update requirement_waivers set ended_at = now(), ended_by = ${ctx.actor.userId} where id = ${id} and ended_at is null`
  return one(await ctx.db.write([end], waiverView(sql`w.id = ${id}`)))
}
