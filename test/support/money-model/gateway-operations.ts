import type { Attempt, Payment, Refund } from './documents.ts'
import { chargebackFacts, chargedBack, type Facts, factsOf, type There } from './gateway.ts'
import type { Player } from './player.ts'
import { chargebacksAreTaskers, system } from './world.ts'

/** Happenings at gateways, and how we learn of them: late, twice, in any order, or by asking. */

const json = (value: unknown): string => `'${JSON.stringify(value)}'::jsonb`

/** Facts that somebody has read and not written down yet, while others go on. */
const inFlight = new WeakMap<Player, { attempt: Attempt; facts: Facts }[]>()
/** Attempts that their gateway has sent word of. */
const events = new WeakMap<Player, Attempt[]>()
const listOf = <T>(lists: WeakMap<Player, T[]>, player: Player): T[] => {
  const list = lists.get(player) ?? []
  lists.set(player, list)
  return list
}

async function write(player: Player, t: Attempt, facts: Facts, more: string[] = []): Promise<boolean> {
  const rows = await player.act(system, [`select khidma.apply_payment('${t.id}', ${json(facts)})`, ...more])
  if (!rows) return false
  player.model.learn(t, facts)
  return true
}

/** Calls a gateway: the call never arrives, its answer is lost, or it works. Says whether we have the answer. */
async function called(player: Player, t: Attempt, call: () => void): Promise<boolean> {
  const luck = player.random()
  if (luck >= 0.04) call()
  if (luck >= 0.08) return true
  player.note(`  ${luck < 0.04 ? 'the call is lost' : 'the answer is lost'}`)
  if (player.chance(0.5)) await player.act(system, [`select khidma.leave_unknown('${t.id}')`])
  return false
}

/** The second half of a payment through a gateway: an attempt is written, and its gateway is asked to begin. */
export async function beginAtGateway(player: Player, t: Attempt): Promise<void> {
  const { currency, purpose } = t.payment
  if (player.chance(0.03)) {
    if (await player.act(system, [`select khidma.apply_refusal('${t.id}', 'declined')`]))
      player.model.refuse(t)
    return
  }
  let there: There | undefined
  const isAnswered = await called(player, t, () => {
    there = player.gateways[currency].create(t.id, currency, t.amount, purpose === 'booking')
  })
  if (isAnswered && there) await write(player, t, factsOf(there))
}

const attemptsOf = (payments: Payment[]): Attempt[] =>
  payments.slice(-120).flatMap(({ attempts }) => attempts)

/** The payer does something on the gateway's page, or time passes. */
export async function payerActs(player: Player): Promise<boolean> {
  const t = player.recent(attemptsOf(player.payments), (each) => {
    const status = player.thereOf(each)?.status
    return (
      status === 'requires_action' || status === 'failed' || (status === 'authorized' && player.chance(0.1))
    )
  })
  const there = t && player.thereOf(t)
  if (!t || !there) return false
  const gateway = player.gateways[t.payment.currency]
  const luck = player.random()
  const was = factsOf(there)
  if (there.status === 'authorized') {
    if (!player.chance(0.3)) return false
    gateway.cancel(there)
  } else if (luck < 0.1) gateway.decline(there)
  else if (luck < 0.15) gateway.cancel(there)
  else {
    const isWhole = luck < 0.9 || (there.manual && !gateway.kind.capturesParts)
    const most = there.manual ? there.asked : Math.floor(there.asked * 1.2)
    gateway.pay(there, isWhole ? there.asked : player.between(Math.ceil(there.asked / 3), most))
  }
  player.note(`at the gateway ${t.id} is ${there.status} ${there.held || there.captured}`)
  const queue = listOf(events, player)
  for (let copies = player.between(0, 3); copies > 0; copies -= 1) queue.push(t)
  if (player.chance(0.2))
    listOf(inFlight, player).push({ attempt: t, facts: player.chance(0.5) ? was : factsOf(there) })
  return true
}

/** An event is worked on: the gateway is asked what is true now. */
export async function hearEvent(player: Player): Promise<boolean> {
  const queue = listOf(events, player)
  if (queue.length === 0) return false
  const index = player.between(0, queue.length - 1)
  const [t] = player.chance(0.6) ? queue.splice(index, 1) : [queue[index]]
  return t ? ask(player, t) : false
}

/** Facts arrive that were read a while ago. */
export async function hearLate(player: Player): Promise<boolean> {
  const list = listOf(inFlight, player)
  if (list.length === 0) return false
  const [late] = list.splice(player.between(0, list.length - 1), 1)
  if (!late) return false
  player.note(`late facts of ${late.attempt.id}: ${late.facts.status}`)
  await write(player, late.attempt, late.facts)
  return true
}

