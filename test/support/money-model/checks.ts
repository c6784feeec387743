import type pg from 'pg'
import { readAccounts, trialBalance } from '../books.ts'
import { brokenLaws } from '../subscription-laws.ts'
import { currencies, guardedKinds, keyOf, receivableKinds } from './books.ts'
import type { Payment } from './documents.ts'
import { balanceThere } from './gateway.ts'
import { Difference, type Player } from './player.ts'
import { gatewayOf, type Rows } from './world.ts'

/** Comparisons of the database with the model. */

const platformKinds = [
  'platform_clearing',
  'payout_clearing',
  'platform_fee',
  'gateway_fees',
  'chargebacks',
  'write_offs',
  'tax_payable',
  'promotions',
]

/** Compares the things of one player's people: their accounts, what is held of them, their payments and payouts. */
export async function checkPlayer(player: Player): Promise<void> {
  const ids = [...player.group.clients, ...player.group.taskers].map(({ id }) => `'${id}'`).join(', ')
  const accounts = await player.line.read(`
    select a.kind, a.owner_user_id as owner, a.currency, v.balance::float8 as balance, b.held::float8 as held,
           (select coalesce(sum(h.amount), 0)::float8 from ledger_holds h where h.account_id = a.id and h.status = 'held') as holds
      from ledger_accounts a join account_balances v on v.id = a.id join ledger_balances b on b.account_id = a.id
     where a.owner_user_id in (${ids})`)
  const known = player.model.books.snapshot()
  for (const { kind, owner, currency, balance, held, holds } of accounts) {
    const account = keyOf(kind, owner, currency)
    const { balance: mine, held: myHeld } = known.get(account) ?? { balance: 0, held: 0 }
    known.delete(account)
    if (mine !== balance || myHeld !== held || held !== holds)
      throw new Difference(
        `${account}: balance ${balance}, held ${held} (${holds}); by the model ${mine}, held ${myHeld}`,
      )
    if (guardedKinds.includes(kind) && balance < held)
      throw new Difference(`${account} is at ${balance}, held ${held}`)
    if (receivableKinds.includes(kind) && balance > 0)
      throw new Difference(`${account} is at ${balance}: the platform owes by it`)
  }
  for (const [account, { balance }] of known)
    if (!platformKinds.includes(account.split(' ')[0] ?? ''))
      throw new Difference(`the database has no ${account} of ${balance}`)

  const payments = await player.line.read(`
    select p.id, p.status, p.method, p.amount_authorized::float8 as authorized, p.amount_captured::float8 as captured, p.amount_refunded::float8 as refunded,
           p.amount_released::float8 as released, p.is_prepaid as "isPrepaid", p.capture_due_at is not null as "isCaptureDue", p.transaction_id as attempt,
           (select count(*)::int from payment_transactions t where t.intent_id = p.id and t.release_due_at is not null) as releases,
           (select count(*)::int from payment_transactions t where t.intent_id = p.id and t.is_booked) as booked,
           (select string_agg(r.status || ' ' || r.amount, ', ' order by r.status::text, r.amount) from refunds r where r.intent_id = p.id) as refunds
      from payment_intents p where p.payer_id in (${ids})`)
  compareRows('payment', payments, player.payments.map(rowOf))
  const paidOut = await player.line.read(
    `select id, status, amount::float8 as amount from payouts where user_id in (${ids}) and provider is distinct from 'cash'`,
  )
  compareRows(
    'payout',
    paidOut,
    player.payouts.map(({ id, status, amount }) => ({ id, status, amount })),
  )
  await checkOrders(player, ids)
  await checkDisputes(player, ids)
}

async function checkOrders(player: Player, ids: string): Promise<void> {
  const rows = await player.line.read(`
    select o.id, o.status, d.total::float8 as total, d.tax::float8 as tax, d.discount::float8 as discount
      from orders o join price_documents d on d.id = o.document_id where o.user_id in (${ids})`)
  compareRows(
    'order',
    rows,
    player.orders.map(({ id, status, total, tax, discount }) => ({ id, status, total, tax, discount })),
  )
  const entitled = await player.line.read(`
    select e.owner_id as id, sum(khidma.entitlement_left(e))::int as left from entitlements e where e.owner_id in (${ids}) group by 1`)
  for (const { id, left } of entitled)
    if (left !== (player.model.entitled.get(id) ?? 0))
      throw new Difference(`${id} has ${left} uses, by the model ${player.model.entitled.get(id)}`)
}

