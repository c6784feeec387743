import type { z } from '@hono/zod-openapi'
import type { Plan, Subscription, Timeline } from '../../../src/areas/commerce/subscriptions/schemas.ts'
import type { StoredPaymentMethod } from '../../../src/areas/money/payment-methods/schemas.ts'
import type { Payment } from '../../../src/areas/money/payments/schemas.ts'
import { check, checkEqual, found } from '../failure.ts'
import { Gateway, learnt } from '../gateway.ts'
import { money } from '../narrator.ts'
import { newPerson, type Person } from '../people.ts'
import type { Cast, Stage } from '../stage.ts'

type PlanBody = z.infer<typeof Plan>
type SubscriptionBody = z.infer<typeof Subscription>

const currency = 'EGP'
const priceMinor = 19_900

/** A year of a plan, charged to a card that fails once: its clock is moved, nobody waits. */
export async function subscribeForAYear(stage: Stage, cast: Cast): Promise<void> {
  stage.narrator.chapter('20. A subscription: a year in seconds, and a card that fails once')
  const { free, pro } = await sellPlans(stage, cast)
  const hany = await newPerson(stage.api, 'Hany')
  const card = await storeCard(stage, hany)
  const subscription = await subscribe(stage, hany, pro, card)
  await liveThroughAYear(stage, hany, subscription)
  await cancel(stage, hany, subscription, free)
}

async function sellPlans(
  { api, narrator }: Stage,
  { admin }: Cast,
): Promise<{ free: PlanBody; pro: PlanBody }> {
  const sold = { country: 'EG', currency }
  const free = await api.act<PlanBody>('/v1/plans', admin, {
    ...sold,
    names: { en: 'Free', ar: 'مجاني' },
    priceMonthMinor: 0,
  })
  const pro = await api.act<PlanBody>('/v1/plans', admin, {
    ...sold,
    names: { en: 'Pro', ar: 'احترافي' },
    priceMonthMinor: priceMinor,
    creditsAMonth: 40,
    bidsADay: 50,
    commissionDiscountBasisPoints: 500,
    badge: 'pro',
    fallsTo: free.id,
  })
  narrator.tell(
    `Laila sells a plan for ${money(priceMinor, currency)} a month; who does not pay falls to the free one`,
  )
  return { free, pro }
}

/** By a top-up that its gateway keeps the card of. */
async function storeCard({ api, ...stage }: Stage, hany: Person): Promise<string> {
  const body = { amountMinor: 10_000, currency, method: 'card', saveMethod: true }
  const begun = await api.act<z.infer<typeof Payment>>('/v1/me/wallet/top-ups', hany, body)
  const gateway = await Gateway.of({ api, ...stage })
  const token = begun.nextAction?.type === 'sdk' ? begun.nextAction.clientToken : ''
  await gateway.pay(await gateway.referenceOf(token), 'approve')
  const stored = await learnt('the stored card', async () => {
    const [first] = await api.list<z.infer<typeof StoredPaymentMethod>>('/v1/me/payment-methods', hany)
    return first
  })
  return stored.id
}

const read = ({ api }: Stage, as: Person, id: string) =>
  api.call<SubscriptionBody>(`/v1/subscriptions/${id}`, { as })

const timelineOf = ({ api }: Stage, as: Person, id: string) =>
  api.call<z.infer<typeof Timeline>>(`/v1/subscriptions/${id}/timeline`, { as })

async function subscribe(
  stage: Stage,
  hany: Person,
  plan: PlanBody,
  storedMethodId: string,
): Promise<string> {
  const { api, narrator } = stage
  const choice = { planId: plan.id, cycle: 'month', storedMethodId }
  const { id } = await api.act<SubscriptionBody>('/v1/me/subscriptions', hany, choice)
  const inForce = await learnt('a subscription that is paid', async () => {
    const now = await read(stage, hany, id)
    return now.status === 'active' ? now : undefined
  })
  checkEqual('what the plan gives', [inForce.features.badge, inForce.features.creditsAMonth], ['pro', 40])
  narrator.tell(
    `${hany.name} subscribes with the card that he has stored: it is charged, and the plan is in force`,
  )
  return id
}

/** Moves the clock of the subscription, and does what is due. */
const passDays = ({ api }: Stage, id: string, days: number) =>
  api.call(`/__dev/subscriptions/${id}/pass-time?days=${days}`, { method: 'POST' })

const settled = (stage: Stage, hany: Person, id: string, status: string) =>
  learnt(`a subscription that is ${status}`, async () => {
    const { charges } = await timelineOf(stage, hany, id)
    const isUnderWay = charges.some(({ attempts }) => attempts.some(({ outcome }) => outcome === null))
    const now = await read(stage, hany, id)
    return !isUnderWay && now.status === status ? now : undefined
  })

async function liveThroughAYear(stage: Stage, hany: Person, id: string): Promise<void> {
  const gateway = await Gateway.of(stage)
  for (let month = 1; month <= 12; month += 1) {
    if (month === 6) await gateway.declineNext('insufficient_funds')
    await passDays(stage, id, 31)
    if (month !== 6) {
      await settled(stage, hany, id, 'active')
      continue
    }
    const behind = await settled(stage, hany, id, 'past_due')
    check('a plan that still gives what it gives', behind.isInForce && behind.graceUntil !== null, behind)
    const { upcoming } = await timelineOf(stage, hany, id)
    checkEqual(
      'what is planned',
      upcoming.map(({ what }) => what),
      ['attempt', 'fall'],
    )
    await passDays(stage, id, 1)
    await settled(stage, hany, id, 'active')
    stage.narrator.tell(
      'In June the bank refuses: he keeps his plan in the meantime, sees when it is tried again, and the next day the card is charged',
    )
  }
  const { charges } = await timelineOf(stage, hany, id)
  checkEqual('charges that are not paid', charges.filter(({ status }) => status !== 'paid').length, 0)
  check('a charge a month', charges.length >= 12, charges.length)
  const twice = found(
    'the one that failed once',
    charges.find(({ attempts }) => attempts.length === 2),
  )
  checkEqual(
    'its attempts',
    twice.attempts.map(({ outcome }) => outcome),
    ['failed', 'paid'],
  )
  const invoices = await stage.api.list('/v1/me/invoices?kind=invoice', hany)
  checkEqual('his invoices', invoices.length, charges.length)
  stage.narrator.tell(
    `A year later: ${charges.length} charges, each paid and invoiced, one at the second attempt`,
  )
}

async function cancel(stage: Stage, hany: Person, id: string, free: PlanBody): Promise<void> {
  const { api, narrator } = stage
  await api.act(`/v1/subscriptions/${id}/cancel`, hany, { when: 'period_end' })
  await passDays(stage, id, 31)
  const ended = await read(stage, hany, id)
  checkEqual('the end', [ended.status, ended.endReason, ended.isInForce], ['ended', 'canceled', false])
  check('another plan than the free one', ended.planId !== free.id, ended)
  narrator.tell(
    `${hany.name} cancels: it ends with the period that he has paid, and nothing is tried any more`,
  )
}
