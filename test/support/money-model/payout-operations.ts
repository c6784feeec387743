import { newId } from '../../../src/core/ids.ts'
import { type Currency, currencies, keyOf } from './books.ts'
import { type Dispute, leftToRefund, type Payout, payoutSource } from './documents.ts'
import { Difference, type Player } from './player.ts'
import { gatewayOf, system } from './world.ts'

/** Money that leaves: paydays, withdrawals, what banks make of them, and corrections by staff. */

const minimum = 1_000

/** Pays one tasker out, as a payday does: debts first, then the rest that is in no dispute, if it is worth it. */
export async function payday(player: Player): Promise<boolean> {
  const [{ id: user }, currency] = [player.tasker(), player.pick(currencies)]
  const { model } = player
  const owed = model.books.debts(user, currency).all
  const available = model.books.available('tasker_payable', user, currency)
  const netted = Math.min(owed, available)
  const rest = available - netted - earnedInDispute(player, user, currency)
  const isRefused = player.refusedAccounts.has(keyOf('account', user, currency))
  const isPaid = !isRefused && rest >= minimum
  if (netted <= 0 && !isPaid) return false
  const terms = JSON.stringify({ minimum: { [currency]: minimum }, holdDays: 0 })
  player.note(
    `payday of ${user}: ${available} ${currency}, ${owed} owed, ${isPaid ? rest : 'nothing'} to pay`,
  )
  const rows = await player.act(system, [
    `select khidma.schedule_payout('${user}', '${currency}', '${terms}')`,
    `select id, amount::float8 as amount from payouts where user_id = '${user}' and currency = '${currency}' and kind = 'earnings' and xmin = pg_current_xact_id()::xid`,
  ])
  if (!rows) return true
  if (rows.length !== Number(isPaid) || (isPaid && rows[0].amount !== rest))
    throw new Difference(`a payout of ${isPaid ? rest : 'nothing'}: ${JSON.stringify(rows)}`)
  if (netted > 0) model.payDebts(user, currency, netted, ['tasker_payable', user, -netted])
  if (isPaid)
    player.payouts.push(
      model.openPayout(rows[0].id, 'earnings', user, currency, rest, gatewayOf[currency].name),
    )
  return true
}

/** Earnings of a tasker that open disputes may take back: they stay. */
function earnedInDispute({ bookings, model }: Player, user: string, currency: Currency): number {
  const amounts = bookings
    .filter((b) => b.tasker === user && b.currency === currency && b.status === 'disputed')
    .map((booking) => {
      const { source, amount } = model.subjectOf(booking.disputes.at(-1) as Dispute)
      const earned = model.paidFor(booking).filter(({ method }) => method !== 'cash')
      return source === 'payment'
        ? Math.min(
            amount,
            earned.reduce((sum, p) => sum + leftToRefund(p), 0),
          )
        : 0
    })
  return amounts.reduce((sum, amount) => sum + amount, 0)
}

/** One withdrawal waits at a time. */
const hasScheduled = (player: Player, owner: string, currency: Currency): boolean =>
  player.payouts.some(
    ({ kind, user, currency: of, status }) =>
      kind === 'withdrawal' && user === owner && of === currency && status === 'scheduled',
  )

export async function withdraw(player: Player): Promise<boolean> {
  const [owner, currency] = [player.client(), player.pick(currencies)]
  const has = player.model.books.available('client_wallet', owner.id, currency)
  if (has <= 0) return false
  const amount = player.chance(0.1) ? has + 1 : player.between(1, has)
  const isRefused = player.refusedAccounts.has(keyOf('account', owner.id, currency))
  const isWaiting = hasScheduled(player, owner.id, currency)
  const refusal = amount > has ? 'ledger_balances_guard' : isWaiting ? 'payouts_withdrawal_key' : 'ok'
  const expected = isRefused ? 'payout_account_refused' : refusal
  const id = newId()
  player.note(`${owner.id} withdraws ${amount} of ${has} ${currency}: ${expected}`)
  const text = `select khidma.withdraw('${id}', '${owner.id}', null, '${currency}', ${amount})`
  if (await player.act(owner, [text], expected))
    player.payouts.push(
      player.model.openPayout(id, 'withdrawal', owner.id, currency, amount, gatewayOf[currency].name),
    )
  return true
}

export async function startPayout(player: Player): Promise<boolean> {
  const o = player.recent(
    player.payouts,
    ({ status }) => status === 'scheduled' || (status === 'processing' && player.chance(0.05)),
  )
  if (!o) return false
  await startOne(player, o)
  return true
}

