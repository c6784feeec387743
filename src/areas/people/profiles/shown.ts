import { type SQL, sql } from 'drizzle-orm'
import { list, nullable, oneOf, type RowOf, text } from '../../../db/rows.ts'
import { proficiencies } from './languages.ts'

/** People as others meet them: on a tasker, in a booking, in a conversation. `visibility.ts` says which field is for whom. */

export const badges = ['verified', 'expiring', 'lapsed', 'none'] as const

export const shownPerson = {
  avatarUrl: nullable(text),
  bio: nullable(text),
  languages: list({ code: text, proficiency: oneOf(proficiencies) }),
  badge: oneOf(badges),
}
export type ShownPerson = RowOf<typeof shownPerson>

/** As one JSON value, described by `shownPerson`. */
export const personShown = (userId: SQL): SQL => sql`khidma.person_shown(${userId})`

/** As columns, for a `cross join lateral`. */
export const personColumns = (userId: SQL, alias: string): SQL => sql`
  json_to_record(${personShown(userId)}) as ${sql.raw(alias)} ("avatarUrl" text, bio text, languages json, badge text)`

export const contactPreferences = ['any', 'chat', 'phone'] as const

/** Wishes of a client about how to be dealt with, for the tasker who comes. */
export const clientPreferences = {
  displayName: nullable(text),
  contactPreference: oneOf(contactPreferences),
  noteForTaskers: nullable(text),
}

/** Holds the defaults for a client who has never set any. */
export const preferencesOf = (userId: SQL): SQL => sql`(
  select json_build_object('displayName', p.display_name, 'contactPreference', coalesce(p.contact_preference, 'any'),
                           'noteForTaskers', p.note_for_taskers)
    from (select) one left join client_profiles p on p.user_id = ${userId})`
