import type { DatabaseError } from 'pg'
import { newId } from '../../src/core/ids.ts'
import type { Machine } from '../../src/core/machine.ts'
import {
  amendmentRow,
  contractRow,
  insertEscrow,
  insertRow,
  milestoneRow,
  openContractBeside,
} from './contract-scenes.ts'
import {
  actAs,
  asOwner,
  insertBooking,
  insertPayment,
  insertTask,
  type Person,
  type World,
} from './integrity-world.ts'

import { leadRefundRow, leadRequestRow, leadRow } from './lead-scenes.ts'

/** An object of a machine that is not there yet: its row, and the id that names it. */
interface Scene {
  key: string
  /** Sets the row: what it hangs on is there. */
  insert: readonly [text: string, values: unknown[]]
}

/** The state of a task while its booking is in the given one. */
const taskBeside: Record<string, string> = {
  offered: 'posted',
  accepted: 'accepted',
  confirmed: 'confirmed',
  in_progress: 'in_progress',
  completed: 'completed',
  canceled: 'canceled_by_client',
  disputed: 'disputed',
}

/** The status of a booking beside its task. A task without one has a canceled one, so that there is a tasker to it. */
const bookingBeside: Record<string, string> = {
  accepted: 'accepted',
  confirmed: 'confirmed',
  in_progress: 'in_progress',
  on_hold: 'in_progress',
  completed: 'completed',
  settled: 'completed',
  reviewed: 'completed',
  disputed: 'disputed',
}

/** The people that the world has for the parties that a machine names. */
export function actorsOf(world: World, { people }: Machine): [party: string | null, person: Person][] {
  const [client, tasker] = [world.client, world.tasker]
  const mine = Object.keys(people).filter((party) => !['invited', 'company'].includes(party))
  const isTasker = (party: string) =>
    ['tasker', 'counterparty', 'reviewee', 'member', 'applicant'].includes(party)
  return [
    ...mine.map((party): [string, Person] => [party, isTasker(party) ? tasker : client]),
    // Nobody to an object that has no client, or no tasker.
    ...(mine.some(isTasker) ? [] : ([[null, tasker]] satisfies [null, Person][])),
    ...(mine.some((party) => !isTasker(party)) ? [] : ([[null, client]] satisfies [null, Person][])),
    ['ops', world.ops],
    ['system', world.system],
    ['provider', { id: null, role: 'provider' }],
    [null, world.stranger],
  ]
}

/** Column that names an object of the machine. */
export const keyOf = ({ table }: Machine): string =>
  ['tasker_profiles', 'company_profiles'].includes(table) ? 'user_id' : 'id'

/** Their moves post to the ledger, which takes no line after a savepoint: only in the transaction of its entry itself. */
const posting = new Set(['lead_request', 'contract', 'milestone', 'adjustment', 'dispute_offer'])

/**
 * Lets each of `people` try the same in the same scene, in a transaction that is taken back. One scene for all of them where that
 * can be: to set it without triggers makes Postgres forget the plans of all that follows.
 */
export async function inScene<T>(
  { connection }: World,
  { name }: Machine,
  people: readonly Person[],
  prepare: () => Promise<Scene>,
  attempt: (scene: Scene) => Promise<T>,
): Promise<T[]> {
  const results: T[] = []
  const groups = posting.has(name) ? people.map((person) => [person]) : [people]
  for (const group of groups) {
    await connection.query('begin')
    try {
      const scene = await asOwner(connection, prepare)
      for (const person of group) {
        if (group.length > 1) await connection.query('savepoint scene')
        await actAs(connection, person)
        results.push(await attempt(scene))
        if (group.length > 1) await connection.query('rollback to scene')
      }
    } finally {
      await connection.query('rollback')
    }
  }
  return results
}

/** Becomes `ok`, or the code of the refusal. */
export async function outcomeOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt
    return 'ok'
  } catch (error) {
    return (error as DatabaseError).code ?? String(error)
  }
}

/** The object in `state`, with what can be open beside it, for a move to `next`. */
export async function anObject(world: World, machine: Machine, state: string, next: string): Promise<Scene> {
  const scene = await aScene(world, machine, state, { next })
  await world.connection.query(...scene.insert)
  await openBeside(world, machine, scene.key, state)
  return scene
}

/** An object that is to come into being in `state`. */
export const aBirth = (world: World, machine: Machine, state: string): Promise<Scene> =>
  aScene(world, machine, state, {
    tasks: { accepted: 'matching', offered: 'posted', confirmed: 'posted', pending: 'posted' },
  })