/** Bookings and their disputes; what contracts hold, and what was refunded for each decision. */
async function checkDisputes(player: Player, ids: string): Promise<void> {
  const disputed = player.bookings.filter(({ disputes }) => disputes.length > 0)
  const rows = await player.line.read(`
    select d.id, d.status, b.status as booking,
           (select coalesce(sum(r.amount), 0)::float8 from refunds r where r.dispute_id = d.id) as returned
      from disputes d join bookings b on b.id = d.booking_id where b.client_id in (${ids})`)
  compareRows(
    'dispute',
    rows,
    disputed.flatMap(({ status: booking, disputes }) =>
      disputes.map(({ id, status, returned }) => ({ id, status, booking, returned })),
    ),
  )
  const contracts = await player.line.read(`
    select c.id, c.status, b.status as booking, coalesce(e.funded_amount, 0)::float8 as funded, coalesce(e.released_amount, 0)::float8 as released,
           coalesce(e.refunded_amount, 0)::float8 as refunded, coalesce(e.arbitration_amount, 0)::float8 as arbitration,
           coalesce(e.commission_amount, 0)::float8 as commission,
           (select string_agg(m.status || ' ' || m.amount, ', ' order by m.position) from milestones m where m.contract_id = c.id) as milestones
      from contracts c join bookings b on b.id = c.booking_id left join escrows e on e.contract_id = c.id where c.client_id in (${ids})`)
  compareRows(
    'contract',
    contracts,
    player.bookings.flatMap(({ contract: c, status: booking }) =>
      c
        ? [
            {
              ...{ id: c.id, status: c.status, booking, funded: c.funded, released: c.released },
              ...{ refunded: c.refunded, arbitration: c.arbitration, commission: c.commission },
              milestones: c.milestones.map(({ status, amount }) => `${status} ${amount}`).join(', '),
            },
          ]
        : [],
    ),
  )
}

const rowOf = (p: Payment) => ({
  id: p.id,
  status: p.status,
  method: p.method,
  authorized: p.authorized,
  captured: p.captured,
  refunded: p.refunded,
  released: p.released,
  isPrepaid: p.isPrepaid,
  isCaptureDue: p.isCaptureDue,
  attempt: p.attempt?.id ?? null,
  releases: p.attempts.filter(({ isReleaseDue }) => isReleaseDue).length,
  booked: p.attempts.filter(({ isBooked }) => isBooked).length,
  refunds:
    p.refunds
      .toSorted((a, b) => (a.status === b.status ? a.amount - b.amount : a.status < b.status ? -1 : 1))
      .map(({ status, amount }) => `${status} ${amount}`)
      .join(', ') || null,
})

function compareRows(what: string, rows: Rows, mine: { id: string }[]): void {
  const byId = new Map(rows.map((row) => [row.id, row]))
  for (const each of mine) {
    const row = byId.get(each.id)
    byId.delete(each.id)
    const fields = Object.entries(each).filter(([name, value]) => row?.[name] !== value)
    if (fields.length > 0)
      throw new Difference(
        `${what} ${each.id}: ${fields.map(([name, value]) => `${name} is ${row?.[name]}, by the model ${value}`).join('; ')}`,
      )
  }
  if (byId.size > 0) throw new Difference(`the model knows no ${what} ${[...byId.keys()].join(', ')}`)
}

