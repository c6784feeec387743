import { sql } from 'drizzle-orm'
import { kept, keptHidden, ownedBy, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import { orderItems, orderRefunds, orders, priceDocuments } from '../../../db/schema/commerce/orders.ts'

export const personalData: PersonalTable[] = [
  personalTable(priceDocuments, {
    of: ownedBy(priceDocuments.userId),
    erasure: 'keep',
    why: 'books',
    columns: { country: kept, currency: kept, price: keptHidden },
  }),
  personalTable(orderItems, {
    of: ({ user }) => sql`t.document_id in (select d.id from price_documents d where d.user_id = ${user})`,
    erasure: 'keep',
    why: 'books',
    columns: { itemType: kept, itemName: kept },
  }),
  personalTable(orders, {
    of: ownedBy(orders.userId),
    erasure: 'keep',
    why: 'books',
    columns: { reason: { erased: 'null' } },
  }),
  personalTable(orderRefunds, {
    of: ({ user }) => sql`t.order_id in (select o.id from orders o where o.user_id = ${user})`,
    erasure: 'keep',
    why: 'books',
    columns: {},
  }),
]