const correctionLines = JSON.stringify([
  { account: 'platform_fee', owner: null, name: null, amount: -5 },
  { account: 'gateway_fees', owner: null, name: null, amount: 5 },
])

interface SceneOptions {
  /** The state in which a booking finds its task. */
  tasks?: Record<string, string>
  next?: string
}

/** All that an object hangs on. */
async function aScene(
  world: World,
  machine: Machine,
  state: string,
  { tasks = taskBeside, next }: SceneOptions = {},
): Promise<Scene> {
  const { connection, tasker, client } = world
  const id = newId()
  const row = (columns: string, ...values: unknown[]): Scene => {
    const places = values.map((_, index) => `$${index + 1}`).join(', ')
    return { key: id, insert: [`insert into ${machine.table} (${columns}) values (${places})`, values] }
  }
  switch (machine.name) {
    case 'task':
      return row(
        'id, client_id, category, description, address, city, lat, lng, starts_at, est_minutes, state',
        ...[
          id,
          client.id,
          'plumbing',
          'A leak',
          'Tahrir 1',
          'Cairo',
          30.0444,
          31.2357,
          '2027-01-10T10:00:00Z',
          60,
        ],
        state,
      )
    case 'booking': {
      const task = await insertTask(world, { state: tasks[state] ?? 'posted' })
      return row(
        'id, task_id, client_id, tasker_id, status, agreed_rate_amount, scheduled_during',
        ...[id, task, client.id, tasker.id, state, 12_000],
        '[2027-01-10T10:00:00Z, 2027-01-10T11:00:00Z)',
      )
    }
    case 'contract':
      return row(
        ...spread(
          contractRow(world, {
            id,
            bookingId: await aBooking(world, bookingOfContract(state)),
            status: state,
          }),
        ),
      )
    case 'milestone': {
      const contractId = await anActiveContract(world, state === 'pending' ? 'confirmed' : 'in_progress')
      await insertEscrow(world, contractId)
      return row(...spread(milestoneRow({ id, contractId, status: state })))
    }
    case 'escrow': {
      const contractId = await anActiveContract(world, 'in_progress')
      const isClosed = state === 'full_release'
      // All of it has left, so that nothing refuses its end.
      return row(
        'id, contract_id, currency, status, funded_amount, released_amount, arbitration_basis_points, released_at',
        ...[id, contractId, 'EGP', state, 100, 100, 500, isClosed ? new Date() : null],
      )
    }
    case 'contract_amendment': {
      const contractId = await anActiveContract(world, 'in_progress')
      await insertEscrow(world, contractId)
      await insertRow(world, 'milestones', milestoneRow({ id: newId(), contractId, status: 'in_progress' }))
      return row(...spread(await amendmentRow(world, { id, contractId, status: state })))
    }
    case 'booking_change':
      return row(
        'id, booking_id, proposed_by, proposed_to, status, was_rate_amount, rate_amount, was_minutes, minutes, was_starts_at, starts_at, expires_at, ended_at',
        ...[id, await aBooking(world, 'confirmed'), client.id, tasker.id, state, 12_000, 15_000, 60, 90],
        ...['2027-01-10T10:00:00Z', '2027-01-10T10:00:00Z', new Date(Date.now() + 3_600_000)],
        state === 'pending' ? null : new Date(),
      )
    case 'assignment': {
      const status = ['pending', 'accepted'].includes(state) ? 'offered' : 'canceled'
      const task = await insertTask(world, { state: 'posted' })
      return row(
        'id, task_id, tasker_id, booking_id, mode, status, expires_at, ended_at',
        ...[id, task, tasker.id, await insertBooking(world, task, status)],
        ...['offer', state, new Date(Date.now() + 3_600_000), state === 'pending' ? null : new Date()],
      )
    }
    case 'offer':
      return row(
        'id, task_id, tasker_id, wave, status, expires_at, delivered_at',
        ...[id, await insertTask(world, { state: 'matching' }), tasker.id, 1, state, new Date(), new Date()],
      )
    case 'bid': {
      const task = await insertTask(world, { state: state === 'accepted' ? 'accepted' : 'posted' })
      await connection.query(
        `update tasks set sourcing = 'bid', title = 'A leak', deadline = '2027-01-09T10:00:00Z' where id = $1`,
        [task],
      )
      return row(
        'id, task_id, tasker_id, status, amount, currency, minutes, message, award_expires_at, accepted_at',
        ...[id, task, tasker.id, state, 12_000, 'EGP', 60, `For ${id}`, new Date(Date.now() + 3_600_000)],
        state === 'accepted' ? new Date() : null,
      )
    }
    case 'lead_refund':
      return row(...spread(await leadRefundRow(world, id, state)))
    case 'lead':
      return row(...spread(await leadRow(world, id, state)))
    case 'lead_request':
      return row(...spread(await leadRequestRow(world, id, state)))
    case 'tasker':
      await connection.query('delete from tasker_profiles where user_id = $1', [tasker.id])
      await connection.query(
        `insert into requirement_waivers (id, requirement_id, subject_kind, subject_id, reason)
         select gen_random_uuid(), id, 'tasker', $1, 'A scene' from requirements on conflict do nothing`,
        [tasker.id],
      )
      return {
        key: tasker.id as string,
        insert: row('user_id, status, hourly_rate_amount', tasker.id, state, 12_000).insert,
      }
    case 'payment_intent':
      return row(
        'id, booking_id, payer_id, payee_id, method, status',
        ...[id, await aBooking(world, 'completed'), client.id, tasker.id, 'cash', state],
      )
    case 'refund':
      return row(
        'id, intent_id, kind, amount, from_debt, currency, reason, destination, status',
        ...[
          id,
          await insertPayment(world, await aBooking(world, 'completed'), 'captured'),
          'refund',
          100,
          100,
        ],
        ...['EGP', 'requested', 'original', state],
      )
    case 'adjustment': {
      // Proposed by somebody else than those who decide, and by those who withdraw.
      const proposer = state === 'proposed' && next === 'withdrawn' ? world.ops.id : client.id
      const decided = state === 'posted' || state === 'rejected' ? world.ops.id : null
      return row(
        'id, kind, currency, lines, reason, status, proposed_by, decided_by, decided_at',
        ...[id, 'correction', 'EGP', correctionLines, 'Wrong account', state, proposer],
        ...[decided, state === 'proposed' ? null : new Date()],
      )
    }
    case 'invoice':
      return row(
        'id, kind, seller_id, series, fiscal_year, number, label, digest, document_type, document_id, buyer_id, seller, buyer, language, currency, subtotal, discount, tax, total, status, paid_at, voided_at',
        ...[id, 'invoice', await aSeller(world), 'S', 1999, Math.floor(Math.random() * 1e9), id, 'd'],
        ...['order', id, client.id, '{}', '{}', 'en', 'EGP', 100, 0, 0, 100, state],
        ...[state === 'paid' ? new Date() : null, state === 'void' ? new Date() : null],
      )
    case 'order': {
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
    }
    case 'subscription': {
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
    }
    case 'chargeback': {
      const intent = await insertPayment(world, await aBooking(world, 'completed'), 'captured')
      return row(
        'id, intent_id, transaction_id, gateway, config_id, gateway_reference, amount, currency, reason, responsible, status',
        ...[id, intent, ...(await anAttempt(world, intent)), id, 100, 'EGP', 'fraudulent', 'platform', state],
      )
    }
    case 'payout':
      return row('id, user_id, amount, status', id, client.id, 100, state)
    case 'dispute':
      return row(
        'id, booking_id, opened_by, reason, status',
        ...[id, await aPaidDisputedBooking(world), client.id, 'Unfinished', state],
      )
    case 'review':
      return row(
        'id, booking_id, reviewer_id, reviewee_id, entity_type, entity_id, rating, status, publishes_at, edit_until, published_at, hidden_reason',
        ...[
          id,
          await aBooking(world, 'completed'),
          client.id,
          tasker.id,
          'professional',
          tasker.id,
          5,
          state,
        ],
        ...[new Date(Date.now() + 3_600_000), new Date(Date.now() + 3_600_000)],
        ...[state === 'published' ? new Date() : null, state === 'hidden' ? 'It names a third person' : null],
      )
    case 'dispute_offer': {
      const dispute = newId()
      const booking = await aPaidDisputedBooking(world)
      await connection.query(
        `insert into disputes (id, booking_id, opened_by, reason, status) values ($1, $2, $3, 'Unfinished', 'investigating')`,
        [dispute, booking, client.id],
      )
      // Both have accepted what is to be done; who has made it accepts it with that.
      const accepted = next === undefined && state === 'pending' ? null : new Date()
      return row(
        'id, dispute_id, client_id, tasker_id, proposed_by, side, status, amount, client_amount, tasker_amount, currency, client_accepted_at, tasker_accepted_at, expires_at, ended_at',
        ...[id, dispute, client.id, tasker.id, client.id, 'client', state, 12_000, 5_000, 7_000, 'EGP'],
        ...[accepted, accepted, new Date(Date.now() + 3_600_000), state === 'pending' ? null : new Date()],
      )
    }
    case 'case':
      return row(
        'id, kind, subject_type, subject_id, queue, status, assignee_id, due_at, decided_at, decision',
        ...[
          id,
          'report',
          'report',
          id,
          'report',
          state,
          state === 'assigned' ? world.ops.id : null,
          new Date(),
        ],
        ...(state === 'closed' ? [new Date(), 'resolved'] : [null, null]),
      )
    case 'report':
      return row(
        'id, reporter_id, kind, status, subject_type, subject_id',
        ...[id, client.id, 'fraud', state, 'user', client.id],
      )
    case 'verification':
      return row(
        'id, user_id, subject_id, verification_type, document_type, status',
        ...[id, client.id, client.id, 'document', 'diploma', state],
      )
    case 'user':
      // The client is there; only their status is to be set.
      return {
        key: client.id as string,
        insert: [
          `update users set status = $1, restorable_until = now() + interval '1 day' where id = $2`,
          [state, client.id],
        ],
      }
    case 'company':
      return {
        key: client.id as string,
        insert: row('user_id, company_name, approval_status', client.id, 'Nile Fittings', state).insert,
      }
    case 'company_member': {
      // Its account becomes the owner by itself.
      await anOpenCompanyOf(world)
      return row(
        'id, company_id, user_id, role, status, expires_at',
        ...[
          id,
          client.id,
          tasker.id,
          'tasker',
          state,
          state === 'invited' ? new Date(Date.now() + 60_000) : null,
        ],
      )
    }
    case 'job_posting':
      await anOpenCompanyOf(world)
      await connection.query(`select khidma.grant_entitlement($1, 'job_posting', 1, 'order', $2)`, [
        client.id,
        id,
      ])
      return row(
        'id, company_id, status, title, description, employment_type, work_mode, country, closes_at, live_at, closed_at, close_reason, search_vector',
        ...[id, client.id, state, 'Plumber', 'Work', 'full_time', 'remote', 'EG'],
        ...[new Date(Date.now() + 60_000), state === 'live' ? new Date() : null],
        ...(state === 'closed' ? [new Date(), 'company'] : [null, null]),
        '',
      )
    case 'job_application': {
      await anOpenCompanyOf(world)
      const posting = newId()
      await connection.query(
        `insert into job_postings (id, company_id, status, title, description, employment_type, work_mode, country, closes_at, live_at, search_vector)
         values ($1, $2, 'live', 'Plumber', 'Work', 'full_time', 'remote', 'EG', now() + interval '1 day', now(), '')`,
        [posting, client.id],
      )
      return row(
        'id, posting_id, company_id, user_id, status, ended_at',
        ...[id, posting, client.id, tasker.id, state],
        ['hired', 'rejected', 'withdrawn'].includes(state) ? new Date() : null,
      )
    }
    case 'role_profile':
      return row('id, user_id, profession, status', id, client.id, 'photographer', state)
    case 'role_profile_version':
      return row(
        'id, profile_id, user_id, number, display_name, attributes, approval_status',
        ...[id, await aRoleProfile(world), client.id, 1, 'Mona', '{"profession": "photographer"}', state],
      )
    case 'export':
      return row(
        'id, user_id, status, storage_key, expires_at',
        ...[id, client.id, state, state === 'expired' ? null : 'exports/x', new Date()],
      )
    case 'erasure':
      return row(
        'id, user_id, status, scheduled_for, next_at',
        ...[id, client.id, state, new Date(), new Date()],
      )
    default:
      throw new Error(`machine-scenes.ts has no scene for the machine ${machine.name}.`)
  }
}

