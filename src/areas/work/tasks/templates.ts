import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { rowColumns } from '../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../db/keyset.ts'
import { assignments, insertion } from '../../../db/patch.ts'
import { columnsOf, type RowOf, rowsOf, text } from '../../../db/rows.ts'
import { taskTemplates } from '../../../db/schema/work/tasks.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { lockAccount } from '../../people/profiles/own-rows.ts'
import { copyTask } from './drafts.ts'
import type { TaskRow } from './tasks.ts'

/** Templates: names under which a client keeps tasks, to do them again. A template is the task as it is now. */

const templateRow = {
  ...columnsOf(taskTemplates),
  category: text,
  description: text,
}
export type TemplateRow = RowOf<typeof templateRow>

export interface TemplateFields {
  name?: string | undefined
  taskId?: string | undefined
}

export const templatesLimit = 50

const templateView = (where: SQL, orderAndLimit: SQL = sql``): Statement<TemplateRow> =>
  rowsOf(templateRow)`
    select ${rowColumns(taskTemplates, 'n')}, t.category, t.description
      from task_templates n join tasks t on t.id = n.task_id where ${where} ${orderAndLimit}`

const mine = (ctx: Context<UserActor>, id: string): SQL =>
  sql`n.id = ${id} and n.user_id = ${ctx.actor.userId}`

/** A template or series of somebody names a task of theirs. */
export const refuseForeignTask = (ctx: Context<UserActor>, taskId: string): SQL[] => [
  sql`select khidma.refuse(422, 'unknown_task') where not exists (
        select from tasks t where t.id = ${taskId} and t.client_id = ${ctx.actor.userId} for key share of t)`,
  sql`select khidma.refuse(409, 'task_archived') from tasks t where t.id = ${taskId} and t.description = '[archived]'`,
]

export function listTemplates(ctx: Context<UserActor>, page: PageRequest): Promise<TemplateRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`n.id`)
  return ctx.db.read(templateView(sql`n.user_id = ${ctx.actor.userId} and ${after}`, orderAndLimit))
}

export async function getTemplate(ctx: Context<UserActor>, id: string): Promise<TemplateRow> {
  return one(await ctx.db.read(templateView(mine(ctx, id))))
}

export async function createTemplate(
  ctx: Context<UserActor>,
  { name, taskId }: Required<TemplateFields> & { name: string; taskId: string },
): Promise<TemplateRow> {
  const id = newId(ctx.now.getTime())
  const { userId } = ctx.actor
  const effects = [
    ...lockAccount(userId),
    ...refuseForeignTask(ctx, taskId),
    sql`select khidma.refuse(409, 'limit_reached', jsonb_build_object('limit', ${templatesLimit}::int))
          from task_templates n where n.user_id = ${userId} having count(*) >= ${templatesLimit}`,
    sql`insert into task_templates ${insertion(taskTemplates, { id, userId, name, taskId })}`,
  ]
  return one(await ctx.db.write(effects, templateView(mine(ctx, id))))
}

const lockMine = (ctx: Context<UserActor>, id: string, expectedVersion: number | null): SQL =>
  sql`select khidma.assert_version(n.version, ${expectedVersion}) from task_templates n where ${mine(ctx, id)} for update`

export async function updateTemplate(
  ctx: Context<UserActor>,
  id: string,
  patch: TemplateFields,
  expectedVersion: number | null,
): Promise<TemplateRow> {
  const effects = [lockMine(ctx, id, expectedVersion)]
  if (patch.taskId !== undefined) effects.push(...refuseForeignTask(ctx, patch.taskId))
  const changes = assignments(taskTemplates, { ...patch })
  if (changes) effects.push(sql`update task_templates n set ${changes} where ${mine(ctx, id)}`)
  return one(await ctx.db.write(effects, templateView(mine(ctx, id))))
}

export async function deleteTemplate(
  ctx: Context<UserActor>,
  id: string,
  expectedVersion: number | null,
): Promise<void> {
  await ctx.db.write([
    sql`select khidma.refuse(404, 'not_found') where not exists (select from task_templates n where ${mine(ctx, id)})`,
    lockMine(ctx, id, expectedVersion),
    sql`delete from task_templates n where ${mine(ctx, id)}`,
  ])
}

/** A draft by the template. */
export const useTemplate = (ctx: Context<UserActor>, id: string, startsAt: string): Promise<TaskRow> =>
  copyTask(ctx, sql`(select n.task_id from task_templates n where ${mine(ctx, id)})`, startsAt)