export async function startOne(player: Player, o: Payout): Promise<void> {
  const expected = o.status !== 'scheduled' ? 'invalid_transition' : o.isHeld ? 'payout_held' : 'ok'
  const { name } = gatewayOf[o.currency]
  const batch = player.chance(0.2) ? newId() : null
  const texts = batch
    ? [
        `insert into payout_batches (id, currency, proof_media_id, created_by) values ('${batch}', '${o.currency}', '${player.staff.proof}', '${player.staff.proposer.id}')`,
        `select khidma.start_payout('${o.id}', null, '${batch}')`,
      ]
    : [
        `select khidma.start_payout('${o.id}', (select c.id from payment_gateway_configs c where c.gateway = '${name}' limit 1), null)`,
      ]
  if (!(await player.act(batch ? player.staff.proposer : system, texts, expected))) return
  Object.assign(o, { batch, gateway: batch ? 'manual' : name })
  player.model.startPayout(o)
}

/** A bank says what became of a payout, once or again, or after it said something else. */
export async function payoutEnds(player: Player): Promise<boolean> {
  const o = player.recent(
    player.payouts,
    ({ status, attempts }) =>
      status === 'processing' || (status !== 'scheduled' && attempts > 0 && player.chance(0.05)),
  )
  if (!o) return false
  await endOne(player, o, player.pick(['paid', 'paid', 'paid', 'failed', 'returned'] as const))
  return true
}

export async function endOne(
  player: Player,
  o: Payout,
  outcome: 'paid' | 'failed' | 'returned',
): Promise<void> {
  const isBatched = o.batch !== null && o.status === 'processing' && outcome !== 'returned'
  const fee = o.gateway === 'manual' ? 0 : player.pick([0, 0, 25])
  player.note(`payout ${o.id} of ${o.amount}, ${o.status}, is ${outcome}`)
  const failureCode = outcome === 'failed' ? 'invalid_account' : undefined
  const row = JSON.stringify([{ payoutId: o.id, outcome, reference: `bank-${o.id}`, failureCode }])
  const text = isBatched
    ? `select * from khidma.settle_payout_batch('${o.batch}', '${row}')`
    : `select khidma.end_payout(khidma.current_attempt(o), '${outcome}', 'gw-${o.id}', '${outcome}', ${outcome === 'failed' ? `'invalid_account'` : 'null'}, ${fee}) from payouts o where o.id = '${o.id}'`
  if (!(await player.act(system, [text]))) return
  const was = o.status
  let moved = player.model.endPayout(o, outcome, fee)
  if (was === 'failed' && o.second && outcome !== 'paid') {
    player.model.giveBackSecond(o)
    moved -= 1
  }
  leave(player, o, moved)
  if (was === 'processing' && outcome !== 'failed') player.gateways[o.currency].payoutFees += fee
  if (o.status === 'returned' || o.status === 'failed') refuseAccount(player, o)
}

/** Money has left its gateway (1), or has come back to it (-1); that of finance is in no gateway. */
function leave(player: Player, o: Payout, moved: number): void {
  if (o.gateway !== 'manual') player.gateways[o.currency].paidOut += moved * o.amount
}

/** Gives up the payouts that wait for an account which a bank has refused; those that staff have stopped stay. */
function refuseAccount(player: Player, { user, currency }: Payout): void {
  const account = keyOf('account', user, currency)
  if (player.refusedAccounts.has(account)) return
  player.refusedAccounts.add(account)
  for (const o of player.payouts)
    if (o.user === user && o.currency === currency && o.status === 'scheduled' && !o.isHeld)
      player.model.giveUpPayout(o)
}

/** Their owner names another account: here, the same one is good again. */
export async function mendAccount(player: Player): Promise<boolean> {
  const [account] = player.refusedAccounts
  if (account === undefined) return false
  const [, user, currency] = account.split(' ')
  const text = `update payout_accounts set refused_at = null, is_default = true where user_id = '${user}' and currency = '${currency}'`
  if (await player.act(system, [text])) player.refusedAccounts.delete(account)
  return true
}

