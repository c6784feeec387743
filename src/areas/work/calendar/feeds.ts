import { sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { hmacHex, randomToken } from '../../../core/crypto.ts'
import { lazy } from '../../../core/lazy.ts'
import { type Names, nameIn } from '../../../core/translations.ts'
import { isoTime } from '../../../db/json.ts'
import { int, json, list, nullable, oneOf, type RowOf, rowsOf, text, time, uuid } from '../../../db/rows.ts'
import { calendarItemKinds } from '../../../db/schema/work/calendar.ts'
import { one } from '../../../db/unit.ts'
import { lockOwnProfile } from '../../supply/taskers/profiles.ts'

export const iCalendar = lazy(() => import('./icalendar.ts'))

const hashOf = (ctx: Context, token: string): string => hmacHex(ctx.secrets.pepper, 'calendar-feed', token)

export interface NewFeed {
  url: string
  createdAt: string
}

/** Makes the link, or another one in its place: the one before opens nothing from then on. */
export async function rotateFeed(ctx: Context<UserActor>): Promise<NewFeed> {
  const me = ctx.actor.userId
  const token = randomToken()
  const effects = [
    ...lockOwnProfile(me),
    sql`insert into calendar_feeds (tasker_id, token_hash) values (${me}, ${hashOf(ctx, token)})
        on conflict (tasker_id) do update set token_hash = excluded.token_hash`,
  ]
  const rows = await ctx.db.write(
    effects,
    rowsOf({
      createdAt: time,
    })`select ${isoTime(sql`f.updated_at`)} as "createdAt" from calendar_feeds f where f.tasker_id = ${me}`,
  )
  return { url: `${ctx.secrets.apiOrigin}/v1/calendar-feeds/${token}`, ...one(rows) }
}

export async function revokeFeed(ctx: Context<UserActor>): Promise<void> {
  const me = ctx.actor.userId
  await ctx.db.write([...lockOwnProfile(me), sql`delete from calendar_feeds f where f.tasker_id = ${me}`])
}

const feedItem = {
  id: uuid,
  kind: oneOf(calendarItemKinds),
  startsAt: time,
  endsAt: time,
  changedAt: time,
  version: int,
  categoryNames: nullable(json<Names>()),
}
const feedRow = { locale: text, items: list(feedItem) }

const texts = {
  en: { calendar: 'Khidma', hold: 'Reserved', block: 'Not available', oncall: 'On call', visit: 'Booking' },
  ar: { calendar: 'خدمة', hold: 'محجوز مؤقتًا', block: 'غير متاح', oncall: 'تحت الطلب', visit: 'حجز' },
} as const

/**
 * The calendar behind a link, from 30 days ago to 180 days ahead. Whoever has the link reads it: no names, places or texts of clients,
 * only the category of the work. What was imported from elsewhere is not sent back.
 */
export async function readFeed(ctx: Context, token: string): Promise<string> {
  const rows = await ctx.db.read(rowsOf(feedRow)`
    select u.locale, coalesce((
             select json_agg(json_build_object('id', coalesce(i.source_id, i.id), 'kind', i.kind, 'startsAt', ${isoTime(sql`lower(i.during)`)},
                      'endsAt', ${isoTime(sql`upper(i.during)`)}, 'changedAt', ${isoTime(sql`i.updated_at`)}, 'version', i.version,
                      'categoryNames', c.names) order by lower(i.during), i.id)
               from calendar_items i
               left join visits v on v.id = i.source_id and i.kind in ('visit', 'hold')
               left join bookings b on b.id = v.booking_id
               left join tasks t on t.id = b.task_id
               left join task_categories c on c.slug = t.category
              where i.tasker_id = f.tasker_id and i.state in ('live', 'done') and i.kind <> 'external'
                and lower(i.during) between now() - interval '30 days' and now() + interval '180 days'
                and (i.expires_at is null or i.expires_at > now())), '[]') as items
      from calendar_feeds f join users u on u.id = f.tasker_id and u.status = 'active'
     where f.token_hash = ${hashOf(ctx, token)}`)
  const { locale, items } = one(rows)
  const { feedOf } = await iCalendar()
  const language = locale.startsWith('ar') ? 'ar' : 'en'
  const events = items.map(({ kind, categoryNames, ...item }: RowOf<typeof feedItem>) => ({
    ...item,
    title: kind === 'external' ? texts[language].block : titleOf(language, kind, categoryNames),
    isTentative: kind === 'hold',
  }))
  return feedOf(texts[language].calendar, events)
}

function titleOf(
  language: 'en' | 'ar',
  kind: 'visit' | 'hold' | 'block' | 'oncall',
  names: Names | null,
): string {
  const title = texts[language][kind]
  return names === null ? title : `${title}: ${nameIn({ locale: language, fallback: 'en' }, names)}`
}
