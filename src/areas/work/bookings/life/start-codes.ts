import { sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../../core/context.ts'
import { constantTimeEqual, hmac } from '../../../../core/crypto.ts'
import { Problem } from '../../../../core/problems.ts'
import { int, oneOf, rowsOf, uuid } from '../../../../db/rows.ts'
import { bookingStatus } from '../../../../db/schema/enums.ts'
import { one } from '../../../../db/unit.ts'
import { type BookingRow, bookingRow, bookingView, bookingVisibleTo } from '../bookings.ts'

/** A code is shown for so long; the one before it is still taken, for those who type slowly and clocks that differ. */
const stepMs = 30_000

const startedRow = { ...bookingRow, attempts: int, blockMinutes: int }

export interface StartCode {
  bookingId: string
  code: string
  /** When the client's app has to ask for the next one. */
  changesAt: string
  /** Until when it is taken. */
  validUntil: string
}

/**
 * The code of a booking in a step of time: six digits, of a secret that is the booking's own and is derived from the pepper. None is
 * stored, so that no reader of the database can start work in a client's name.
 */
function codeOf(pepper: string, bookingId: string, step: number): string {
  const bytes = Buffer.from(hmac(pepper, 'start-code', `${bookingId}.${step}`))
  return String(bytes.readUIntBE(0, 6) % 1_000_000).padStart(6, '0')
}

const stepOf = (now: Date): number => Math.floor(now.getTime() / stepMs)

const matches = ({ secrets, now }: Context, bookingId: string, code: string): boolean =>
  [0, -1].some((back) => constantTimeEqual(codeOf(secrets.pepper, bookingId, stepOf(now) + back), code))

/** The code that the client shows at the door. Nobody else gets it, staff neither: it proves that both were there. */
export async function getStartCode(ctx: Context<UserActor>, bookingId: string): Promise<StartCode> {
  const { clientId, status } = one(
    await ctx.db.read(
      rowsOf({
        clientId: uuid,
        status: oneOf(bookingStatus.enumValues),
      })`select b.client_id as "clientId", b.status from bookings b
        where b.id = ${bookingId} and ${bookingVisibleTo(ctx.actor)}`,
    ),
  )
  if (clientId !== ctx.actor.userId) throw new Problem('forbidden')
  if (status !== 'confirmed')
    throw new Problem('booking_not_at_stage', { values: { status, stages: 'confirmed' } })
  const step = stepOf(ctx.now)
  return {
    bookingId,
    code: codeOf(ctx.secrets.pepper, bookingId, step),
    changesAt: new Date((step + 1) * stepMs).toISOString(),
    validUntil: new Date((step + 2) * stepMs).toISOString(),
  }
}

export async function demandStartCode(
  ctx: Context,
  bookingId: string,
  isRequired: boolean,
): Promise<BookingRow> {
  const effect = sql`select khidma.demand_start_code(${bookingId}, ${isRequired})`
  return one(await ctx.db.write([effect], bookingView(ctx.actor, sql`b.id = ${bookingId}`)))
}

/**
 * The tasker starts the work. Where the booking starts by the client's code, a wrong one is counted in the same round trip, so that it is
 * refused only after the commit.
 */
export async function startBooking(ctx: Context, bookingId: string, code?: string): Promise<BookingRow> {
  const given = code === undefined ? 'none' : matches(ctx, bookingId, code) ? 'right' : 'wrong'
  const row = one(
    await ctx.db.write(
      [sql`select khidma.start_booking(${bookingId}, ${given})`],
      rowsOf(
        startedRow,
      )`select v.*, (khidma.config_of_task('bookings.start_code', v."taskId") ->> 'blockMinutes')::int as "blockMinutes",
        (khidma.config_of_task('bookings.start_code', v."taskId") ->> 'attempts')::int as attempts
        from (${bookingView(ctx.actor, sql`b.id = ${bookingId}`)}) v`,
    ),
  )
  const { attempts, blockMinutes, ...started } = row
  if (started.status !== 'confirmed') return started
  if (given === 'none') throw new Problem('start_code_required')
  if (given === 'right' || started.startCodeFailures >= attempts)
    throw new Problem('start_code_blocked', { values: { minutes: blockMinutes } })
  throw new Problem('start_code_refused')
}
