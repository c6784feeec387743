import { newId } from '../../../src/core/ids.ts'
import type { World } from '../integrity-world.ts'
import type { Scenes } from './scene.ts'

export const commerceScenes: Scenes = {
  async invoice({ world, id, row, state }) {
    const { client } = world
    return row(
      'id, kind, seller_id, series, fiscal_year, number, label, digest, document_type, document_id, buyer_id, seller, buyer, language, currency, subtotal, discount, tax, total, status, paid_at, voided_at',
      ...[id, 'invoice', await aSeller(world), 'S', 1999, Math.floor(Math.random() * 1e9), id, 'd'],
      ...['order', id, client.id, '{}', '{}', 'en', 'EGP', 100, 0, 0, 100, state],
      ...[state === 'paid' ? new Date() : null, state === 'void' ? new Date() : null],
    )
  },
  async order({ world, id, row, state }) {
    const { client } = world
    const document = newId()
    const price = `khidma.price_of('[{"line": 1, "kind": "package", "itemId": "${id}", "name": "Scene", "quantity": 1, "unitPrice": 100}]',
    null, 'EG', 'EGP', null, now())`
    await world.connection.query(
      `insert into price_documents (id, user_id, country, currency, price, valid_until, frozen_at)
     values ($1, $2, 'EG', 'EGP', ${price}, now(), now())`,
      [document, client.id],
    )
    const completed = state === 'completed' || state === 'refunded' ? new Date() : null
    return row(
      'id, user_id, document_id, status, expires_at, completed_at',
      ...[id, client.id, document, state, new Date(), completed],
    )
  },
  async subscription({ world, id, row, state }) {
    const { client } = world
    const plan = newId()
    await world.connection.query(
      `insert into plans (id, names, country, currency, price_month) values ($1, '{"en": "Pro", "ar": "احترافي"}', 'EG', 'EGP', 100)`,
      [plan],
    )
    const [now, later] = [new Date(), new Date(Date.now() + 86_400_000)]
    return row(
      'id, user_id, plan_id, cycle, status, price, currency, features, period_start, period_end, anchor_day, paused_at, grace_until, ended_at, end_reason',
      ...[id, client.id, plan, 'month', state, 100, 'EGP', '{}', now, later, 1],
      ...[state === 'paused' ? now : null, state === 'past_due' ? later : null],
      ...(state === 'ended' ? [now, 'canceled'] : [null, null]),
    )
  },
}

async function aSeller({ connection }: World): Promise<string> {
  const { rows } = await connection.query(`select id from invoice_sellers where country = 'EG'`)
  return rows[0].id
}
