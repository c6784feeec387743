import pg from 'pg'
import { currencies } from './books.ts'
import { checkAll, checkPlayer } from './checks.ts'
import * as contracts from './contract-operations.ts'
import * as disputes from './dispute-operations.ts'
import * as further from './further-operations.ts'
import * as atGateways from './gateway-operations.ts'
import * as people from './operations.ts'
import * as orders from './order-operations.ts'
import * as payouts from './payout-operations.ts'
import { Player } from './player.ts'
import { insertGroup, prepare } from './world.ts'

/** Random operations of all flows of money, on several connections at once, against a plain model of each. */

type Operation = (player: Player) => Promise<boolean>

const weights: [weight: number, operation: Operation][] = [
  [8, people.book],
  [5, people.payFromWallet],
  [9, people.payByCard],
  [2, people.chooseCash],
  [3, people.start],
  [7, people.complete],
  [3, people.cancel],
  [1, people.waive],
  [5, people.settleCash],
  [1, people.objectToCash],
  [5, people.refund],
  [4, further.topUp],
  [3, further.tip],
  [4, further.payDebts],
  [1, further.giveUp],
  [12, atGateways.payerActs],
  [24, atGateways.hearEvent],
  [5, atGateways.hearLate],
  [3, atGateways.hearWrong],
  [6, atGateways.askAbout],
  [12, atGateways.workOnSome],
  [4, atGateways.refundEnds],
  [1, atGateways.chargebackOpens],
  [4, atGateways.hearOfChargeback],
  [4, payouts.payday],
  [2, payouts.withdraw],
  [5, payouts.startPayout],
  [5, payouts.payoutEnds],
  [2, payouts.mendAccount],
  [1, payouts.retryPayout],
  [2, payouts.settleSecond],
  [1, payouts.holdPayout],
  [2, payouts.adjust],
  [1, payouts.rollUp],
  [9, orders.placeOrder],
  [11, orders.payOrder],
  [1, orders.endOrder],
  [1, orders.refundOrder],
  [3, orders.subscribe],
  [4, orders.passTime],
  [1, orders.unsubscribe],
  [4, contracts.agreeOnContract],
  [5, contracts.fundContract],
  [6, contracts.workOnMilestone],
  [4, disputes.openDispute],
  [2, disputes.escalate],
  [3, disputes.endDispute],
  [2, disputes.refundDispute],
  [4, disputes.splitDispute],
  [4, disputes.propose],
  [4, disputes.answer],
  [2, disputes.appeal],
]
const bag = weights.flatMap(([weight, operation]) => Array.from({ length: weight }, () => operation))

export interface Plan {
  url: string
  seed: number
  operations: number
  connections: number
  /** Whether changes and events are on record, too. */
  hasRecords: boolean
  /** Model and database are compared after so many operations of a connection; and at the end. */
  every: number
}

export interface Outcome {
  operations: Record<string, number>
  crashes: number
  refusals: number
  transactions: number
  bookings: number
  orders: number
  subscriptions: number
  disputes: number
  contracts: number
}

export async function playMoney({
  url,
  seed,
  operations,
  connections,
  hasRecords,
  every,
}: Plan): Promise<Outcome> {
  const owner = new pg.Client({ connectionString: url })
  await owner.connect()
  const players: Player[] = []
  const done: Record<string, number> = {}
  try {
    const staff = await prepare(owner, hasRecords)
    for (let index = 0; index < connections; index += 1)
      players.push(new Player(url, `money ${seed} ${index}`, await insertGroup(owner, index), staff))
    await Promise.all(players.map((player) => play(player, Math.ceil(operations / connections), every, done)))
    await Promise.all(players.map(settleEverything))
    await checkAll(owner, players)
  } finally {
    await Promise.allSettled(players.map((player) => player.close()))
    await owner.end()
  }
  const sum = (of: (player: Player) => number) => players.reduce((total, player) => total + of(player), 0)
  return {
    operations: done,
    crashes: sum(({ crashes }) => crashes),
    refusals: sum(({ refusals }) => refusals),
    transactions: sum(({ line }) => line.trips),
    bookings: sum(({ bookings }) => bookings.length),
    orders: sum(
      (player) =>
        player.orders.filter(({ status }) => status === 'completed' || status === 'refunded').length,
    ),
    subscriptions: sum(({ subscriptions }) => subscriptions.length),
    disputes: sum((player) => player.bookings.flatMap((each) => each.disputes).length),
    contracts: sum((player) => player.bookings.filter(({ contract }) => contract !== null).length),
  }
}

async function play(
  player: Player,
  count: number,
  every: number,
  done: Record<string, number>,
): Promise<void> {
  await player.open()
  await named(player, 0, async () => {
    for (const currency of currencies) for (let n = 0; n < 4; n += 1) await further.topUpOf(player, currency)
  })
  for (let made = 0; made < count; ) {
    const operation = player.pick(bag)
    await named(player, made, async () => {
      player.note(`${made}. ${operation.name}`)
      if (!(await operation(player))) {
        player.history.pop()
        return
      }
      made += 1
      done[operation.name] = (done[operation.name] ?? 0) + 1
      if (made % every === 0) await checkPlayer(player)
    })
  }
  await named(player, count, () => checkPlayer(player))
}

/** An error says after which operations it came. */
async function named(player: Player, made: number, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const last = player.history.slice(-40).join('\n')
    throw new Error(`after ${made} operations: ${(error as Error).message}\n${last}`, { cause: error })
  }
}

/** Lets everything come to its end: payers pay or leave, events arrive, work is done, cash is settled, payouts arrive. */
async function settleEverything(player: Player): Promise<void> {
  player.crashiness = 0
  await named(player, Number.POSITIVE_INFINITY, async () => {
    for (const chargebackOwner of player.payments.flatMap(({ attempts }) => attempts))
      await atGateways.endChargebacks(player, chargebackOwner)
    await atGateways.drain(player)
    await disputes.endAllDisputes(player)
    for (const booking of player.bookings) {
      if (booking.status === 'confirmed') await people.cancelOne(player, booking, 'client')
      if (booking.status === 'in_progress') await people.completeOne(player, booking)
    }
    for (const each of player.subscriptions) if (!each.isOver) await orders.unsubscribeOne(player, each)
    for (const order of player.orders)
      if (order.status === 'pending') await orders.endOrderOf(player, order, 'canceled')
    await atGateways.drain(player)
    for (const booking of player.bookings)
      if (people.isCashDue(booking)) await people.settleCashOf(player, booking)
    for (const o of player.payouts) {
      if (o.isHeld && o.status === 'scheduled') await payouts.setHeld(player, o, false)
      if (o.status === 'scheduled') await payouts.startOne(player, o)
      if (o.status === 'processing') await payouts.endOne(player, o, 'paid')
    }
    await checkPlayer(player)
  })
}
