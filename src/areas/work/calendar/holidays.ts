import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import type { Names } from '../../../core/translations.ts'
import { rowColumns } from '../../../db/json.ts'
import { keyset, type PageRequest } from '../../../db/keyset.ts'
import { insertion } from '../../../db/patch.ts'
import { columnsOf, json, type RowOf, rowsOf } from '../../../db/rows.ts'
import { holidays } from '../../../db/schema/work/calendar.ts'
import { one } from '../../../db/unit.ts'

const holidayRow = { ...columnsOf(holidays), names: json<Names>() }
export type HolidayRow = RowOf<typeof holidayRow>

const columns = rowColumns(holidays, 'h')

/** In the order of the calendar. With a year: those of every year, and of that one. */
export function listHolidays(
  ctx: Context,
  { country, year }: { country: string; year?: number | undefined },
  page: PageRequest,
): Promise<HolidayRow[]> {
  const { after, orderAndLimit } = keyset(page, [
    { by: sql`h.month`, type: 'integer', direction: 'asc' },
    { by: sql`h.day`, type: 'integer', direction: 'asc' },
    { by: sql`h.id`, type: 'uuid', direction: 'asc' },
  ])
  const inYear: SQL = year === undefined ? sql`true` : sql`coalesce(h.year = ${year}::int, true)`
  return ctx.db.read(rowsOf(holidayRow)`
    select ${columns} from holidays h where h.country = ${country} and ${inYear} and ${after} ${orderAndLimit}`)
}

export interface HolidayFields {
  country: string
  year: number | null
  month: number
  day: number
  names: Names
}

/** A day off from now on for taskers whose schedule follows the country; bookings stay. */
export async function createHoliday(ctx: Context, fields: HolidayFields): Promise<HolidayRow> {
  const id = newId(ctx.now.getTime())
  const row = { id, ...fields, names: sql`${JSON.stringify(fields.names)}::jsonb` }
  const rows = await ctx.db.write(
    [sql`insert into holidays ${insertion(holidays, row)}`],
    rowsOf(holidayRow)`select ${columns} from holidays h where h.id = ${id}`,
  )
  return one(rows)
}

export async function removeHoliday(ctx: Context, holidayId: string): Promise<void> {
  await ctx.db.write([
    sql`select khidma.refuse(404, 'not_found') where not exists (select from holidays h where h.id = ${holidayId})`,
    sql`delete from holidays h where h.id = ${holidayId}`,
  ])
}
