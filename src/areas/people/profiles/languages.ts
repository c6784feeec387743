import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { keyset, type PageRequest } from '../../../db/keyset.ts'
import { bool, int, oneOf, type RowOf, rowsOf, text } from '../../../db/rows.ts'
import { lockAccount } from './own-rows.ts'

const languageRow = { code: text, name: text, nativeName: text, isDefault: bool, sortOrder: int }
export type LanguageRow = RowOf<typeof languageRow>

export const proficiencies = ['basic', 'conversational', 'fluent', 'native'] as const
export type Proficiency = (typeof proficiencies)[number]

export interface SpokenLanguage {
  code: string
  proficiency: Proficiency
}

const spokenLanguageRow = { code: text, proficiency: oneOf(proficiencies), name: text, nativeName: text }
export type SpokenLanguageRow = RowOf<typeof spokenLanguageRow>

export function listLanguages(ctx: Context, page: PageRequest): Promise<LanguageRow[]> {
  const { after, orderAndLimit } = keyset(page, [
    { by: sql`l.sort_order`, type: 'integer', direction: 'asc' },
    { by: sql`l.code`, type: 'text', direction: 'asc' },
  ])
  const statement = rowsOf(languageRow)`
    select l.code, l.name, l.native_name as "nativeName", l.is_default as "isDefault", l.sort_order as "sortOrder"
      from languages l where l.is_active and ${after} ${orderAndLimit}`
  return ctx.db.read(statement)
}

const spokenView = (userId: string, after: SQL, orderAndLimit: SQL) => rowsOf(spokenLanguageRow)`
  select s.language_code as code, s.proficiency, l.name, l.native_name as "nativeName"
    from user_languages s join languages l on l.code = s.language_code
   where s.user_id = ${userId} and ${after} ${orderAndLimit}`

export function listSpokenLanguages(
  ctx: Context<UserActor>,
  page: PageRequest,
): Promise<SpokenLanguageRow[]> {
  const { after, orderAndLimit } = keyset(page, [
    { by: sql`s.language_code`, type: 'text', direction: 'asc' },
  ])
  return ctx.db.read(spokenView(ctx.actor.userId, after, orderAndLimit))
}

/** The whole list at once: what is not in it is no longer spoken. */
export function setSpokenLanguages(
  ctx: Context<UserActor>,
  spoken: SpokenLanguage[],
): Promise<SpokenLanguageRow[]> {
  const { userId } = ctx.actor
  const wanted = sql`jsonb_to_recordset(${JSON.stringify(spoken)}::jsonb) as wanted (code text, proficiency language_proficiency)`
  const effects = [
    ...lockAccount(userId),
    sql`select khidma.refuse(422, 'unknown_language') from ${wanted}
         where not exists (select from languages l where l.code = wanted.code and l.is_active)`,
    sql`delete from user_languages s where s.user_id = ${userId}
           and not exists (select from ${wanted} where wanted.code = s.language_code)`,
    sql`insert into user_languages (user_id, language_code, proficiency)
        select ${userId}, wanted.code, wanted.proficiency from ${wanted}
        on conflict (user_id, language_code) do update set proficiency = excluded.proficiency`,
  ]
  return ctx.db.write(effects, spokenView(userId, sql`true`, sql`order by s.language_code`))
}
