import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { factsOf, Gateway } from '../support/money-model/gateway.ts'
import {
  type Group,
  gatewayOf,
  insertGroup,
  Line,
  prepare,
  type Rows,
  type Staff,
  system,
} from '../support/money-model/world.ts'
import { describeReal, freshDatabase } from '../support/real-postgres.ts'

/** Cases that the model of money (`money-model.test.ts`) has found, each with its few steps. */
describeReal('money in an unlucky order', () => {
  let owner: pg.Client
  let line: Line
  let staff: Staff
  let group: Group

  beforeAll(async () => {
    const { ownerUrl } = await freshDatabase()
    owner = new pg.Client({ connectionString: ownerUrl })
    await owner.connect()
    staff = await prepare(owner, false)
    group = await insertGroup(owner, 0)
    line = new Line(ownerUrl)
    await line.open()
  })
  afterAll(async () => {
    await line.close()
    await owner.end()
  })

  const first = <T>(list: readonly T[]): T => {
    const [item] = list
    if (item === undefined) throw new Error('There is none')
    return item
  }
  const client = () => first(group.clients)
  const tasker = () => first(group.taskers)
  let hours = 0

  /** A booking at 100.00, at most 100.00, whose early end costs its client half. */
  async function aBooking(currency: 'EGP' | 'NGN', status: 'confirmed' | 'in_progress') {
    const [task, booking] = [newId(), newId()]
    hours += 1
    const starts = `timestamptz '2030-01-01' + make_interval(hours => ${hours})`
    const half =
      '{"basisPoints": 5000, "minimum": 0, "maximum": null, "freeMinutesBefore": 20000000, "freeMinutesAfter": 0}'
    const rows = await line.transact(system, [
      'set local session_replication_role = replica',
      `insert into tasks (id, client_id, category, description, address, city, lat, lng, starts_at, est_minutes, state, currency)
       values ('${task}', '${client().id}', 'plumbing', 'A leak', 'Tahrir 1', 'Cairo', 30, 31, ${starts}, 60, '${status}', '${currency}')`,
      `insert into bookings (id, task_id, client_id, tasker_id, status, agreed_rate_amount, agreed_rate_currency, agreed_maximum_amount, fee_terms, scheduled_during, confirmed_at, started_at)
       values ('${booking}', '${task}', '${client().id}', '${tasker().id}', '${status}', 10000, '${currency}', 10000, '{"cancellation": {"client": ${half}, "tasker": ${half}}}',
               tstzrange(${starts}, ${starts} + interval '1 hour'), now() - interval '2 days', now() - interval '1 day')`,
      'set local session_replication_role = origin',
      `select khidma.open_payment(b) from bookings b where id = '${booking}'`,
      `select id from payment_intents where booking_id = '${booking}'`,
    ])
    return { booking, payment: first(rows as { id: string }[]).id }
  }
  const ok = async (actor: Parameters<Line['transact']>[0], ...statements: string[]) => {
    const outcome = await line.transact(actor, statements)
    expect(typeof outcome === 'string' ? outcome : 'ok', statements.join('; ')).toBe('ok')
    return outcome as Rows
  }
  const byCard = async (booking: string): Promise<string> =>
    first(await ok(client(), `select khidma.open_attempt('${booking}', 'card', false, null) as id`)).id
  const learn = (attempt: string, facts: object) =>
    ok(system, `select khidma.apply_payment('${attempt}', '${JSON.stringify(facts)}'::jsonb)`)
  const balance = async (kind: string, person: string, currency: string): Promise<number> =>
    (
      await line.read(
        `select coalesce(sum(balance), 0)::float8 as sum from account_balances where kind = '${kind}' and owner_user_id = '${person}' and currency = '${currency}'`,
      )
    )[0].sum
  const cancel = (booking: string) =>
    ok(client(), `update bookings set status = 'canceled', cancel_reason = 'x' where id = '${booking}'`)

  it('a client whose gateway has charged already may choose another method', async () => {
    const { booking } = await aBooking('NGN', 'confirmed')
    const attempt = await byCard(booking)
    const gateway = new Gateway(gatewayOf.NGN)
    const there = gateway.create(attempt, 'NGN', 10_000, true)
    gateway.pay(there, 10_000)
    await learn(attempt, factsOf(there))
    expect(await line.transact(client(), [`select khidma.choose_method('${booking}', 'cash')`])).not.toBe(
      'forbidden',
    )
  })

  it('a failure that was read before the payer paid, and is written after, leaves the prepayment where it can go back', async () => {
    const { booking, payment } = await aBooking('NGN', 'confirmed')
    const attempt = await byCard(booking)
    const gateway = new Gateway(gatewayOf.NGN)
    const there = gateway.create(attempt, 'NGN', 10_000, true)
    gateway.decline(there)
    const stale = factsOf(there)
    gateway.pay(there, 10_000)
    await learn(attempt, factsOf(there))
    expect(await balance('escrow', client().id, 'NGN')).toBeGreaterThanOrEqual(10_000)
    await learn(attempt, stale)
    const [row] = await line.read(
      `select status, amount_authorized::int as held from payment_intents where id = '${payment}'`,
    )
    expect(row).toEqual({ status: 'authorized', held: 10_000 })
  })

  it('a fee that a hold was to pay in part is owed whole once the hold is lost', async () => {
    const { booking } = await aBooking('EGP', 'confirmed')
    const attempt = await byCard(booking)
    const gateway = new Gateway(gatewayOf.EGP)
    const there = gateway.create(attempt, 'EGP', 10_000, true)
    // The gateway authorises less than it was asked to.
    gateway.pay(there, 2_000)
    await learn(attempt, factsOf(there))
    const before = await balance('fee_receivable', client().id, 'EGP')
    await cancel(booking)
    gateway.cancel(there)
    await learn(attempt, factsOf(there))
    expect((await balance('fee_receivable', client().id, 'EGP')) - before).toBe(-5_000)
  })

  it('a fee that was paid as a debt, and is waived, goes back to its payer', async () => {
    const { booking } = await aBooking('EGP', 'confirmed')
    const owedBefore = await balance('fee_receivable', client().id, 'EGP')
    await cancel(booking)
    await ok(
      system,
      `select khidma.post_entry('${newId()}', 'adjustment', null, null, 'EGP',
      '[{"account": "platform_clearing", "name": "stripe", "amount": -90000}, {"account": "client_wallet", "owner": "${client().id}", "amount": 90000}]')`,
    )
    const owed = -(await balance('fee_receivable', client().id, 'EGP'))
    await ok(client(), `select khidma.open_debt_payment('${newId()}', 'wallet', ${owed}, 'EGP', false, null)`)
    const wallet = await balance('client_wallet', client().id, 'EGP')
    await ok(
      staff.proposer,
      `update bookings set fee_waived_at = now(), fee_waived_by = '${staff.proposer.id}', fee_waive_reason = 'Ill' where id = '${booking}'`,
      `select khidma.give_back_fee('${booking}', '${newId()}')`,
    )
    expect(await balance('fee_receivable', client().id, 'EGP')).toBeLessThanOrEqual(0)
    expect(await balance('client_wallet', client().id, 'EGP')).toBe(wallet + 5_000)
    expect(owedBefore).toBeLessThanOrEqual(0)
  })

  it('silence settles the cash of a payment whose late card money has gone back', async () => {
    const { booking, payment } = await aBooking('NGN', 'in_progress')
    const attempt = await byCard(booking)
    const gateway = new Gateway(gatewayOf.NGN)
    const there = gateway.create(attempt, 'NGN', 10_000, true)
    await learn(attempt, factsOf(there))
    await ok(
      tasker(),
      `update bookings set status = 'completed', completed_at = started_at + interval '60 minutes' where id = '${booking}'`,
    )
    gateway.pay(there, 10_000)
    await learn(attempt, factsOf(there))
    await ok(
      system,
      `update payment_intents set settles_at = now() where id = '${payment}'`,
      'select khidma.settle_silent_cash(10)',
    )
    const [row] = await line.read(
      `select status, method, review from payment_intents where id = '${payment}'`,
    )
    expect(row).toMatchObject({ status: 'captured', method: 'cash' })
  })

  it('a failure that was read before the payer approved, and is written after, leaves the hold', async () => {
    const { booking, payment } = await aBooking('EGP', 'confirmed')
    const attempt = await byCard(booking)
    const gateway = new Gateway(gatewayOf.EGP)
    const there = gateway.create(attempt, 'EGP', 10_000, true)
    gateway.decline(there)
    const stale = factsOf(there)
    gateway.pay(there, 10_000)
    await learn(attempt, factsOf(there))
    await learn(attempt, stale)
    const [row] = await line.read(
      `select status, amount_authorized::int as held from payment_intents where id = '${payment}'`,
    )
    expect(row).toEqual({ status: 'authorized', held: 10_000 })
    gateway.cancel(there)
    await learn(attempt, factsOf(there))
    expect(await line.read(`select status from payment_intents where id = '${payment}'`)).toEqual([
      { status: 'failed' },
    ])
  })

  it('facts of something else go to staff, and are asked for less and less often', async () => {
    const { booking, payment } = await aBooking('EGP', 'confirmed')
    const attempt = await byCard(booking)
    const gateway = new Gateway(gatewayOf.EGP)
    const there = gateway.create(attempt, 'EGP', 10_000, true)
    for (let times = 0; times < 2; times += 1) await learn(attempt, { ...factsOf(there), currency: 'USD' })
    const [row] = await line.read(
      `select p.status, p.review, t.checks, t.next_check_at > now() + interval '4 minutes' as "isPutOff"
         from payment_intents p join payment_transactions t on t.id = p.transaction_id where p.id = '${payment}'`,
    )
    expect(row).toEqual({ status: 'requires_action', review: 'underpaid', checks: 2, isPutOff: true })
  })

  /** Its client says that it was not as agreed. */
  async function aDispute(booking: string): Promise<string> {
    const dispute = newId()
    await ok(
      client(),
      `select khidma.dispute_booking('${booking}')`,
      `insert into disputes (id, booking_id, opened_by, type, reason, currency) values ('${dispute}', '${booking}', '${client().id}', 'quality', 'x', 'EGP')`,
    )
    return dispute
  }

  it('a dispute that cancels work calls off the capture of its fare, and releases the hold', async () => {
    const { booking, payment } = await aBooking('EGP', 'in_progress')
    const attempt = await byCard(booking)
    const gateway = new Gateway(gatewayOf.EGP)
    const there = gateway.create(attempt, 'EGP', 10_000, true)
    gateway.pay(there, 10_000)
    await learn(attempt, factsOf(there))
    await ok(
      tasker(),
      `update bookings set status = 'completed', completed_at = started_at + interval '60 minutes' where id = '${booking}'`,
    )
    const dispute = await aDispute(booking)
    await ok(
      staff.proposer,
      `update disputes set status = 'resolved', resolution = '{"outcome": "canceled"}' where id = '${dispute}'`,
    )
    const rows = await line.read(
      `select p.status, p.capture_due_at is not null as "isCaptureDue", t.release_due_at is not null as "isReleaseDue"
         from payment_intents p join payment_transactions t on t.intent_id = p.id where p.id = '${payment}'`,
    )
    expect(rows).toEqual([{ status: 'canceled', isCaptureDue: false, isReleaseDue: true }])
    // The capture was on its way: what the gateway has taken goes back.
    gateway.capture(there, 10_000)
    await learn(attempt, factsOf(there))
    expect(await line.read(`select kind, amount::int from refunds where intent_id = '${payment}'`)).toEqual([
      { kind: 'return', amount: 10_000 },
    ])
  })

  it('a contract without money in escrow has no fare that a decision could split', async () => {
    const { booking } = await aBooking('EGP', 'in_progress')
    const contract = newId()
    const sign = `select khidma.sign_contract('${contract}', (select khidma.text_sha256(khidma.contract_text(c)) from contracts c where c.id = '${contract}'))`
    const milestones = '[{"title": "Room", "amount": 5000}]'
    await ok(
      tasker(),
      `select khidma.draft_contract('${contract}', '${booking}', '{"title": "Rooms", "scope": "Paint"}', '${milestones}')`,
      sign,
    )
    await ok(client(), sign)
    const dispute = await aDispute(booking)
    expect(
      await line.transact(staff.proposer, [`select khidma.decide_split('${dispute}', null, 500, 0, null)`]),
    ).toBe('nothing_to_split')
    await ok(
      staff.proposer,
      `update disputes set status = 'resolved', resolution = '{"outcome": "completed"}' where id = '${dispute}'`,
    )
    expect(
      await line.read(
        `select b.status, c.status as contract from bookings b join contracts c on c.booking_id = b.id where b.id = '${booking}'`,
      ),
    ).toEqual([{ status: 'canceled', contract: 'canceled' }])
  })
})
