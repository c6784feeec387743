import { expect } from 'vitest'
import { confirmCash } from '../../src/areas/money/payments/cash.ts'
import { choosePayment } from '../../src/areas/money/payments/payments.ts'
import { openDispute } from '../../src/areas/trust/disputes/disputes.ts'
import { newId } from '../../src/core/ids.ts'
import { postEntry, trialBalance } from './books.ts'
import {
  asOwner,
  insertBooking,
  insertPayment,
  insertTask,
  openWorld,
  type Person,
} from './integrity-world.ts'
import { openContexts } from './node-context.ts'

export interface Disputed {
  booking: string
  dispute: string
}

export interface DisputeEnd {
  dispute: string
  booking: string
  outcome: Record<string, unknown> | null
  captured: number
  refunded: number
  /** Refunds for a dispute of the booking, with their sum; offers by status. */
  refunds: number
  returned: number
  offers: string[]
  decisions: number
}

/** Disputes on real Postgres: one client, one tasker, two members of staff, and a day for each booking. */
export async function openDisputeWorld() {
  const world = await openWorld()
  const contexts = await openContexts(world.ownerUrl, 12)
  const { connection } = world
  const judge: Person = { id: newId(), role: 'ops' }
  await connection.query(`insert into users (id, phone, role) values ($1, '+201555000099', 'ops')`, [
    judge.id,
  ])
  const people = { client: world.client, tasker: world.tasker, ops: world.ops, judge }
  const as = (who: keyof typeof people) => contexts.contextOf(people[who])
  let days = 0

  const inBooks = (status: string, currency: string, amount: number): Promise<string> =>
    asOwner(connection, async () => {
      days += 1
      const startsAt = new Date(Date.UTC(2027, 0, days)).toISOString()
      const task = await insertTask(world, { state: status, startsAt, currency })
      const booking = await insertBooking(world, task, status)
      await connection.query(
        `update bookings set agreed_rate_amount = $2, commission_basis_points = 1500, commission_minimum = 0 where id = $1`,
        [booking, amount],
      )
      return booking
    })

  /** Agreed, with nothing of it paid: a contract can be made of it. */
  const aConfirmed = (currency: string): Promise<string> => inBooks('confirmed', currency, 12_000)

  /** Work that is done and not paid; an hour of it costs `amount`. */
  async function aCompleted(amount: number, currency = 'EGP'): Promise<string> {
    const booking = await inBooks('completed', currency, amount)
    await asOwner(connection, () => insertPayment(world, booking, 'requires_action'))
    return booking
  }

  async function aPaid(
    amount: number,
    currency = 'EGP',
    method: 'cash' | 'wallet' = 'cash',
  ): Promise<string> {
    const booking = await aCompleted(amount, currency)
    if (method === 'wallet') await fillWallet(amount, currency)
    await choosePayment(as('client'), booking, method)
    if (method === 'cash') await confirmCash(as('tasker'), booking)
    return booking
  }

  const fillWallet = (amount: number, currency: string) =>
    postEntry(connection, {
      currency,
      lines: [
        { account: 'platform_clearing', owner: null, amount: -amount },
        { account: 'client_wallet', owner: world.client.id, amount },
      ],
    })

  async function disputed(booking: string, amountInQuestion?: number): Promise<Disputed> {
    const { id } = await openDispute(as('client'), booking, { reason: 'It drips.', amountInQuestion })
    return { booking, dispute: id }
  }

  async function endOf({ booking, dispute }: Disputed): Promise<DisputeEnd> {
    const { rows } = await connection.query<DisputeEnd>(
      `select d.status as dispute, b.status as booking, d.resolution as outcome,
              coalesce(p.amount_captured, 0)::float8 as captured, coalesce(p.amount_refunded, 0)::float8 as refunded,
              (select count(*)::int from refunds r where r.dispute_id = d.id) as refunds,
              (select coalesce(sum(r.amount), 0)::float8 from refunds r where r.dispute_id = d.id) as returned,
              array(select o.status::text from dispute_offers o where o.dispute_id = d.id order by o.id) as offers,
              (select count(*)::int from outbox x where x.object_id = d.id
                  and x.type in ('dispute.resolved', 'dispute.rejected', 'dispute.refunded', 'dispute.withdrawn')) as decisions
         from disputes d join bookings b on b.id = d.booking_id left join payment_intents p on p.booking_id = b.id and p.purpose = 'booking'
        where b.id = $1 and d.id = $2`,
      [booking, dispute],
    )
    return rows[0] as DisputeEnd
  }

  /** The books are in balance, and each document has what it says. Money that a test puts into a wallet has no document. */
  async function expectBalanced(): Promise<void> {
    expect(await trialBalance(connection)).toBe(0)
    const { rows } = await connection.query(
      `select document_type, what, expected, posted from khidma.document_differences() where what <> 'no_document'`,
    )
    expect(rows).toEqual([])
  }

  return {
    ...world,
    as,
    aConfirmed,
    aCompleted,
    aPaid,
    fillWallet,
    disputed,
    endOf,
    expectBalanced,
    close: async () => {
      await contexts.close()
      await world.close()
    },
  }
}

export type DisputeWorld = Awaited<ReturnType<typeof openDisputeWorld>>