/** Facts of something else: another currency, or another payment's reference. */
export async function hearWrong(player: Player): Promise<boolean> {
  const t = player.recent(attemptsOf(player.payments), (each) => player.thereOf(each)?.status === 'captured')
  const there = t && player.thereOf(t)
  if (!t || !there) return false
  const wrong = player.chance(0.5) ? { currency: 'USD' } : { reference: 'another' }
  await write(player, t, { ...factsOf(there), ...wrong })
  return true
}

/** The janitor asks what became of an attempt. */
export async function askAbout(player: Player): Promise<boolean> {
  const t = player.recent(attemptsOf(player.payments), (each) => !each.isCompleted || player.chance(0.05))
  return t ? ask(player, t) : false
}

export async function ask(player: Player, t: Attempt): Promise<boolean> {
  const there = player.thereOf(t)
  player.note(`asks about ${t.id}: ${there?.status ?? 'nothing'}`)
  if (there) await write(player, t, factsOf(there))
  else if (await player.act(system, [`select khidma.apply_refusal('${t.id}', 'not_found')`]))
    player.model.refuse(t)
  return true
}

export const isDue = (p: Payment): boolean =>
  p.isCaptureDue ||
  p.attempts.some(({ isReleaseDue }) => isReleaseDue) ||
  p.refunds.some(({ status, attempt }) => status === 'pending' && attempt?.isKnown)

/** Work at a gateway that is due: a capture, a release, a refund. */
export async function workOnSome(player: Player): Promise<boolean> {
  const p = player.recent(player.payments, isDue, 200)
  if (!p) return false
  await workOn(player, p)
  return true
}

export async function workOn(player: Player, p: Payment): Promise<void> {
  if (p.isCaptureDue && p.attempt?.isKnown) await capture(player, p, p.attempt)
  for (const t of p.attempts.filter(({ isReleaseDue }) => isReleaseDue)) await release(player, t)
  await player.nameRefunds(p)
  for (const r of p.refunds.filter(({ status }) => status === 'pending')) await refund(player, r)
}

async function capture(player: Player, p: Payment, t: Attempt): Promise<void> {
  const there = player.thereOf(t)
  if (!there) return
  const gateway = player.gateways[p.currency]
  player.note(`captures ${p.amount} of ${t.id}, which is ${there.status} ${there.held}`)
  const amount = gateway.kind.capturesParts ? (p.amount ?? 0) : t.amount
  if (await called(player, t, () => gateway.capture(there, amount))) await write(player, t, factsOf(there))
}

async function release(player: Player, t: Attempt): Promise<void> {
  const there = player.thereOf(t)
  const released = `update payment_transactions set release_due_at = null where id = '${t.id}'`
  player.note(`releases ${t.id}, which is ${there?.status ?? 'nothing'}`)
  if (!there) {
    const rows = await player.act(system, [`select khidma.apply_refusal('${t.id}', 'not_found')`, released])
    if (!rows) return
    player.model.refuse(t)
    t.isReleaseDue = false
    return
  }
  // The payer is faster than we are, now and then.
  if (there.status !== 'captured' && there.status !== 'canceled') {
    if (there.status === 'requires_action' && player.chance(0.1))
      player.gateways[t.payment.currency].pay(there, there.asked)
    let isDone = false
    const isAnswered = await called(player, t, () => {
      isDone = player.gateways[t.payment.currency].cancel(there)
    })
    if (!isAnswered) return
    if (!isDone) {
      if (await player.act(system, [`select khidma.apply_refusal('${t.id}', 'other')`]))
        player.model.refuse(t)
      return
    }
  }
  if (await write(player, t, factsOf(there), [released])) t.isReleaseDue = false
}

async function refund(player: Player, r: Refund): Promise<void> {
  const there = r.attempt && player.thereOf(r.attempt)
  const { attempt, id } = r
  if (!there || !attempt || id === null) return
  const made = { isRefused: false }
  const isAnswered = await called(player, attempt, () => {
    made.isRefused = player.gateways[r.payment.currency].refund(there, id, r.amount) === null
  })
  if (!isAnswered) return
  const status = made.isRefused ? 'failed' : (there.refunds.get(id)?.status ?? 'pending')
  player.note(`refund ${id} of ${r.amount} is ${status}`)
  await writeRefund(player, r, status)
}

async function writeRefund(player: Player, r: Refund, status: Refund['status']): Promise<void> {
  const text =
    status === 'pending'
      ? `update refunds set provider_reference = 'gw-${r.id}', next_at = now() + interval '1 hour' where id = '${r.id}'`
      : `select khidma.end_refund('${r.id}', '${status}', 'gw-${r.id}', null)`
  if (await player.act(system, [text])) player.model.endRefund(r, status)
}

