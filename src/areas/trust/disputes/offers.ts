import { type SQL, sql } from 'drizzle-orm'
import type { Actor, Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { rowColumns } from '../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../db/keyset.ts'
import { columnsOf, list, oneOf, type RowOf, rowsOf } from '../../../db/rows.ts'
import { disputeOfferStatus } from '../../../db/schema/enums.ts'
import { disputeOffers } from '../../../db/schema/trust/disputes.ts'
import { one } from '../../../db/unit.ts'
import { bookingVisibleTo, lockBooking } from '../../work/bookings/bookings.ts'
import { bookingOf } from './disputes.ts'

const offerRow = {
  ...columnsOf(disputeOffers),
  /** The status at this instant: past its time an offer has expired, before the sweep writes it down. */
  statusNow: oneOf(disputeOfferStatus.enumValues),
}
export type DisputeOfferRow = RowOf<typeof offerRow>

const offerColumns = sql`${rowColumns(disputeOffers, 'o')},
  case when o.status = 'pending' and o.expires_at <= now() then 'expired' else o.status::text end as "statusNow"`

const theOffer = (actor: Actor, disputeId: string, offerId: string) => rowsOf(offerRow)`
  select ${offerColumns} from dispute_offers o join disputes d on d.id = o.dispute_id join bookings b on b.id = d.booking_id
   where o.id = ${offerId} and d.id = ${disputeId} and ${bookingVisibleTo(actor)}`

/** One row for the dispute that holds the page, so that an unknown one (404) differs from an empty page. */
export async function listOffers(
  ctx: Context,
  disputeId: string,
  page: PageRequest,
): Promise<DisputeOfferRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`o.id`)
  const rows = await ctx.db.read(
    rowsOf({
      offers: list(offerRow),
    })`select coalesce((select json_agg(x) from (
            select ${offerColumns} from dispute_offers o where o.dispute_id = d.id and ${after} ${orderAndLimit}) x), '[]') as offers
          from disputes d join bookings b on b.id = d.booking_id where d.id = ${disputeId} and ${bookingVisibleTo(ctx.actor)}`,
  )
  return one(rows).offers
}

export interface NewOffer {
  clientAmount: number
  taskerAmount: number
  note?: string | undefined
}

/** The booking is locked before the dispute, as by whatever ends it: the amount cannot change meanwhile. */
const withBooking = (disputeId: string, effect: SQL): SQL[] => [lockBooking(bookingOf(disputeId)), effect]

export async function proposeOffer(
  ctx: Context<UserActor>,
  disputeId: string,
  { clientAmount, taskerAmount, note }: NewOffer,
): Promise<DisputeOfferRow> {
  const id = newId(ctx.now.getTime())
  const effect = sql`select khidma.propose_dispute_offer(${id}, ${disputeId}, ${clientAmount}, ${taskerAmount}, ${note ?? null})`
  return one(await ctx.db.write(withBooking(disputeId, effect), theOffer(ctx.actor, disputeId, id)))
}

interface Which {
  disputeId: string
  disputeOfferId: string
}

async function answer(
  ctx: Context,
  { disputeId, disputeOfferId }: Which,
  effect: SQL,
): Promise<DisputeOfferRow> {
  return one(
    await ctx.db.write(withBooking(disputeId, effect), theOffer(ctx.actor, disputeId, disputeOfferId)),
  )
}

/** With the other side's acceptance, what was offered is done: see `khidma.after_dispute_offer_accepted`. */
export const acceptOffer = (ctx: Context, which: Which): Promise<DisputeOfferRow> =>
  answer(ctx, which, sql`select khidma.accept_dispute_offer(${which.disputeId}, ${which.disputeOfferId})`)
export const declineOffer = (ctx: Context, which: Which): Promise<DisputeOfferRow> =>
  answer(ctx, which, sql`select khidma.decline_dispute_offer(${which.disputeId}, ${which.disputeOfferId})`)
export const withdrawOffer = (ctx: Context, which: Which): Promise<DisputeOfferRow> =>
  answer(ctx, which, sql`select khidma.withdraw_dispute_offer(${which.disputeId}, ${which.disputeOfferId})`)
