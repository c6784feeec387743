import { sql } from 'drizzle-orm'
import { invoiceEntries } from '../../../src/areas/commerce/invoices/jobs.ts'
import { newId } from '../../../src/core/ids.ts'
import { rowsOf, uuid } from '../../../src/db/rows.ts'
import { one } from '../../../src/db/unit.ts'
import { systemContext } from '../../../src/system-context.ts'
import { api, type Caller, database, env, signedIn } from '../api.ts'
import { aDiscount, anOrder, aPackage, aPaidOrder, aQuote, aTax, fillWallet } from '../commerce.ts'
import { inputsOf } from '../invoices.ts'
import { aBooking, aClient, ok } from '../story.ts'
import { act, aPlan, subscribing } from '../subscriptions.ts'
import type { World, WorldObject } from './object.ts'
import { anAccount } from './people.ts'

/** The invoice of a settled booking: its fare, to its client. */
async function aFareInvoice(): Promise<{ invoiceId: string; story: Awaited<ReturnType<typeof aBooking>> }> {
  const story = await aBooking({ state: 'settled' })
  await invoiceEntries(systemContext(env, 'cron.invoiceEntries'))
  const { id } = one(
    await database().read(rowsOf({ id: uuid })`
      select i.id from invoices i where i.booking_id = ${story.bookingId} and i.series = 'F'`),
  )
  return { invoiceId: id, story }
}

/** An order of 10.00 that nobody has paid, invoiced. */
export async function anUnpaidInvoice(userId: string, dueInDays = 14): Promise<string> {
  const inputs = inputsOf([{ name: 'Ten posts', unitPrice: 1_000, taxRate: 1_400 }], true)
  const document = newId()
  await database().write([
    sql`select khidma.issue_invoice('invoice', 'order', ${document}, ${userId}, 'EGP', khidma.price_with(${JSON.stringify(inputs)}::jsonb), now() + ${dueInDays} * interval '1 day')`,
  ])
  const view = rowsOf({ id: uuid })`select i.id from invoices i where i.document_id = ${document}`
  return one(await database().read(view)).id
}

/** A subscription to a free plan, in force. */
async function aSubscription() {
  const user = await signedIn('tasker')
  const plan = await aPlan({ priceMonthMinor: 0 })
  const { id } = (await ok(subscribing(user, plan.id))).body
  return { params: { subscriptionId: id }, parties: [user] }
}

const toAnotherPlan = async () => {
  const body = { planId: (await aPlan({ priceMonthMinor: 0 })).id, cycle: 'month', when: 'now' }
  return { ...(await aSubscription()), body }
}

async function aSeller(country: string): Promise<WorldObject> {
  const view = rowsOf({ id: uuid })`select s.id from invoice_sellers s where s.country = ${country}`
  return { params: { invoiceSellerId: one(await database().read(view)).id }, parties: [] }
}

/** Things that are sold, and their prices and papers. */
export const commerce: World = {
  planId: async () => ({ params: { planId: (await aPlan()).id }, parties: [] }),
  'subscriptions.create': async () => {
    const body = { planId: (await aPlan({ priceMonthMinor: 0 })).id, cycle: 'month' }
    return { params: {}, parties: [], body }
  },
  subscriptionId: aSubscription,
  'subscriptions.change': toAnotherPlan,
  'subscriptions.previewChange': async () => {
    const { body, ...made } = await toAnotherPlan()
    return { ...made, query: `planId=${body.planId}&cycle=month` }
  },
  'subscriptions.resume': async () => {
    const made = await aSubscription()
    await ok(act(made.parties[0] as Caller, made.params.subscriptionId, 'pause'))
    return made
  },
  'subscriptions.pay': async () => {
    const user = await signedIn('tasker')
    const { id } = (await ok(subscribing(user, (await aPlan()).id))).body
    return { params: { subscriptionId: id }, parties: [user] }
  },
  discountRuleId: async () => ({ params: { discountRuleId: (await aDiscount()).id }, parties: [] }),
  taxRuleId: async () => ({ params: { taxRuleId: (await aTax()).id }, parties: [] }),
  'taxDetails.setStatus': async () => anAccount(),
  quoteId: async () => {
    const client = await signedIn('client')
    return { params: { quoteId: (await aQuote(client)).id }, parties: [client] }
  },
  'orders.requote': async () => {
    const client = await signedIn('client')
    const items = [{ packageId: (await aPackage()).id, quantity: 1 }]
    return {
      params: { quoteId: (await aQuote(client)).id },
      parties: [client],
      body: { country: 'EG', items },
    }
  },
  'orders.quote': async () => {
    const items = [{ packageId: (await aPackage()).id, quantity: 1 }]
    return { params: {}, parties: [], body: { country: 'EG', items } }
  },
  'orders.place': async () => ({
    params: {},
    parties: [],
    body: async (as) => ({ quoteId: (await aQuote(as)).id }),
  }),
  orderId: async () => {
    const client = await signedIn('client')
    return { params: { orderId: (await anOrder(client)).id }, parties: [client] }
  },
  'orders.pay': async () => {
    const client = await signedIn('client')
    await fillWallet(client, 1_000_000)
    return { params: { orderId: (await anOrder(client)).id }, parties: [client] }
  },
  'orders.refund': async () => {
    const client = await signedIn('client')
    return { params: { orderId: (await aPaidOrder(client)).id }, parties: [client] }
  },
  'orders.refundPart': async () => {
    const client = await signedIn('client')
    const items = [{ packageId: (await aPackage()).id, quantity: 3 }]
    return { params: { orderId: (await aPaidOrder(client, { items })).id }, parties: [client] }
  },
  packageId: async () => ({ params: { packageId: (await aPackage()).id }, parties: [] }),
  invoiceId: async () => {
    const { invoiceId, story } = await aFareInvoice()
    return { params: { invoiceId }, parties: [story.client, story.tasker] }
  },
  'invoices.void': async () => ({
    params: { invoiceId: await anUnpaidInvoice((await aClient()).userId) },
    parties: [],
  }),
  'invoices.getPage': async () => {
    const { invoiceId, story } = await aFareInvoice()
    const { body } = await ok(api(`/v1/invoices/${invoiceId}/link`, { as: story.client }))
    return { params: {}, query: new URL(body.url).search.slice(1), parties: [] }
  },
  'credits.get': async () => anAccount(),
  'credits.listGrants': async () => anAccount(),
  'credits.grant': async () => anAccount(),
  invoiceSellerId: () => aSeller('GH'),
  // One of its own, since others look at what the matrix must leave alone.
  'invoiceSellers.update': () => aSeller('NG'),
}
