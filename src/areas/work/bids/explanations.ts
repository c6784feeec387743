import type { Context, UserActor } from '../../../core/context.ts'
import { Problem } from '../../../core/problems.ts'
import { bool, list, nullable, oneOf, type RowOf, rowsOf, text, uuid } from '../../../db/rows.ts'
import { one } from '../../../db/unit.ts'
import { bidVisibleTo } from './bids.ts'

export const rankBands = ['top', 'middle', 'lower'] as const
export const pricePositions = ['low', 'usual', 'high'] as const
export const bidOutcomes = [
  'open',
  'awarded',
  'won',
  'declined',
  'another_won',
  'withdrawn',
  'award_expired',
  'task_ended',
] as const

const explanationRow = {
  bidId: uuid,
  outcome: oneOf(bidOutcomes),
  declineReason: nullable(text),
  rankBand: nullable(oneOf(rankBands)),
  pricePosition: nullable(oneOf(pricePositions)),
  missingSkills: list(text),
  isMine: bool,
}
export type ExplanationRow = RowOf<typeof explanationRow>

/**
 * Explains the place of a bid, or its end: bands of its rank and price, and what the tasker's profile lacks. Nothing in it comes
 * from one other bid alone (`khidma.compare_bid`).
 */
export async function explainBid(ctx: Context<UserActor>, bidId: string): Promise<ExplanationRow> {
  const statement = rowsOf(explanationRow)`
    select b.id as "bidId", b.tasker_id = ${ctx.actor.userId}::uuid as "isMine", b.decline_reason as "declineReason",
           case when b.status = 'accepted' then 'won'
                when b.status = 'withdrawn' then 'withdrawn'
                when b.declined_at is not null then 'declined'
                when b.status = 'rejected' then 'another_won'
                when now.status = 'awarded' then 'awarded'
                when now.status = 'pending' then 'open'
                when b.award_expires_at <= case b.status when 'awarded' then now() else b.updated_at end then 'award_expired'
                else 'task_ended' end as outcome,
           compared.rank as "rankBand", compared.price as "pricePosition",
           coalesce((select json_agg(s order by s) from unnest(t.skills) s
                      where not exists (select from tasker_skills k where k.tasker_id = b.tasker_id and lower(k.skill) = lower(s))),
                    '[]') as "missingSkills"
      from bids b join tasks t on t.id = b.task_id
     cross join lateral (select khidma.bid_status_now(b, t.deadline) as status) now
      left join lateral khidma.compare_bid(b.id) compared on true
     where b.id = ${bidId} and b.deleted_at is null and ${bidVisibleTo(ctx.actor)}`
  const row = one(await ctx.db.read(statement))
  // The client knows all bids; to whom it is no mystery.
  if (!row.isMine) throw new Problem('forbidden')
  return row
}