const spread = ([columns, values]: [string, unknown[]]): [string, ...unknown[]] => [columns, ...values]

/** The booking of a contract in `state`. */
const bookingOfContract = (state: string): string =>
  ({ draft: 'accepted', active: 'in_progress' })[state] ?? state

async function aRoleProfile({ connection, client }: World): Promise<string> {
  const id = newId()
  await connection.query(
    "insert into role_profiles (id, user_id, profession, status) values ($1, $2, 'photographer', 'active')",
    [id, client.id],
  )
  return id
}

async function anActiveContract(world: World, booking: string): Promise<string> {
  const id = newId()
  const bookingId = await aBooking(world, booking)
  await insertRow(world, 'contracts', contractRow(world, { id, bookingId, status: 'active' }))
  return id
}

const aBooking = async (world: World, status: string): Promise<string> =>
  insertBooking(world, await insertTask(world, { state: taskBeside[status] ?? status }), status)

/** An attempt of a payment, with its gateway and configuration. */
async function anAttempt({ connection }: World, intent: string): Promise<[string, string, string]> {
  const [attempt, config] = [newId(), newId()]
  await connection.query(
    `insert into payment_gateway_configs (id, gateway, display_name, config) values ($1, 'stripe', 'Stripe', 'sealed')`,
    [config],
  )
  await connection.query(
    `insert into payment_transactions (id, intent_id, kind, gateway, config_id, reference, amount, currency)
     values ($1, $2, 'authorize', 'stripe', $3, $4, 100, 'EGP')`,
    [attempt, intent, config, attempt],
  )
  return [attempt, 'stripe', config]
}

