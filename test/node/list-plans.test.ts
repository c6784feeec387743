import { afterAll, beforeAll, expect, it } from 'vitest'
import { listOrders } from '../../src/areas/commerce/orders/orders.ts'
import { listSubscriptions } from '../../src/areas/commerce/subscriptions/subscriptions.ts'
import { listPayments } from '../../src/areas/money/payments/payments.ts'
import { listRefunds } from '../../src/areas/money/payments/refunds.ts'
import { listItems } from '../../src/areas/money/reconciliation/reconciliations.ts'
import { listUsers } from '../../src/areas/people/identity/accounts/users.ts'
import { listEvents } from '../../src/areas/platform/events/events.ts'
import { listRoleProfiles } from '../../src/areas/supply/professions/role-profiles.ts'
import { listVerifications } from '../../src/areas/supply/verification/reviews.ts'
import { listCases } from '../../src/areas/trust/cases/cases.ts'
import { listBookings } from '../../src/areas/work/bookings/bookings.ts'
import { listTasks } from '../../src/areas/work/tasks/tasks.ts'
import type { Context, UserActor } from '../../src/core/context.ts'
import { newId } from '../../src/core/ids.ts'
import type { PageRequest } from '../../src/db/keyset.ts'
import { asOwner, openWorld } from '../support/integrity-world.ts'
import { explain, statementOf } from '../support/plans.ts'
import { describeReal } from '../support/real-postgres.ts'

const rowsCount = 20_000
const limit = 20
const ops: UserActor = { kind: 'user', userId: newId(), role: 'ops', sessionId: newId() }

/** One row a minute; the middle of them. */
const start = Date.parse('2026-01-01T00:00:00Z')
const at = (minute: number) => new Date(start + minute * 60_000).toISOString()
const [middle, deep] = [at(rowsCount / 2), at(rowsCount - 500)]

type List = (ctx: Context<UserActor>, page: PageRequest) => Promise<unknown>
const changing: [string, string, List][] = [
  ['tasks', 'tasks', (ctx, page) => listTasks(ctx, {}, page)],
  ['bookings', 'bookings', (ctx, page) => listBookings(ctx, {}, page)],
  ['payments', 'payment_intents', (ctx, page) => listPayments(ctx, {}, page)],
  ['orders', 'orders', (ctx, page) => listOrders(ctx, {}, page)],
  ['subscriptions', 'subscriptions', (ctx, page) => listSubscriptions(ctx, {}, page)],
  ['refunds', 'refunds', (ctx, page) => listRefunds(ctx, {}, page)],
  ['cases', 'cases', (ctx, page) => listCases(ctx, {}, page)],
  ['users', 'users', (ctx, page) => listUsers(ctx, {}, page)],
  ['verifications', 'verification_requests', (ctx, page) => listVerifications(ctx, {}, page)],
  ['role profiles', 'role_profiles', (ctx, page) => listRoleProfiles(ctx, {}, page)],
  ['items of reconciliations', 'reconciliation_items', (ctx, page) => listItems(ctx, {}, page)],
]

