import { sql } from 'drizzle-orm'
import { newId } from '../../../../src/core/ids.ts'
import { api, database } from '../../../support/api.ts'
import { aDiscount, anOrder } from '../../../support/commerce.ts'
import { ok } from '../../../support/story.ts'
import { aPlan, subscribing } from '../../../support/subscriptions.ts'
import type { Someone } from './traces.ts'

/** Somebody who has bought from the platform. */
export async function buyAndUse({ caller }: Someone): Promise<void> {
  const me = caller.userId
  // It waits for its first payment.
  await ok(subscribing(caller, (await aPlan({ creditsAMonth: 5 })).id))
  const { id } = await aDiscount()
  const order = await anOrder(caller)
  const reason = { reason: 'Bought elsewhere.' }
  await ok(api(`/v1/orders/${order.id}/cancel`, { as: caller, body: reason }))
  await database().write([
    sql`insert into order_refunds (id, order_id, refund_id, item_id, first_unit, last_unit)
        select ${newId()}, o.id, ${newId()}, i.id, 1, 1 from orders o join order_items i on i.document_id = o.document_id where o.id = ${order.id}`,
    sql`select khidma.grant_entitlement(${me}::uuid, 'contact_view', 3, 'order', ${newId()}::uuid)`,
    sql`select khidma.use_entitlement(${me}::uuid, 'contact_view', ${newId()}::uuid)`,
    sql`insert into discount_uses (id, rule_id, rule_version, user_id, order_id, amount, currency)
        values (${newId()}, ${id}, 1, ${me}, ${newId()}, 500, 'EGP')`,
  ])
}
