import { chargeSubscriptions } from '../areas/commerce/subscriptions/charging.ts'
import { paymentsToWorkOn, workOn } from '../areas/money/gateways/work.ts'
import type { EventOf } from '../core/events.ts'
import type { Env } from '../env.ts'
import { systemContext } from '../system-context.ts'

/** Does at once what an event leaves to do at a gateway: the sweep of every minute would find it too. */
export async function workAfter(env: Env, { type, data, objectId }: EventOf): Promise<void> {
  if (type === 'payment_intent.created') {
    await chargeSubscriptions(systemContext(env, 'gateways'), objectId)
    return
  }
  const about = 'paymentId' in data ? data.paymentId : 'bookingId' in data ? data.bookingId : objectId
  const ids = await paymentsToWorkOn(systemContext(env, 'gateways'), about as string)
  for (const id of ids) await workOn(systemContext(env, 'gateways'), id)
}
