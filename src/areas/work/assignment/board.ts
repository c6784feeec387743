import type { Context } from '../../../core/context.ts'
import { json, rowsOf } from '../../../db/rows.ts'
import { one } from '../../../db/unit.ts'
import type { BoardRow } from './board-schemas.ts'

/** A day of a city on the wall of `timezone`, as `khidma.dispatch_board` tells it. */
export async function dispatchBoard(
  ctx: Context,
  { city, day, timezone }: { city: string; day: string; timezone: string },
): Promise<BoardRow> {
  const rows = await ctx.db.read(
    rowsOf({
      board: json<BoardRow>(),
    })`select khidma.dispatch_board(${city}, ${day}::date, ${timezone}) as board`,
  )
  return one(rows).board
}
