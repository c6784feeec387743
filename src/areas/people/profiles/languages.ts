import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { rowColumns } from '../../../db/json.ts'
import { keyset, type PageRequest } from '../../../db/keyset.ts'
import { assignments, insertion } from '../../../db/patch.ts'
import { columnsOf, oneOf, type RowOf, rowsOf, text } from '../../../db/rows.ts'
import { languages } from '../../../db/schema/people/profiles.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { lockAccount } from './own-rows.ts'

const languageRow = columnsOf(languages)
export type LanguageRow = RowOf<typeof languageRow>

export const proficiencies = ['basic', 'conversational', 'fluent', 'native'] as const
export type Proficiency = (typeof proficiencies)[number]

export interface SpokenLanguage {
  code: string
  proficiency: Proficiency
}

const spokenLanguageRow = { code: text, proficiency: oneOf(proficiencies), name: text, nativeName: text }
export type SpokenLanguageRow = RowOf<typeof spokenLanguageRow>

const selectLanguages = (where: SQL): Statement<LanguageRow> =>
  rowsOf(languageRow)`select ${rowColumns(languages, 'l')} from languages l where ${where}`

/** The code of the default language: texts of the catalog are shown in it where they lack the reader's. */
export const defaultLanguage: SQL = sql`(select l.code from languages l where l.is_default)`

export function listLanguages(ctx: Context, active: boolean, page: PageRequest): Promise<LanguageRow[]> {
  const { after, orderAndLimit } = keyset(page, [
    { by: sql`l.sort_order`, type: 'integer', direction: 'asc' },
    { by: sql`l.code`, type: 'text', direction: 'asc' },
  ])
  return ctx.db.read(selectLanguages(sql`l.is_active = ${active} and ${after} ${orderAndLimit}`))
}

export async function getLanguage(ctx: Context, code: string): Promise<LanguageRow> {
  return one(await ctx.db.read(selectLanguages(sql`l.code = ${code}`)))
}

export interface LanguageFields {
  name?: string | undefined
  nativeName?: string | undefined
  isActive?: boolean | undefined
  /** One language is the default: it ends when another takes its place. */
  isDefault?: true | undefined
  sortOrder?: number | undefined
}

/** Those who change the default come one after the other: the later one sees the default of the earlier one, and takes its place. */
const makeRoomForDefault = ({ isDefault }: LanguageFields, code: string): SQL[] =>
  isDefault === undefined
    ? []
    : [
        sql`select pg_advisory_xact_lock(hashtextextended('languages', 0))`,
        sql`update languages set is_default = false where is_default and code <> ${code}`,
      ]

/** Languages are settings of the system; the permission is that of the catalog. */
const needsAuthority = sql`select khidma.needs_settings_authority()`

export async function createLanguage(
  ctx: Context,
  fields: LanguageFields & { code: string; name: string; nativeName: string },
): Promise<LanguageRow> {
  const insert = sql`insert into languages ${insertion(languages, fields)}`
  const effects = [needsAuthority, ...makeRoomForDefault(fields, fields.code), insert]
  return one(await ctx.db.write(effects, selectLanguages(sql`l.code = ${fields.code}`)))
}

export async function updateLanguage(
  ctx: Context,
  code: string,
  patch: LanguageFields,
  expectedVersion: number | null,
): Promise<LanguageRow> {
  const changes = assignments(languages, patch)
  const effects = [
    needsAuthority,
    // Before the default moves: an unknown language takes nobody's place.
    sql`select khidma.refuse(404, 'not_found') where not exists (select from languages l where l.code = ${code})`,
    ...makeRoomForDefault(patch, code),
    sql`select khidma.assert_version(l.version, ${expectedVersion}) from languages l where l.code = ${code} for update`,
  ]
  if (changes) effects.push(sql`update languages set ${changes} where code = ${code}`)
  return one(await ctx.db.write(effects, selectLanguages(sql`l.code = ${code}`)))
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
