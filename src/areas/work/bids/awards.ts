import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { assignments } from '../../../db/patch.ts'
import { bids } from '../../../db/schema/work/bids.ts'
import { one } from '../../../db/unit.ts'
import { type BookingRow, bookingView } from '../bookings/bookings.ts'
import { openBooking } from '../bookings/openings.ts'
import { type BidRow, noCounter, theBid } from './bids.ts'
import { refuseContacts } from './moderated.ts'

const cleared = assignments(bids, noCounter)

/** The booking of a bid that was accepted in this transaction, at its price and for its minutes; none of another bid. */
const wonBooking = (bookingId: string, bidId: string): SQL =>
  openBooking(sql`
    select ${bookingId}::uuid, b.task_id, b.tasker_id, null::bigint, null::text, 'accepted', b.amount, b.minutes
      from bids b where b.id = ${bidId} and b.accepted_at = now()`)

/**
 * The client chooses a bid. A fresh one becomes the booking at once; an older one waits for its tasker, who may have found other work.
 * Once the booking is there, triggers move the task, close the other bids and tell their taskers, in this transaction.
 */
export async function awardBid(
  ctx: Context<UserActor>,
  bidId: string,
  expectedVersion: number | null,
): Promise<BidRow> {
  const effects = [
    sql`select khidma.begin_award(${bidId}::uuid, ${expectedVersion}::int)`,
    sql`update bids b set status = case when khidma.is_fresh_bid(b) then 'accepted' else 'awarded' end::bid_status where b.id = ${bidId}`,
    wonBooking(newId(ctx.now.getTime()), bidId),
  ]
  return one(await ctx.db.write(effects, theBid(ctx.actor, bidId)))
}

/** The tasker accepts the award: the booking is made. */
export async function acceptBid(ctx: Context<UserActor>, bidId: string): Promise<BookingRow> {
  const bookingId = newId(ctx.now.getTime())
  const effects = [
    sql`select khidma.begin_acceptance(${bidId}::uuid)`,
    sql`update bids set status = 'accepted' where id = ${bidId}`,
    wonBooking(bookingId, bidId),
  ]
  return one(await ctx.db.write(effects, bookingView(ctx.actor, sql`b.id = ${bookingId}`)))
}

/** The client takes an award back before it is accepted; the bid is open again. */
export async function revokeBid(ctx: Context<UserActor>, bidId: string): Promise<BidRow> {
  const effects = [
    sql`select khidma.lock_bid(${bidId}::uuid, 'client')`,
    sql`update bids set status = 'pending' where id = ${bidId}`,
  ]
  return one(await ctx.db.write(effects, theBid(ctx.actor, bidId)))
}

export async function declineBid(ctx: Context<UserActor>, bidId: string, reason: string): Promise<BidRow> {
  refuseContacts({ reason })
  const effects = [
    sql`select khidma.lock_bid(${bidId}::uuid, 'client')`,
    sql`update bids set status = 'rejected', declined_at = now(), decline_reason = ${reason} where id = ${bidId}`,
  ]
  return one(await ctx.db.write(effects, theBid(ctx.actor, bidId)))
}

/** Terms that are absent stay those of the bid. */
export interface CounterOffer {
  amount?: number | undefined
  minutes?: number | undefined
}

/** The client proposes other terms; the bid stays as it is until its tasker accepts them. A new counter-offer replaces the last one. */
export async function counterBid(
  ctx: Context<UserActor>,
  bidId: string,
  { amount, minutes }: CounterOffer,
): Promise<BidRow> {
  const effects = [
    sql`select khidma.begin_change_of_bid(${bidId}::uuid, 'client')`,
    sql`update bids set counter_amount = coalesce(${amount ?? null}::bigint, amount),
               counter_minutes = coalesce(${minutes ?? null}::int, minutes), countered_at = now(),
               responded_at = coalesce(responded_at, now()) where id = ${bidId}`,
    sql`select khidma.tell_of_bid(${bidId}::uuid, 'bid.countered')`,
  ]
  return one(await ctx.db.write(effects, theBid(ctx.actor, bidId)))
}

const refuseWithoutCounter = (bidId: string): SQL =>
  sql`select khidma.refuse(409, 'counter_missing') from bids where id = ${bidId} and countered_at is null`

/** The bid takes the terms of the counter-offer. Milestones that no longer sum up to its price are gone. */
export async function acceptCounter(
  ctx: Context<UserActor>,
  bidId: string,
  expectedVersion: number | null,
): Promise<BidRow> {
  const effects = [
    sql`select khidma.begin_change_of_bid(${bidId}::uuid, 'tasker', ${expectedVersion}::int)`,
    refuseWithoutCounter(bidId),
    sql`update bids set milestones = case when counter_amount = amount then milestones else '[]' end,
               amount = counter_amount, minutes = counter_minutes, affirmed_at = now(), ${cleared} where id = ${bidId}`,
    sql`select khidma.tell_of_bid(${bidId}::uuid, 'bid.updated')`,
  ]
  return one(await ctx.db.write(effects, theBid(ctx.actor, bidId)))
}

export async function declineCounter(ctx: Context<UserActor>, bidId: string): Promise<BidRow> {
  const effects = [
    sql`select khidma.begin_change_of_bid(${bidId}::uuid, 'tasker')`,
    refuseWithoutCounter(bidId),
    sql`update bids set ${cleared} where id = ${bidId}`,
    sql`select khidma.tell_of_bid(${bidId}::uuid, 'bid.counter_declined')`,
  ]
  return one(await ctx.db.write(effects, theBid(ctx.actor, bidId)))
}
