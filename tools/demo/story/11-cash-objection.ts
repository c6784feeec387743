import type { z } from '@hono/zod-openapi'
import type { Payment } from '../../../src/areas/money/payments/schemas.ts'
import { check, checkEqual, found } from '../failure.ts'
import { money } from '../narrator.ts'
import type { Cast, Stage } from '../stage.ts'
import { bookTask, fareOf, getTask, moveBooking } from '../steps.ts'
import { commissionOf, entriesOf, totals } from './5-money.ts'

type PaymentBody = z.infer<typeof Payment>

/** Two people say different things of the same notes: nobody waits for the other for ever. */
export async function objectToCash(stage: Stage, cast: Cast): Promise<void> {
  const { api, narrator } = stage
  const { client, ops } = cast
  narrator.chapter('11. Cash that the tasker objects to, and that staff settle')
  const tasker = found('the first tasker', cast.taskers[0])
  const accepted = await bookTask(stage, cast, { description: 'The pump rattles.', inDays: 10 }, tasker)
  await moveBooking(stage, accepted.id, client, 'confirm')
  await moveBooking(stage, accepted.id, tasker, 'start')
  const done = await moveBooking(stage, accepted.id, tasker, 'complete')
  const path = `/v1/bookings/${done.id}/payment`
  const due = await api.call<PaymentBody>(path, { as: client })
  const silence = found('the time when silence settles it', due.settlesAt)
  const reported = await api.act<PaymentBody>(`${path}/report-cash`, client)
  const sooner = found('the time that the tasker has', reported.settlesAt)
  check('less time than before, once she says that she has paid', sooner < silence, [sooner, silence])
  narrator.tell(
    `Mona says that she has paid ${tasker.name} in cash. Had she said nothing, silence would have settled it in three days; now he has one to object`,
  )

  const disputed = await api.act<PaymentBody>(`${path}/object-to-cash`, tasker, {
    reason: 'She gave me half of it.',
  })
  checkEqual(
    'the payment',
    [disputed.status, disputed.review, disputed.settlesAt],
    ['requires_action', 'cash_objection', null],
  )
  const queue = await api.list<PaymentBody>('/v1/payments?review=true', ops)
  check(
    'it in the queue of staff',
    queue.some(({ id }) => id === disputed.id),
    queue.length,
  )
  await api.refused(403, 'forbidden', `${path}/settle-cash`, {
    as: client,
    json: { reason: 'I have paid all of it.' },
    idempotencyKey: done.id,
  })
  const paid = Math.round(fareOf(done) / 2)
  const settled = await api.act<PaymentBody>(`${path}/settle-cash`, cast.admin, {
    amountMinor: paid,
    reason: 'Both agree on half by now.',
  })
  checkEqual(
    'the payment',
    [settled.status, settled.amountCaptured, settled.review],
    ['captured', paid, null],
  )
  checkEqual('the task', (await getTask(stage, client, done.task.id)).state, 'settled')
  const commission = commissionOf(paid)
  checkEqual('what the postings come to', totals(await entriesOf(stage, cast, done.id)), {
    client_cash: 0,
    commission_receivable: -commission,
    platform_fee: commission,
    tasker_payable: 0,
  })
  narrator.tell(
    `${tasker.name} objects: silence settles nothing any more. Staff settle ${money(paid, settled.currency)} for both, and commission is due on that alone`,
  )
}
