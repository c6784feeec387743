import { sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { Problem } from '../../../core/problems.ts'
import { rowColumns } from '../../../db/json.ts'
import { keyset, type PageRequest } from '../../../db/keyset.ts'
import { bool, columnsOf, list, oneOf, type RowOf, rowsOf } from '../../../db/rows.ts'
import { taskerAvailabilityBlocks } from '../../../db/schema/supply/taskers.ts'
import { one } from '../../../db/unit.ts'
import { lockOwnProfile } from './profiles.ts'

export const availabilityKinds = ['available', 'unavailable', 'oncall'] as const
type AvailabilityKind = (typeof availabilityKinds)[number]

const availabilityRow = { ...columnsOf(taskerAvailabilityBlocks), kind: oneOf(availabilityKinds) }
export type AvailabilityRow = RowOf<typeof availabilityRow>

export interface AvailabilityFields {
  kind: AvailabilityKind
  startsAt: string
  endsAt: string
}

/** Matching reads all blocks of a tasker around a time: they must stay few. */
export const blocksLimit = 200

const columns = rowColumns(taskerAvailabilityBlocks, 'a')

/** Blocks that have not ended, soonest first. */
export async function listAvailability(
  ctx: Context<UserActor>,
  page: PageRequest,
): Promise<AvailabilityRow[]> {
  const { after, orderAndLimit } = keyset(page, [
    { by: sql`a.starts_at`, type: 'timestamptz', direction: 'asc' },
    { by: sql`a.id`, type: 'uuid', direction: 'asc' },
  ])
  const me = ctx.actor.userId
  const rows = await ctx.db.read(
    rowsOf({
      isTasker: bool,
      blocks: list(availabilityRow),
    })`select exists (select from tasker_profiles p where p.user_id = ${me}) as "isTasker",
               coalesce((select json_agg(b) from (
                 select ${columns} from tasker_availability_blocks a
                  where a.tasker_id = ${me} and a.ends_at > now() and ${after} ${orderAndLimit}) b), '[]') as blocks`,
  )
  const { isTasker, blocks } = one(rows)
  if (!isTasker) throw new Problem('not_a_tasker')
  return blocks
}

export async function addAvailability(
  ctx: Context<UserActor>,
  { kind, startsAt, endsAt }: AvailabilityFields,
): Promise<AvailabilityRow> {
  const me = ctx.actor.userId
  const id = newId(ctx.now.getTime())
  const [from, until] = [sql`${startsAt}::timestamptz`, sql`${endsAt}::timestamptz`]
  const effects = [
    ...lockOwnProfile(me),
    sql`select khidma.refuse(422, 'starts_at_refused')
         where ${until} <= now() or ${from} > now() + interval '1 year'`,
    sql`select khidma.refuse(409, 'limit_reached', jsonb_build_object('limit', ${blocksLimit}::int))
          from tasker_availability_blocks a where a.tasker_id = ${me} and a.ends_at > now()
         having count(*) >= ${blocksLimit}`,
    sql`insert into tasker_availability_blocks (id, tasker_id, kind, starts_at, ends_at)
        values (${id}, ${me}, ${kind}, ${from}, ${until})`,
  ]
  const rows = await ctx.db.write(
    effects,
    rowsOf(availabilityRow)`select ${columns} from tasker_availability_blocks a where a.id = ${id}`,
  )
  return one(rows)
}

export async function removeAvailability(ctx: Context<UserActor>, blockId: string): Promise<void> {
  const me = ctx.actor.userId
  await ctx.db.write([
    ...lockOwnProfile(me),
    sql`select khidma.refuse(404, 'not_found') where not exists
          (select from tasker_availability_blocks a where a.id = ${blockId} and a.tasker_id = ${me})`,
    sql`delete from tasker_availability_blocks a where a.id = ${blockId} and a.tasker_id = ${me}`,
  ])
}
