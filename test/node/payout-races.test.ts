import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { choosePayment } from '../../src/areas/money/payments/payments.ts'
import { createRefund } from '../../src/areas/money/payments/refunds.ts'
import { removeAccount } from '../../src/areas/money/payouts/accounts.ts'
import { createBatch, settleBatch } from '../../src/areas/money/payouts/batches.ts'
import { retryPayout, withdraw } from '../../src/areas/money/payouts/payouts.ts'
import { schedulePayouts } from '../../src/areas/money/payouts/schedule.ts'
import { newId } from '../../src/core/ids.ts'
import { readAccounts, trialBalance } from '../support/books.ts'
import { asOwner, insertBooking, insertTask, openWorld, transaction } from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { addBankAccount, beginSession, charge, fund } from '../support/payouts.ts'
import { count, outcomeOf, times } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'

const connections = 12

describeReal('payouts, from many connections', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let contexts: NodeContexts

  beforeAll(async () => {
    world = await openWorld()
    contexts = await openContexts(world.ownerUrl, connections)
    const everyDay = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
    const terms = { weekdays: everyDay, fromHour: 0, minimum: { EGP: 1_000 }, holdDays: 2 }
    await world.connection.query(
      `insert into config_entries (id, key, value, valid_during, reason) values ($1, 'payouts.schedule', $2, tstzrange(now(), null), 'Test')`,
      [newId(), JSON.stringify(terms)],
    )
  })
  afterAll(async () => {
    await contexts.close()
    await world.close()
  })
  beforeEach(async () => {
    await world.connection.query('delete from payout_runs')
    tasker = await aTasker()
  })

  let tasker: { id: string; role: string }
  let phones = 0
  async function aTasker() {
    const id = newId()
    phones += 1
    await world.connection.query(`insert into users (id, phone, role) values ($1, $2, 'tasker')`, [
      id,
      `+2019${String(phones).padStart(8, '0')}`,
    ])
    await addBankAccount(world.connection, contexts.contextOf({ id, role: 'tasker' }))
    return { id, role: 'tasker' }
  }

  const bySystem = <T>(work: () => Promise<T>) => transaction(world.connection, world.system, work)
  const earn = (amount: number, owner = tasker.id) =>
    bySystem(() => fund(world.connection, 'tasker_payable', owner, amount))
  const owe = (amount: number) => bySystem(() => charge(world.connection, tasker.id, amount))
  const ops = () => contexts.contextOf(world.ops)
  const schedule = () => schedulePayouts(contexts.systemContext('cron.schedulePayouts'))

  const payoutsOf = async (user = tasker.id) =>
    (
      await world.connection.query(
        'select id, status, amount::int, kind from payouts where user_id = $1 order by id',
        [user],
      )
    ).rows as { id: string; status: string; amount: number; kind: string }[]

  /** The accounts of the tasker, and what of them is held. */
  async function booksOf(user = tasker.id) {
    const accounts = await readAccounts(world.connection)
    for (const { balance, sum } of accounts) expect(balance).toBe(sum)
    expect(await trialBalance(world.connection)).toBe(0)
    const { rows } = await world.connection.query(
      `select coalesce(sum(h.amount), 0)::int as open, coalesce(max(b.held), 0)::int as held
         from ledger_accounts a join ledger_balances b on b.account_id = a.id
         left join ledger_holds h on h.account_id = a.id and h.status = 'held' where a.owner_user_id = $1 and b.guarded`,
      [user],
    )
    expect(rows[0].open).toBe(rows[0].held)
    return Object.fromEntries(
      accounts.filter(({ owner }) => owner === user).map(({ kind, balance }) => [kind, balance]),
    )
  }

  /** A captured payment of the tasker, of which something can be refunded. */
  async function aPayment(amount: number): Promise<string> {
    const id = newId()
    await asOwner(world.connection, async () => {
      const task = await insertTask(world, { state: 'settled', startsAt: `2027-03-01T10:00:00Z` })
      await world.connection.query(
        `insert into payment_intents (id, booking_id, payer_id, payee_id, method, provider, status, amount_authorized, amount_captured)
         values ($1, $2, $3, $4, 'card', 'stripe', 'captured', $5, $5)`,
        [id, await insertBooking(world, task, 'completed'), world.client.id, tasker.id, amount],
      )
    })
    return id
  }

  it('two schedulers at once make one payout a tasker', async () => {
    await earn(50_000)
    expect(await times(connections, () => outcomeOf(schedule()))).toEqual(Array(connections).fill('ok'))
    expect(await payoutsOf()).toMatchObject([{ status: 'scheduled', amount: 50_000, kind: 'earnings' }])
    expect(await schedule()).toEqual({ taskers: 0, payouts: 0, netted: 0 })
  })

  it('a payout beside a refund never pays the same money twice', async () => {
    for (let round = 0; round < 10; round++) {
      tasker = await aTasker()
      await world.connection.query('delete from payout_runs')
      await earn(20_000)
      const payment = await aPayment(20_000)
      const refund = () =>
        createRefund(ops(), payment, { amount: 15_000, reason: 'requested', destination: 'wallet' })
      expect(await Promise.all([outcomeOf(schedule()), outcomeOf(refund())])).toEqual(['ok', 'ok'])
      const [payout] = await payoutsOf()
      const books = await booksOf()
      // Whoever comes second finds what the first has left.
      expect([20_000, 5_000]).toContain(payout?.amount)
      expect(books.tasker_payable).toBe(payout?.amount)
      expect(books.refund_receivable ?? 0).toBe(payout?.amount === 20_000 ? -15_000 : 0)
    }
  })

  it('netting beside a payment of the same debt pays it once', async () => {
    for (let round = 0; round < 10; round++) {
      tasker = await aTasker()
      await world.connection.query('delete from payout_runs')
      await earn(20_000)
      await owe(6_000)
      await bySystem(() => fund(world.connection, 'client_wallet', tasker.id, 6_000))
      const pay = bySystem(async () => {
        const { rows } = await world.connection.query(
          `select khidma.post_debts('debt_paid_from_wallet', 'payment_intent', $1, $2, null, 'EGP', 6000)`,
          [newId(), tasker.id],
        )
        return rows
      })
      expect(await Promise.all([outcomeOf(schedule()), outcomeOf(pay)])).toEqual(['ok', 'ok'])
      const books = await booksOf()
      const [payout] = await payoutsOf()
      expect(books.commission_receivable).toBe(0)
      // The debt came from what is owed, or from the wallet: never from both, and never from neither.
      expect([20_000, 14_000]).toContain(payout?.amount)
      expect(books.client_wallet).toBe(payout?.amount === 20_000 ? 0 : 6_000)
    }
  })

  it('a withdrawal beside a hold of the wallet takes no more than there is', async () => {
    for (let round = 0; round < 8; round++) {
      const client = await aTasker()
      await bySystem(() => fund(world.connection, 'client_wallet', client.id, 12_000))
      const booking = await asOwner(world.connection, async () => {
        const startsAt = new Date(Date.UTC(2028, 0, 1 + round)).toISOString()
        const task = await insertTask(world, { state: 'confirmed', startsAt })
        const id = await insertBooking(world, task, 'confirmed')
        await world.connection.query('update bookings set client_id = $2 where id = $1', [id, client.id])
        await world.connection.query('update tasks set client_id = $2 where id = $1', [task, client.id])
        await world.connection.query(
          `insert into payment_intents (id, booking_id, payer_id, payee_id, method, status) values ($1, $2, $3, $4, 'cash', 'requires_action')`,
          [newId(), id, client.id, world.tasker.id],
        )
        return id
      })
      const sessions = Array.from({ length: 4 }, () => contexts.contextOf(client))
      for (const ctx of sessions) await beginSession(world.connection, ctx)
      const outcomes = await Promise.all([
        outcomeOf(choosePayment(contexts.contextOf(client), booking, 'wallet')),
        ...sessions.map((ctx) => outcomeOf(withdraw(ctx, { amount: 12_000, currency: 'EGP' }))),
      ])
      expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(1)
      for (const outcome of outcomes)
        expect(['ok', 'insufficient_balance', 'withdrawal_pending']).toContain(outcome)
      await booksOf(client.id)
    }
  })

  it('two members of finance take each payout into one batch, and settle it once', async () => {
    const taskers = await Promise.all(Array.from({ length: 6 }, aTasker))
    // Payouts of earlier tests are on their way elsewhere.
    await bySystem(() =>
      world.connection.query(
        `select khidma.start_payout(id, null, null) from payouts where status = 'scheduled'`,
      ),
    )
    for (const { id } of taskers) await earn(10_000, id)
    await schedule()
    const batches = await Promise.allSettled(Array.from({ length: 4 }, () => createBatch(ops(), 'EGP')))
    const made = batches.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
    expect(made.reduce((sum, { payouts }) => sum + payouts, 0)).toBe(6)
    for (const { id } of made) {
      const { rows } = await world.connection.query('select id from payouts where batch_id = $1', [id])
      const results = rows.map((row) => ({ payoutId: row.id as string, outcome: 'failed' as const }))
      const settled = await Promise.all(
        Array.from({ length: 4 }, () => settleBatch(ops(), id, { rows: results })),
      )
      const all = settled.flatMap((each) => each.results.map(({ result }) => result))
      expect(count(all)).toEqual({ done: rows.length, unchanged: 3 * rows.length })
    }
    for (const { id } of taskers) expect(await booksOf(id)).toEqual({ tasker_payable: 10_000 })
  })

  it('a retry beside the next payday sends the money once', async () => {
    for (let round = 0; round < 8; round++) {
      tasker = await aTasker()
      await world.connection.query('delete from payout_runs')
      await earn(10_000)
      await schedule()
      const [first] = await payoutsOf()
      const { id } = await createBatch(ops(), 'EGP')
      await settleBatch(ops(), id, { rows: [{ payoutId: first?.id ?? '', outcome: 'failed' }] })
      await world.connection.query('delete from payout_runs')
      const outcomes = await Promise.all([
        outcomeOf(schedule()),
        outcomeOf(retryPayout(ops(), first?.id ?? '', 'Again.')),
      ])
      const waiting = (await payoutsOf()).filter(({ status }) => status === 'scheduled')
      expect(waiting).toHaveLength(1)
      expect(outcomes[0]).toBe('ok')
      expect(['ok', 'insufficient_balance', 'payout_superseded']).toContain(outcomes[1])
      await booksOf()
      await bySystem(() =>
        world.connection.query(`select khidma.start_payout($1, null, null)`, [waiting[0]?.id]),
      )
    }
  })

  it('an account that is removed beside a payday has no payout', async () => {
    for (let round = 0; round < 8; round++) {
      tasker = await aTasker()
      await world.connection.query('delete from payout_runs')
      await earn(10_000)
      const { rows } = await world.connection.query('select id from payout_accounts where user_id = $1', [
        tasker.id,
      ])
      const [scheduled, removed] = await Promise.all([
        outcomeOf(schedule()),
        outcomeOf(removeAccount(contexts.contextOf(tasker), rows[0].id)),
      ])
      expect(scheduled).toBe('ok')
      expect([removed, (await payoutsOf()).length]).toEqual(
        removed === 'ok' ? ['ok', 0] : ['payout_account_in_use', 1],
      )
    }
  })
})