/** Compares the things of all together, once everything has come to its end. */
export async function checkAll(owner: pg.Client, players: Player[]): Promise<void> {
  const wrong: string[] = []
  const expect = (what: string, came: unknown, wanted: unknown) => {
    if (JSON.stringify(came) !== JSON.stringify(wanted))
      wrong.push(`${what} is ${JSON.stringify(came)}, expected ${JSON.stringify(wanted)}`)
  }
  const rows = async (text: string): Promise<Rows> => (await owner.query(text)).rows
  await owner.query('select khidma.roll_up_balances()')
  for (const account of await readAccounts(owner)) {
    expect(`the balance of ${account.kind} ${account.owner}`, account.balance, account.sum)
    if (account.guarded)
      expect(`the stored balance of ${account.kind} ${account.owner}`, account.stored, account.sum)
  }
  // Autovacuum does it where a database lives longer.
  await owner.query('analyze')
  expect('the trial balance', await trialBalance(owner), 0)
  expect(
    'sums by currency',
    await rows(`select currency from account_balances group by currency having sum(balance) <> 0`),
    [],
  )
  expect(
    'differences of documents and entries',
    await rows(
      'select document_type as type, document_id as id, what, expected::float8, posted::float8 from khidma.document_differences()',
    ),
    [],
  )
  expect(
    'open holds',
    await rows(`select document_type, document_id from ledger_holds where status = 'held' limit 5`),
    [],
  )
  expect(
    'bookings whose payment has no end',
    await rows(`
      select b.id, b.status as booking, t.state as task, p.status as payment, p.method from bookings b join tasks t on t.id = b.task_id
        join payment_intents p on p.booking_id = b.id and p.purpose = 'booking'
       where case b.status when 'completed' then t.state <> 'settled' or p.status <> 'captured'
                             and not exists (select from contracts c where c.booking_id = b.id and c.status in ('completed', 'canceled'))
                           when 'canceled' then p.status not in ('canceled', 'captured', 'failed') else true end limit 5`),
    [],
  )
  expect(
    'orders whose invoice, less its credit note, is not what they have earned',
    await rows(`
      select o.id, i.sum::float8 as invoiced, e.sum::float8 as earned from orders o
       cross join lateral (select coalesce(sum(case x.kind when 'invoice' then x.total else -x.total end), 0) as sum
                             from (select 'order' as type, o.id union all
                                   select 'refund', r.id from refunds r join payment_intents p on p.id = r.intent_id where p.order_id = o.id) made
                             join invoices x on x.document_type = made.type and x.document_id = made.id and x.status <> 'void') i
       cross join lateral (select coalesce(sum(l.amount), 0) as sum from ledger_lines l join ledger_entries n on n.id = l.entry_id
                             join ledger_accounts a on a.id = l.account_id and a.kind in ('platform_fee', 'tax_payable')
                            where n.document_id in (select p.id from payment_intents p where p.order_id = o.id union all
                                                    select r.id from refunds r join payment_intents p on p.id = r.intent_id where p.order_id = o.id)) e
       where i.sum <> e.sum limit 5`),
    [],
  )
  expect(
    'bookings whose chargebacks the platform has gained by',
    await rows(`
      select e.booking_id, sum(l.amount)::float8 as gain from ledger_entries e join ledger_lines l on l.entry_id = e.id
        join ledger_accounts a on a.id = l.account_id and a.kind = 'chargebacks'
       where e.booking_id is not null group by 1 having sum(l.amount) > 0 limit 5`),
    [],
  )
  expect('laws of subscriptions that are broken', await brokenLaws(owner), {})
  const total = async (kind: string, name: string | null, currency: string) =>
    (
      await rows(
        `select coalesce(sum(balance), 0)::float8 as sum from account_balances v join ledger_accounts a using (id)
          where a.kind = '${kind}' and a.owner_name is not distinct from ${name ? `'${name}'` : 'null'} and a.currency = '${currency}'`,
      )
    )[0].sum
  const totalOf = async (kind: string, currency: string) =>
    (
      await rows(
        `select coalesce(sum(balance), 0)::float8 as sum from account_balances where kind = '${kind}' and currency = '${currency}'`,
      )
    )[0].sum
  for (const currency of currencies) {
    const { name } = gatewayOf[currency]
    const byModel = (kind: string, of: string | null) =>
      players.reduce((sum, { model }) => sum + model.books.balance(kind, of, currency), 0)
    for (const kind of platformKinds) {
      const of = kind.endsWith('clearing') ? name : null
      expect(`${kind} in ${currency}`, await total(kind, of, currency), byModel(kind, of))
    }
    expect(
      `what finance has transferred in ${currency}`,
      await total('platform_clearing', 'manual', currency),
      byModel('platform_clearing', 'manual'),
    )
    for (const kind of ['escrow', 'payout_clearing', 'client_cash'])
      expect(`${kind} in ${currency} at the end`, await totalOf(kind, currency), 0)
    const there = players.map(({ gateways }) => gateways[currency])
    const held = there.flatMap(({ payments }) => [...payments.values()])
    const balance = held.reduce((sum, each) => sum + balanceThere(each) - each.fee, 0)
    const out = there.reduce((sum, { paidOut, payoutFees }) => sum + paidOut + payoutFees, 0)
    expect(`what ${name} has for us`, -(await total('platform_clearing', name, currency)), balance - out)
    expect(
      `holds at ${name} that nobody wants`,
      held
        .filter(({ status }) => status === 'authorized' || status === 'requires_action')
        .map(({ reference }) => reference),
      [],
    )
  }
  if (wrong.length > 0) throw new Difference(wrong.join('\n'))
}