describeReal(`lists of ${rowsCount} rows, as staff read them`, () => {
  let world: Awaited<ReturnType<typeof openWorld>>

  beforeAll(async () => {
    world = await openWorld()
    const { connection, client, tasker } = world
    await asOwner(connection, async () => {
      await connection.query(
        `create temporary table moments as
         select n, t, (left(khidma.first_uuid_v7(t)::text, 24) || lpad(to_hex(n), 12, '0'))::uuid as id
           from generate_series(1, ${rowsCount}) n, lateral (select $1::timestamptz + make_interval(mins => n)) m (t)`,
        [at(0)],
      )
      await connection.query(
        `insert into tasks (id, client_id, category, description, address, city, lat, lng, starts_at, est_minutes, state, created_at, updated_at)
         select id, $1, 'plumbing', 'A leak', 'Tahrir 1', 'Cairo', 30, 31, t, 60, 'settled', t, t from moments`,
        [client.id],
      )
      await connection.query(
        `insert into bookings (id, task_id, client_id, tasker_id, status, scheduled_during, created_at, updated_at)
         select id, id, $1, $2, 'canceled', tstzrange(t, t + interval '1 minute'), t, t from moments`,
        [client.id, tasker.id],
      )
      await connection.query(
        `insert into payment_intents (id, booking_id, payer_id, payee_id, method, created_at, updated_at) select id, id, id, id, 'cash', t, t from moments`,
      )
      await connection.query(
        `insert into price_documents (id, user_id, country, currency, price, valid_until)
         select id, $1, 'EG', 'EGP', '{}', t from moments`,
        [client.id],
      )
      await connection.query(
        `insert into orders (id, user_id, document_id, status, expires_at, created_at, updated_at)
         select id, $1, id, 'canceled', t, t, t from moments`,
        [client.id],
      )
      await connection.query(
        `insert into subscriptions (id, user_id, plan_id, cycle, status, price, currency, features, period_start, period_end, anchor_day,
                                    ended_at, end_reason, created_at, updated_at)
         select id, $1, id, 'month', 'ended', 0, 'EGP', '{}', t, t + interval '1 month', 1, t, 'canceled', t, t from moments`,
        [client.id],
      )
      await connection.query(
        `insert into refunds (id, intent_id, kind, amount, from_platform, currency, reason, destination, status, created_at, updated_at)
         select id, id, 'refund', 1, 1, 'EGP', 'requested', 'original', 'pending', t, t from moments`,
      )
      await connection.query(
        `insert into cases (id, kind, subject_type, subject_id, queue, due_at, created_at, updated_at)
         select id, 'listed', 'listed', id, 'listed', t, t, t from moments`,
      )
      await connection.query(
        `insert into users (id, phone, role, created_at, updated_at) select id, '+20199' || lpad(n::text, 7, '0'), 'client', t, t from moments`,
      )
      await connection.query(
        `insert into verification_requests (id, user_id, subject_id, verification_type, document_type, created_at, updated_at)
         select id, $1, id, 'document', 'diploma', t, t from moments`,
        [client.id],
      )
      await connection.query(
        `insert into role_profiles (id, user_id, profession, created_at, updated_at) select id, id, 'photographer', t, t from moments`,
      )
      await connection.query(
        `insert into reconciliations (id, gateway, config_id, day) select id, 'stripe', id, '2026-11-01' from moments limit 1`,
      )
      await connection.query(
        `insert into reconciliation_items (id, reconciliation_id, outcome, kind, gateway_reference, currency, amount_there, amount_here, occurred_at, created_at, updated_at)
         select m.id, r.id, 'matched', 'refund', m.n::text, 'EGP', -1, -1, t, t, t from moments m, reconciliations r`,
      )
      // Events bear numbers of transactions that are over: as many are used up here.
      await connection.query(`create temporary table used (n int);
        do $$ begin for n in 1..${rowsCount} loop
          begin insert into used values (n); exception when others then raise; end;
        end loop; end $$`)
      await connection.query(
        `insert into outbox (id, xid, type, object_type, object_id, object_seq, created_at)
         select id, n::text::xid8, 'task.created', 'task', id, 1, t from moments order by n`,
      )
    })
    await connection.query('analyze')
  })
  afterAll(() => world.close())

  /** The scan of the table that reads most. It ends with the page: nothing was sorted to find it. */
  async function scanOf(table: string, list: List, page: Omit<PageRequest, 'limit'>) {
    const { text, params } = await statementOf(ops, (ctx) => list(ctx, { limit, ...page }))
    const { nodes } = await explain(world.connection, text, params)
    const scans = nodes.filter((node) => node['Relation Name'] === table)
    const [scan] = scans.sort((a, b) => Number(b['Actual Rows']) - Number(a['Actual Rows']))
    expect(scan?.['Node Type']).toMatch(/^Index (Only )?Scan/)
    expect(scan?.['Actual Rows']).toBeLessThanOrEqual(limit + 1)
    return scan
  }

  it.each(changing)(
    '%s that changed since a time come from the index on the change',
    async (_name, table, list) => {
      const first = await scanOf(table, list, { after: null, updatedSince: middle })
      expect(first).toMatchObject({ 'Index Name': `idx_${table}_updated` })
      const key = [deep, '019b0000-0000-7000-8000-000000000000']
      const later = await scanOf(table, list, { after: key, updatedSince: middle })
      expect(later).toMatchObject({ 'Index Name': `idx_${table}_updated` })
      // The place of the cursor is a bound of the index, not a filter that reads everything before it.
      expect(later?.['Index Cond']).toMatch(/ROW\(date_trunc/)
      expect(later?.['Rows Removed by Filter'] ?? 0).toBe(0)
    },
  )

  it.each(changing)(
    '%s created between two times come from the key, in either order',
    async (_name, table, list) => {
      for (const order of ['asc', 'desc'] as const) {
        const page = { after: null, order, createdSince: middle, createdUntil: deep }
        const scan = await scanOf(table, list, page)
        expect(scan).toMatchObject({ 'Index Name': `${table}_pkey` })
        expect(scan?.['Rows Removed by Filter'] ?? 0).toBeLessThanOrEqual(60)
      }
    },
  )

  it('events of one object come from the index on it', async () => {
    const objectId = (await world.connection.query('select object_id from outbox limit 1')).rows[0].object_id
    const scan = await scanOf('outbox', (ctx, page) => listEvents(ctx, { objectId }, page), { after: null })
    expect(scan).toMatchObject({ 'Index Name': 'idx_outbox_object' })
  })

  it('events between two times are read from where they begin', async () => {
    const list: List = (ctx, page) => listEvents(ctx, {}, page)
    for (const order of ['asc', 'desc'] as const) {
      const page = { after: null, order, createdSince: middle, createdUntil: deep }
      const scan = await scanOf('outbox', list, page)
      expect(scan).toMatchObject({ 'Index Name': 'idx_outbox_order' })
      expect(scan?.['Rows Removed by Filter'] ?? 0).toBeLessThanOrEqual(62)
    }
  })
})
