import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { Problem } from '../../../core/problems.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { isoTime } from '../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../db/keyset.ts'
import { nullable, type RowOf, rowsOf, text, time, uuid } from '../../../db/rows.ts'
import { one } from '../../../db/unit.ts'

const blockRow = { id: uuid, userId: uuid, name: nullable(text), note: nullable(text), createdAt: time }
export type BlockRow = RowOf<typeof blockRow>

const blocksLimit = 1_000

const blockView = (where: SQL, orderAndLimit: SQL = sql``) => rowsOf(blockRow)`
  select k.id, k.blocked_id as "userId", u.full_name as name, k.note, ${isoTime(sql`k.created_at`)} as "createdAt"
    from user_blocks k join users u on u.id = k.blocked_id where ${where} ${orderAndLimit}`

export function listBlocks(ctx: Context<UserActor>, page: PageRequest): Promise<BlockRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`k.id`)
  return ctx.db.read(blockView(sql`k.blocker_id = ${ctx.actor.userId} and ${after}`, orderAndLimit))
}

export interface NewBlock {
  userId: string
  note?: string | undefined
}

/** Blocks somebody; again, it only takes a new note. What is open between the two ends by trigger (`khidma.part_people`). */
export async function blockUser(ctx: Context<UserActor>, { userId, note }: NewBlock): Promise<BlockRow> {
  const me = ctx.actor.userId
  if (userId === me) {
    throw new Problem('invalid_request', {
      errors: [{ pointer: '/userId', message: valueTexts.notYourself }],
    })
  }
  const effects = [
    sql`select khidma.begin_block(${me}::uuid, ${userId}::uuid, ${blocksLimit}::int)`,
    sql`insert into user_blocks (id, blocker_id, blocked_id, note) values (${newId(ctx.now.getTime())}, ${me}, ${userId}, ${note ?? null})
        on conflict (blocker_id, blocked_id) do update set note = coalesce(excluded.note, user_blocks.note)`,
  ]
  return one(await ctx.db.write(effects, blockView(sql`k.blocker_id = ${me} and k.blocked_id = ${userId}`)))
}

/** Removes the block; offers, bids and bookings that it has ended stay ended. */
export async function unblockUser(ctx: Context<UserActor>, userId: string): Promise<void> {
  const mine = sql`k.blocker_id = ${ctx.actor.userId} and k.blocked_id = ${userId}`
  await ctx.db.write([
    sql`select khidma.refuse(404, 'not_found') where not exists (select from user_blocks k where ${mine})`,
    sql`delete from user_blocks k where ${mine}`,
  ])
}
