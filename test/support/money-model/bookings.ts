import { newId } from '../../../src/core/ids.ts'
import { currencies } from './books.ts'
import type { Booking, Share } from './documents.ts'
import type { Player } from './player.ts'
import { system } from './world.ts'

/** Bookings of the model, with random terms. */

export type Agreed = Omit<Booking, 'payment'>

const orNull = (value: number | null): string => (value === null ? 'null' : String(value))
/** Nobody has to say it in time: an early end always costs its share. */
const always = { freeMinutesBefore: 20_000_000, freeMinutesAfter: 0 }
/** Written together: who writes them has triggers off, and with each switch Postgres forgets every plan of its session. */
const together = 50

function aShare(player: Player, most: number): Share {
  const minimum = player.chance(0.5) ? 0 : player.between(1, 900)
  return {
    basisPoints: player.between(0, most),
    minimum,
    maximum: player.chance(0.7) ? null : minimum + player.between(0, 20_000),
  }
}

let hours = 0

function agree(player: Player): Agreed {
  return {
    id: newId(),
    client: player.client().id,
    tasker: player.tasker().id,
    currency: player.pick(currencies),
    pricing: player.chance(0.8) ? 'hourly' : 'fixed',
    rate: player.between(500, 90_000),
    minimumMinutes: player.pick([1, 30, 60, 90]),
    maximum: player.chance(0.3) ? null : player.between(400, 180_000),
    worked: 0,
    commission: aShare(player, 4_000),
    fees: {
      client: aShare(player, 10_000),
      tasker: player.chance(0.5) ? { basisPoints: 0, minimum: 0, maximum: null } : aShare(player, 5_000),
    },
    status: player.chance(0.6) ? 'in_progress' : 'confirmed',
    price: null,
    contract: null,
    disputes: [],
    fee: null,
    tips: [],
  }
}

function rowsOf(b: Agreed): { task: string; booking: string } {
  const { commission, fees, currency } = b
  const task = newId()
  hours += 1
  const starts = `timestamptz '2030-01-01' + make_interval(hours => ${hours})`
  const terms = {
    cancellation: { client: { ...fees.client, ...always }, tasker: { ...fees.tasker, ...always } },
  }
  return {
    task: `('${task}', '${b.client}', 'plumbing', 'A leak', 'Tahrir 1', 'Cairo', 30, 31, ${starts}, 60, '${b.status}', '${currency}', '${b.pricing}')`,
    booking: `('${b.id}', '${task}', '${b.client}', '${b.tasker}', '${b.status}', ${b.rate}, '${currency}', ${b.minimumMinutes}, ${orNull(b.maximum)},
       ${commission.basisPoints}, ${commission.minimum}, ${orNull(commission.maximum)}, '${JSON.stringify(terms)}', tstzrange(${starts}, ${starts} + interval '1 hour'),
       now() - interval '2 days', ${b.status === 'in_progress' ? `now() - interval '1 day'` : 'null'})`,
  }
}

/** A booking that is agreed on and has no payment yet: it is the next one until it gets it. */
export async function agreed(player: Player): Promise<Agreed> {
  if (player.agreed.length === 0) {
    const made = Array.from({ length: together }, () => agree(player))
    const rows = made.map(rowsOf)
    const came = await player.maker.transact(system, [
      'set local session_replication_role = replica',
      `insert into tasks (id, client_id, category, description, address, city, lat, lng, starts_at, est_minutes, state, currency, pricing_model)
       values ${rows.map(({ task }) => task).join(', ')}`,
      `insert into bookings (id, task_id, client_id, tasker_id, status, agreed_rate_amount, agreed_rate_currency, agreed_minimum_minutes, agreed_maximum_amount,
         commission_basis_points, commission_minimum, commission_maximum, fee_terms, scheduled_during, confirmed_at, started_at)
       values ${rows.map(({ booking }) => booking).join(', ')}`,
    ])
    if (typeof came === 'string') throw new Error(`no bookings: ${came}`)
    player.agreed.push(...made)
  }
  return player.agreed[0] as Agreed
}
