import type { z } from '@hono/zod-openapi'
import type { LedgerEntry } from '../../../src/areas/money/ledger/schemas.ts'
import type { Earnings } from '../../../src/areas/money/payments/earnings-schemas.ts'
import type { Tasker } from '../../../src/areas/supply/taskers/schemas.ts'
import { check, checkEqual, found } from '../failure.ts'
import { money } from '../narrator.ts'
import type { Cast, Stage } from '../stage.ts'
import { fareOf, getTask, moveBooking, payCash } from '../steps.ts'
import type { Accepted } from './3-acceptance.ts'

export type Entry = z.infer<typeof LedgerEntry>

const commissionShare = 0.15

export async function workAndPay(stage: Stage, cast: Cast, { booking, tasker }: Accepted): Promise<void> {
  const { api, narrator } = stage
  const { client } = cast
  narrator.chapter('5. The work is done, paid in cash, and reviewed')

  await moveBooking(stage, booking.id, tasker, 'start')
  const done = await moveBooking(stage, booking.id, tasker, 'complete')
  const fare = fareOf(done)
  const currency = done.agreedRateCurrency
  await payCash(stage, cast, done, tasker)
  checkEqual('the state of the task', (await getTask(stage, client, booking.task.id)).state, 'settled')
  narrator.tell(
    `${tasker.name} starts, completes, and confirms ${money(fare, currency)} in cash: the task is settled`,
  )

  const commission = commissionOf(fare)
  const entries = await entriesOf(stage, cast, booking.id)
  checkEqual('the entries of the booking', entries.map(({ type }) => type).sort(), [
    'capture',
    'fee',
    'payout',
  ])
  for (const { id, lines } of entries) {
    checkEqual(
      `the sum of entry ${id}`,
      lines.reduce((sum, { amount }) => sum + amount, 0),
      0,
    )
  }
  checkEqual('what the postings come to', totals(entries), {
    client_cash: 0,
    commission_receivable: -commission,
    platform_fee: commission,
    tasker_payable: 0,
  })
  narrator.table(
    inStoryOrder(entries).flatMap(({ type, lines }) =>
      lines.map(({ account, ownerUserId, amount }) => [
        `${type}: ${account}${ownerUserId ? ` of ${ownerUserId === tasker.id ? tasker.name : 'Mona'}` : ''}`,
        money(amount, currency),
      ]),
    ),
  )
  narrator.tell(`The ledger has the fare, the payout in cash and the commission; each entry sums to zero`)

  const earnings = await api.call<z.infer<typeof Earnings>>('/v1/me/earnings', { as: tasker })
  const mine = found(
    'his earnings',
    earnings.currencies.find((each) => each.currency === currency),
  )
  checkEqual('owed and paid out', [mine.owedFeeAmount, mine.paidOutAmount], [commission, fare])
  await api.refused(403, 'forbidden', '/v1/ledger/entries', { as: tasker })
  narrator.tell(
    `${tasker.name} sees that he has received it, and owes ${money(commission, currency)} of commission`,
  )

  const ratedBefore = await ratingOf(stage, tasker.id)
  await api.act(`/v1/bookings/${booking.id}/review`, client, {
    rating: 5,
    tags: ['on_time', 'tidy'],
    comment: 'Quick and clean work.',
  })
  checkEqual(
    'the state while one has reviewed',
    (await getTask(stage, client, booking.task.id)).state,
    'settled',
  )
  await api.act(`/v1/bookings/${booking.id}/review`, tasker, {
    rating: 5,
    comment: 'The dog is friendly indeed.',
  })
  checkEqual('the state when both have', (await getTask(stage, client, booking.task.id)).state, 'reviewed')
  const rated = await ratingOf(stage, tasker.id)
  checkEqual('the reviews of the tasker', rated.ratingCount, ratedBefore.ratingCount + 1)
  check('his rating', rated.ratingAvg === 5, rated.ratingAvg)
  await api.refused(409, 'already_reviewed', `/v1/bookings/${booking.id}/review`, {
    as: client,
    json: { rating: 1 },
  })
  narrator.tell(
    `Both review: the task is reviewed, ${tasker.name} has ${rated.ratingCount} review and ${rated.ratingAvg} stars`,
  )
}

export const commissionOf = (amount: number): number => Math.floor(amount * commissionShare + 0.5)

export const entriesOf = ({ api }: Stage, cast: Cast, bookingId: string): Promise<Entry[]> =>
  api.list<Entry>(`/v1/ledger/entries?bookingId=${bookingId}`, cast.ops)

/** Returns what an amount of entries comes to, by account. */
export function totals(entries: Entry[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const { account, amount } of entries.flatMap(({ lines }) => lines)) {
    sums[account] = (sums[account] ?? 0) + amount
  }
  return Object.fromEntries(Object.entries(sums).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** They were posted in one transaction, so their ids do not tell. */
const inStoryOrder = (entries: Entry[]): Entry[] =>
  (['capture', 'payout', 'fee'] as const).flatMap((wanted) => entries.filter(({ type }) => type === wanted))

const ratingOf = ({ api }: Stage, taskerId: string): Promise<z.infer<typeof Tasker>> =>
  api.call<z.infer<typeof Tasker>>(`/v1/taskers/${taskerId}`)
