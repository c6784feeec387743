import { randomUUID } from 'node:crypto'
import type { z } from '@hono/zod-openapi'
import type { Reconciliation, ReconciliationItem } from '../../../src/areas/money/reconciliation/schemas.ts'
import { check, checkEqual, found } from '../failure.ts'
import { Gateway, learnt } from '../gateway.ts'
import { money } from '../narrator.ts'
import type { Cast, Stage } from '../stage.ts'
import type { CardPayment } from './9-card.ts'

type ReconciliationBody = z.infer<typeof Reconciliation>
type Item = z.infer<typeof ReconciliationItem>

const plantedMinor = 1_000

/** The gateway's own list of the day against the books; then somebody gives money back on its dashboard. */
export async function reconcile(
  stage: Stage,
  cast: Cast,
  { payment, reference }: CardPayment,
): Promise<void> {
  const { api, narrator } = stage
  const { admin } = cast
  narrator.chapter('12. The day is reconciled, and a difference is found')
  const configs = await api.list<{ id: string; gateway: string; status: string }>(
    '/v1/gateway-configs',
    admin,
  )
  const config = found(
    'the active configuration of Stripe',
    configs.find(({ gateway, status }) => gateway === 'stripe' && status === 'active'),
  )
  const day = new Date().toISOString().slice(0, 10)
  const run = () =>
    api.call<ReconciliationBody>('/v1/reconciliations', {
      as: admin,
      json: { gatewayConfigId: config.id, day },
      idempotencyKey: randomUUID(),
    })
  const before = await run()
  // A simulator that was started anew has forgotten what an older run of the demo paid there.
  const known = before.unexplained
  check('a day that is explained, on a stack of its own', !stage.isOwnStack || known === 0, before)
  const [sum] = before.sums
  if (stage.isOwnStack) checkEqual('there and here', sum?.there, sum?.here)
  narrator.tell(
    `Stripe’s list of today and the books: ${before.matched + before.feesBooked} movements match, ${known} are unexplained`,
  )

  const gateway = await Gateway.of(stage)
  await gateway.refundOutside(reference, (plantedMinor / 100).toFixed(2))
  const after = await learnt('the difference', async () => {
    const again = await run()
    return again.unexplained > known ? again : undefined
  })
  checkEqual('what is unexplained', [after.unexplained, after.status], [known + 1, 'unexplained'])
  const items = await api.list<Item>(
    `/v1/reconciliation-items?reconciliationId=${after.id}&isUnexplained=true`,
    admin,
  )
  const item = found(
    'the refund that only the gateway has',
    items.find(({ outcome, amountThere }) => outcome === 'missing_here' && amountThere === -plantedMinor),
  )
  checkEqual('what it is', [item.kind, item.amountHere], ['refund', null])
  const untouched = await api.call<{ amountRefunded: number }>(`/v1/payments/${payment.id}`, { as: admin })
  checkEqual('what our payment says', untouched.amountRefunded, payment.amountRefunded)
  await api.call(`/v1/reconciliation-items/${item.id}/resolve`, {
    as: admin,
    json: { note: 'Refunded on the dashboard by mistake; agreed with the client.' },
  })
  const explained = await run()
  checkEqual('what is unexplained once it has a note', explained.unexplained, known)
  narrator.tell(
    `Somebody gives ${money(plantedMinor, payment.currency)} back on the gateway’s dashboard, past us: the next run names exactly that one, and the note of staff explains it for good`,
  )
}
