import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { int, json, type RowOf, rowsOf, text, uuid } from '../../../db/rows.ts'
import type { InputQuestion } from '../../../db/schema/supply/catalog.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { defaultLanguage } from '../../people/profiles/languages.ts'
import { visibleTo } from './categories.ts'

/** Questions that a category asks of whoever describes work: the schema of `structuredInputs` of its tasks. */

const inputsRow = {
  /** The category that gives the list: itself, or one above it. */
  categoryId: uuid,
  version: int,
  questions: json<InputQuestion[]>(),
  defaultLanguage: text,
}
export type InputsRow = RowOf<typeof inputsRow>

/** Version 0 of a category that nobody has given a list. */
const inputsView = (where: SQL): Statement<InputsRow> => rowsOf(inputsRow)`
  select coalesce(i.category_id, c.id) as "categoryId", coalesce(i.version, 0) as version, coalesce(i.questions, '[]') as questions,
         ${defaultLanguage} as "defaultLanguage"
    from task_categories c left join lateral khidma.inputs_of_category(c.id) i on true where ${where}`

export async function getInputs(ctx: Context, categoryId: string): Promise<InputsRow> {
  return one(await ctx.db.read(inputsView(sql`c.id = ${categoryId} and ${visibleTo(ctx)}`)))
}

/**
 * The next version of a category's list. Versions count over all lists, so that one names a list wherever it is inherited. Tasks keep
 * their answers; they are held against the new list when they are changed, and when they are posted.
 */
export async function putInputs(
  ctx: Context<UserActor>,
  categoryId: string,
  questions: InputQuestion[],
  expectedVersion: number | null,
): Promise<InputsRow> {
  const id = newId(ctx.now.getTime())
  const isLive = sql`c.id = ${categoryId} and c.deleted_at is null`
  const effects = [
    sql`select khidma.lock_category_tree()`,
    sql`select khidma.assert_version(coalesce(i.version, 0), ${expectedVersion})
          from task_categories c left join lateral khidma.inputs_of_category(c.id) i on true where ${isLive}`,
    sql`insert into category_inputs (id, category_id, version, questions, created_by)
        select ${id}, c.id, (select coalesce(max(i.version), 0) + 1 from category_inputs i), ${JSON.stringify(questions)}::jsonb,
               ${ctx.actor.userId}
          from task_categories c where ${isLive}`,
  ]
  return one(await ctx.db.write(effects, inputsView(isLive)))
}