async function aPaidDisputedBooking(world: World): Promise<string> {
  const booking = await aBooking(world, 'disputed')
  await insertPayment(world, booking, 'captured')
  return booking
}

async function aSeller({ connection }: World): Promise<string> {
  const { rows } = await connection.query(`select id from invoice_sellers where country = 'EG'`)
  return rows[0].id
}

/** Things that can be open beside an object, so that it shows what becomes of them. */
async function openBeside(world: World, { name }: Machine, key: string, state: string): Promise<void> {
  const { connection, tasker, client } = world
  if (name === 'task') {
    const booking = await insertBooking(world, key, bookingBeside[state] ?? 'canceled')
    if (state === 'disputed') await insertPayment(world, booking, 'captured')
    if (state === 'matching')
      await connection.query(
        `insert into offers (id, task_id, tasker_id, wave, status, expires_at) values ($1, $2, $3, 1, 'pending', now())`,
        [newId(), key, tasker.id],
      )
  }
  if (name === 'task' && state === 'posted')
    await connection.query(
      `insert into bids (id, task_id, tasker_id, amount, currency, minutes, message) values ($1, $2, $3, 12000, 'EGP', 60, 'I can')`,
      [newId(), key, tasker.id],
    )
  if (name === 'booking' && state !== 'disputed' && state !== 'offered')
    await insertPayment(world, key, 'requires_action')
  if (name === 'booking' && ['accepted', 'confirmed', 'in_progress'].includes(state))
    await connection.query(
      `insert into booking_changes (id, booking_id, proposed_by, proposed_to, was_rate_amount, rate_amount, was_minutes, minutes,
                                    was_starts_at, starts_at, expires_at)
       select $1, id, client_id, tasker_id, 12000, 15000, 60, 60, lower(scheduled_during), lower(scheduled_during), now() + interval '1 hour'
         from bookings where id = $2`,
      [newId(), key],
    )
  if (name === 'dispute' && !['resolved', 'rejected', 'refunded', 'withdrawn'].includes(state))
    await connection.query(
      `insert into dispute_offers (id, dispute_id, client_id, tasker_id, proposed_by, side, amount, client_amount, tasker_amount, currency, expires_at)
       values ($1, $2, $3, $4, $3, 'client', 12000, 5000, 7000, 'EGP', now() + interval '1 hour')`,
      [newId(), key, client.id, tasker.id],
    )
  if (name === 'contract') await openContractBeside(world, key, state)
  if (name === 'contract' && state === 'draft') {
    const { rows } = await connection.query('select booking_id from contracts where id = $1', [key])
    await insertPayment(world, rows[0].booking_id, 'requires_action')
  }
  if (name === 'milestone' && state === 'submitted')
    await connection.query(
      `insert into milestone_submissions (id, milestone_id, round, note, submitted_by) values ($1, $2, 1, 'Done', $3)`,
      [newId(), key, tasker.id],
    )
  if (name === 'booking' && state !== 'offered')
    await connection.query('insert into conversations (id, booking_id) values ($1, $2)', [newId(), key])
  if (name === 'user')
    await connection.query('insert into sessions (id, user_id) values ($1, $2)', [newId(), client.id])
}

/** The client as a company that is open. */
async function anOpenCompanyOf({ connection, client }: World): Promise<void> {
  await connection.query(`update users set account_type = 'company' where id = $1`, [client.id])
  await connection.query(
    `insert into company_profiles (user_id, company_name, approval_status) values ($1, 'Nile Fittings', 'approved')`,
    [client.id],
  )
  await connection.query('select khidma.found_company($1)', [client.id])
}