/** A refund ends at its gateway; now and then one that had succeeded comes back. We hear of it at once, later, or by asking. */
export async function refundEnds(player: Player): Promise<boolean> {
  const all = player.payments.slice(-200).flatMap(({ refunds }) => refunds)
  const statusOf = ({ id, attempt }: Refund) =>
    attempt && id ? player.thereOf(attempt)?.refunds.get(id) : undefined
  const r = player.recent(all, (each) => {
    const there = statusOf(each)
    return there?.status === 'pending' || (there?.status === 'succeeded' && player.chance(0.02))
  })
  const there = r && statusOf(r)
  if (!r || !there) return false
  there.status = there.status === 'pending' && player.chance(0.85) ? 'succeeded' : 'failed'
  if (player.chance(0.6)) await writeRefund(player, r, there.status)
  return true
}

/** A bank takes a payment back. */
export async function chargebackOpens(player: Player): Promise<boolean> {
  const t = player.recent(attemptsOf(player.payments), (each) => {
    const there = player.thereOf(each)
    return there?.status === 'captured' && there.captured > chargedBack(there)
  })
  const there = t && player.thereOf(t)
  if (!t || !there || !player.chance(0.5)) return false
  const most = there.captured - chargedBack(there)
  const gatewayReference = `cb-${there.chargebacks.length}-${t.id}`
  there.chargebacks.push({
    gatewayReference,
    payment: there,
    amount: player.chance(0.6) ? most : player.between(1, most),
    status: 'open',
  })
  return true
}

/** We hear of a chargeback, which may be decided by then. */
export async function hearOfChargeback(player: Player): Promise<boolean> {
  const t = player.recent(
    attemptsOf(player.payments),
    (each) => (player.thereOf(each)?.chargebacks.length ?? 0) > 0,
  )
  const there = t && player.thereOf(t)
  if (!t || !there) return false
  const chargeback = player.pick(there.chargebacks)
  if (chargeback.status === 'open' && player.chance(0.3))
    chargeback.status = player.chance(0.5) ? 'won' : 'lost'
  await learnChargeback(player, t, there, there.chargebacks.indexOf(chargeback))
  return true
}

export async function learnChargeback(
  player: Player,
  t: Attempt,
  there: There,
  index: number,
): Promise<void> {
  const chargeback = there.chargebacks[index]
  if (!chargeback) return
  const facts = chargebackFacts(chargeback)
  player.note(`chargeback ${facts.gatewayReference} of ${facts.amountMinor} is ${facts.status}`)
  const rows = await player.act(system, [`select khidma.apply_chargeback('${t.gateway}', ${json(facts)})`])
  if (rows && t.isBooked) player.model.chargeBack(t, facts, chargebacksAreTaskers(t.payment.currency))
}

/** Every chargeback is decided, and heard of. */
export async function endChargebacks(player: Player, t: Attempt): Promise<void> {
  const there = player.thereOf(t)
  if (!there || there.chargebacks.length === 0) return
  await ask(player, t)
  for (const [index, chargeback] of there.chargebacks.entries()) {
    if (chargeback.status === 'open') chargeback.status = player.pick(['won', 'lost'] as const)
    await learnChargeback(player, t, there, index)
  }
}

/** Payers pay or leave, everything is heard of, and all due work is done, until nothing is left. */
export async function drain(player: Player): Promise<void> {
  listOf(inFlight, player).length = 0
  listOf(events, player).length = 0
  for (const p of player.payments) {
    for (const t of p.attempts) {
      const there = player.thereOf(t)
      if (there?.status === 'requires_action' || there?.status === 'failed')
        if (player.chance(0.5)) player.gateways[p.currency].pay(there, there.asked)
        else player.gateways[p.currency].cancel(there)
      if (!t.isCompleted || there?.status !== 'captured' || !t.isBooked) await ask(player, t)
    }
    for (let round = 0; isDue(p); round += 1) {
      if (round === 200) throw new Error(`the work on payment ${p.id} has no end`)
      await workOn(player, p)
      for (const r of p.refunds) {
        const there = r.attempt && r.id ? player.thereOf(r.attempt)?.refunds.get(r.id) : undefined
        if (there?.status === 'pending') there.status = player.chance(0.9) ? 'succeeded' : 'failed'
      }
    }
    for (const r of p.refunds) {
      const there = r.attempt && r.id ? player.thereOf(r.attempt)?.refunds.get(r.id) : undefined
      if (there && there.status !== r.status) await writeRefund(player, r, there.status)
    }
  }
}