export async function retryPayout(player: Player): Promise<boolean> {
  const o = player.recent(player.payouts, ({ status }) => status === 'failed')
  if (!o) return false
  const isRefused = player.refusedAccounts.has(keyOf('account', o.user, o.currency))
  const has = player.model.books.available(payoutSource(o.kind), o.user, o.currency)
  const isWaiting = o.kind === 'withdrawal' && hasScheduled(player, o.user, o.currency)
  const refusal = has < o.amount ? 'ledger_balances_guard' : isWaiting ? 'payouts_withdrawal_key' : 'ok'
  const isSuperseded = player.payouts
    .slice(player.payouts.indexOf(o) + 1)
    .some(({ user, kind, currency }) => user === o.user && kind === o.kind && currency === o.currency)
  const ofAccount = isSuperseded ? 'payout_superseded' : isRefused ? 'payout_account_refused' : refusal
  const expected = o.isLateSuccess ? 'payout_in_review' : ofAccount
  player.note(`retries payout ${o.id} of ${o.amount}: ${expected}`)
  if (await player.act(player.staff.proposer, [`select khidma.retry_payout('${o.id}')`], expected))
    player.model.retryPayout(o)
  return true
}

/** A payout has arrived that the books have as failed: one of finance proposes that it is a debt, another approves. */
export async function settleSecond(player: Player): Promise<boolean> {
  const o = player.recent(player.payouts, ({ isLateSuccess, status }) => isLateSuccess && status === 'failed')
  if (!o) return false
  const { proposer, approver } = player.staff
  const id = newId()
  const propose = `select khidma.propose_second_payout('${id}', '${o.id}', 'A test', null, '${proposer.id}')`
  player.note(`settles payout ${o.id} of ${o.amount}, which has arrived`)
  if (!(await player.act(proposer, [propose]))) return true
  const decide = `update adjustments set status = 'posted' where id = '${id}'`
  if (!(await player.act(approver, [decide]))) return true
  player.model.settleSecond(o)
  leave(player, o, 1)
  return true
}

/** Staff stop a payout, or let it go on. */
export async function holdPayout(player: Player): Promise<boolean> {
  const o = player.recent(player.payouts, ({ status }) => status === 'scheduled')
  if (!o) return false
  await setHeld(player, o, !o.isHeld)
  return true
}

export async function setHeld(player: Player, o: Payout, isHeld: boolean): Promise<void> {
  const text = `select khidma.set_payout_held('${o.id}', ${isHeld ? `'A look at it'` : 'null'})`
  if (await player.act(player.staff.proposer, [text])) o.isHeld = isHeld
}

/** One of finance proposes, another approves: a gift into a wallet, or debts that will not be paid. */
export async function adjust(player: Player): Promise<boolean> {
  const currency = player.pick(currencies)
  const { proposer, approver } = player.staff
  const { books } = player.model
  const id = newId()
  const insert = (columns: string, values: string) =>
    `insert into adjustments (id, currency, reason, proposed_by, ${columns}) values ('${id}', '${currency}', 'A test', '${proposer.id}', ${values})`
  const decide = [`update adjustments set status = 'posted' where id = '${id}'`]
  if (player.chance(0.5)) {
    const { id: owner } = player.client()
    const has = books.available('client_wallet', owner, currency)
    const amount = player.chance(0.5) ? player.between(1, 5_000) : -player.between(1, Math.max(has, 100))
    const lines = [
      { account: 'client_wallet', owner, name: null, amount },
      { account: 'platform_fee', owner: null, name: null, amount: -amount },
    ]
    player.note(`corrects the wallet of ${owner}, ${has}, by ${amount} ${currency}`)
    if (!(await player.act(proposer, [insert('kind, lines', `'correction', '${JSON.stringify(lines)}'`)])))
      return true
    if (player.chance(0.1)) await player.act(proposer, decide, 'own_adjustment')
    const expected = has + amount < 0 ? 'ledger_balances_guard' : 'ok'
    if (await player.act(approver, decide, expected))
      books.post(currency, [
        ['client_wallet', owner, amount],
        ['platform_fee', null, -amount],
      ])
    return true
  }
  const { id: user } = player.tasker()
  const owed = books.debts(user, currency)
  if (owed.all === 0) return false
  const [commission, refund] = [player.between(0, owed.commission), owed.refund]
  if (commission + refund === 0) return false
  const columns = 'kind, user_id, commission_amount, refund_amount'
  player.note(`writes off ${commission} and ${refund} ${currency} of ${user}`)
  if (!(await player.act(proposer, [insert(columns, `'write_off', '${user}', ${commission}, ${refund}`)])))
    return true
  if (await player.act(approver, decide))
    books.post(currency, [
      ['write_offs', null, -(commission + refund)],
      ['commission_receivable', user, commission],
      ['refund_receivable', user, refund],
    ])
  return true
}

/** The job of every minute, beside whatever goes on. */
export async function rollUp(player: Player): Promise<boolean> {
  await player.act(system, ['select khidma.roll_up_balances()'])
  return true
}
