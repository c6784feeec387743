import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { type AllowedAction, allowedActions } from '../../../core/machine.ts'
import { Problem } from '../../../core/problems.ts'
import { isoTime } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import {
  bool,
  int,
  list,
  nullable,
  number,
  oneOf,
  type RowOf,
  rowsOf,
  text,
  time,
  uuid,
} from '../../../db/rows.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { type BookingRow, bookingView } from '../bookings/bookings.ts'
import { openBooking } from '../bookings/openings.ts'
import { coarse } from '../tasks/tasks.ts'
import { type OfferStatus, offerMachine } from './machine.ts'

const offeredTask = {
  id: uuid,
  category: text,
  subcategory: nullable(text),
  description: text,
  city: text,
  district: nullable(text),
  /** Coarse, until the tasker has accepted. */
  lat: number,
  lng: number,
  startsAt: time,
  flexibilityMinutes: int,
  pricingModel: oneOf(['hourly', 'fixed']),
  estMinutes: nullable(int),
  estMinAmount: nullable(int),
  estMaxAmount: nullable(int),
  currency: text,
}
export type OfferedTask = RowOf<typeof offeredTask>

/** An offer as the tasker it was made to sees it. */
export const offerRow = {
  id: uuid,
  status: oneOf(offerMachine.states),
  round: int,
  wave: int,
  isFirstInLine: bool,
  task: offeredTask,
  taskerId: uuid,
  distanceKm: nullable(number),
  deliveredAt: nullable(time),
  expiresAt: time,
  answeredAt: nullable(time),
  isOver: bool,
  version: int,
  createdAt: time,
  updatedAt: time,
}
export type OfferRow = RowOf<typeof offerRow>

/** `o` is the offer in `where`. The distance is rounded to half a kilometre, and the address is not shown. */
export const offerView = (where: SQL, orderAndLimit: SQL = sql``): Statement<OfferRow> => rowsOf(offerRow)`
  select o.id, o.status, o.round, o.wave, o.first_in_line as "isFirstInLine", o.tasker_id as "taskerId",
         json_build_object('id', t.id, 'category', t.category, 'subcategory', t.subcategory, 'description', t.description,
           'city', t.city, 'district', t.district, 'lat', ${coarse(sql`t.lat`)}, 'lng', ${coarse(sql`t.lng`)},
           'startsAt', ${isoTime(sql`t.starts_at`)}, 'flexibilityMinutes', t.flexibility_minutes,
           'pricingModel', t.pricing_model, 'estMinutes', t.est_minutes, 'estMinAmount', t.est_min_amount,
           'estMaxAmount', t.est_max_amount, 'currency', t.currency) as task,
         round((c.explanation ->> 'distanceM')::numeric / 500) / 2 as "distanceKm",
         ${isoTime(sql`o.delivered_at`)} as "deliveredAt", ${isoTime(sql`o.expires_at`)} as "expiresAt",
         ${isoTime(sql`o.answered_at`)} as "answeredAt", o.expires_at <= now() as "isOver", o.version,
         ${isoTime(sql`o.created_at`)} as "createdAt", ${isoTime(sql`o.updated_at`)} as "updatedAt"
    from offers o join tasks t on t.id = o.task_id
    left join task_candidates c on c.task_id = o.task_id and c.tasker_id = o.tasker_id and c.round = o.round
   where ${where} ${orderAndLimit}`

/** As the API and the user channel show it: one shape, made without any HTTP schema. */
export interface Offer extends Omit<OfferRow, 'taskerId' | 'isOver'> {
  allowedActions: AllowedAction[]
}

export function toOffer({ taskerId: _taskerId, isOver, ...offer }: OfferRow): Offer {
  const actions = allowedActions(offerMachine, offer.status, 'tasker')
  const closed = ({ action }: AllowedAction): AllowedAction => ({
    action,
    allowed: false,
    reason: 'wrong_state',
  })
  return { ...offer, allowedActions: isOver ? actions.map(closed) : actions }
}

export async function listMyOffers(
  ctx: Context<UserActor>,
  { status }: { status?: OfferStatus | undefined },
  page: PageRequest,
): Promise<OfferRow[]> {
  const me = ctx.actor.userId
  const { within, orderAndLimit } = listing(page, 'o')
  const withStatus = status ? sql`o.status = ${status}` : sql`true`
  const offers = offerView(sql`o.tasker_id = ${me} and ${withStatus} and ${within}`, orderAndLimit)
  const rows = await ctx.db.read(
    rowsOf({
      isTasker: bool,
      offers: list(offerRow),
    })`select exists (select from tasker_profiles p where p.user_id = ${me}) as "isTasker",
               coalesce((select json_agg(v) from (${offers}) v), '[]') as offers`,
  )
  const { isTasker, offers: mine } = one(rows)
  if (!isTasker) throw new Problem('not_a_tasker')
  return mine
}

/**
 * First valid accept wins. The task's row lock puts all who accept, and who cancels or expires, in one line; whoever is
 * not first finds a closed offer. The triggers do the rest: the task is accepted, the other offers are withdrawn, the
 * conversation opens.
 */
export async function acceptOffer(ctx: Context<UserActor>, offerId: string): Promise<BookingRow> {
  const bookingId = newId(ctx.now.getTime())
  const mine = sql`o.id = ${offerId} and o.tasker_id = ${ctx.actor.userId}`
  const effects = [
    sql`select from tasks t where t.id = (select o.task_id from offers o where ${mine}) for update`,
    lockProfile(ctx.actor.userId),
    refuseUnlessOpen(mine),
    sql`select khidma.assert_below_debt_cap(o.tasker_id) from offers o where ${mine}`,
    // A stranger's update finds the trigger's 404. An offer that was accepted before: its 409.
    sql`update offers set status = 'accepted', answered_at = now() where id = ${offerId}`,
    openBooking(acceptedOffer(bookingId, mine)),
  ]
  return one(await ctx.db.write(effects, bookingView(ctx.actor, sql`b.id = ${bookingId}`)))
}

export async function declineOffer(ctx: Context<UserActor>, offerId: string): Promise<OfferRow> {
  const mine = sql`o.id = ${offerId} and o.tasker_id = ${ctx.actor.userId}`
  const effects = [
    lockProfile(ctx.actor.userId),
    sql`select case when o.status <> 'pending' or o.expires_at <= now() then khidma.refuse(409, 'offer_closed') end
          from offers o where ${mine} for update`,
    sql`update offers set status = 'declined', answered_at = now() where id = ${offerId}`,
  ]
  return one(await ctx.db.write(effects, offerView(mine)))
}

/** Locks are taken in one order by all: task, tasker, offer. An answer changes the tasker's rates. */
const lockProfile = (userId: string): SQL =>
  sql`select from tasker_profiles where user_id = ${userId} for update`

/** By the clock, not by the transaction's start: it may have waited long for the task's lock. */
const refuseUnlessOpen = (mine: SQL): SQL => sql`
  select case
      when b.tasker_id <> o.tasker_id then khidma.refuse(409, 'offer_taken')
      when o.status in ('declined', 'expired', 'withdrawn') or o.status = 'pending'
        and (t.state not in ('posted', 'matching') or o.expires_at <= clock_timestamp())
        then khidma.refuse(409, 'offer_closed')
      when p.status not in ('active', 'at_risk')
        then khidma.refuse(403, 'tasker_not_active', jsonb_build_object('status', p.status))
    end
    from offers o join tasks t on t.id = o.task_id join tasker_profiles p on p.user_id = o.tasker_id
    left join bookings b on b.task_id = o.task_id and b.status <> 'canceled'
   where ${mine}`

/** At the tasker's own rate, if they name one. */
const acceptedOffer = (bookingId: string, mine: SQL): SQL => sql`
  select ${bookingId}::uuid, o.task_id, o.tasker_id, p.hourly_rate_amount,
         case when p.hourly_rate_amount is not null then p.hourly_rate_currency end, 'accepted', null::bigint, null::int
    from offers o join tasker_profiles p on p.user_id = o.tasker_id where ${mine}`
