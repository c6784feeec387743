import type { z } from '@hono/zod-openapi'
import type { Invoice } from '../../../src/areas/commerce/invoices/schemas.ts'
import type { TrialBalance } from '../../../src/areas/money/ledger/schemas.ts'
import { check, checkEqual, eventually } from '../failure.ts'
import { money } from '../narrator.ts'
import type { Cast, Stage } from '../stage.ts'
import { gatherPeople } from './1-people.ts'
import { findTasker } from './2-matching.ts'
import { acceptAtOnce } from './3-acceptance.ts'
import { talk } from './4-chat.ts'
import { workAndPay } from './5-money.ts'
import { allArrived, hearIt } from './6-webhooks.ts'
import { otherWays } from './7-other-ways.ts'
import { staffAndStrangers } from './8-staff-and-strangers.ts'
import { payByCard } from './9-card.ts'
import { payFromWallet } from './10-wallet.ts'
import { objectToCash } from './11-cash-objection.ts'
import { reconcile } from './12-reconciliation.ts'
import { assignByStaff } from './13-assignment.ts'
import { workByContract } from './14-contract.ts'
import { waitAtTheDoor } from './15-no-show.ts'
import { climbTheLadder } from './16-ladder.ts'
import { earnTrust } from './17-trust.ts'
import { payForLeads } from './18-leads.ts'
import { hire } from './19-hiring.ts'
import { subscribeForAYear } from './20-subscription.ts'

/** One task lives its whole life, and others end otherwise. */
export async function playStory(stage: Stage): Promise<void> {
  const cast = await gatherPeople(stage)
  const offered = await findTasker(stage, cast)
  const accepted = await acceptAtOnce(stage, cast, offered)
  await talk(stage, cast, accepted)
  await workAndPay(stage, cast, accepted)
  await hearIt(stage, cast, offered.task.id)
  await otherWays(stage, cast)
  await staffAndStrangers(stage, cast)
  const paid = await payByCard(stage, cast)
  await payFromWallet(stage, cast)
  await objectToCash(stage, cast)
  await reconcile(stage, cast, paid)
  await assignByStaff(stage, cast)
  await workByContract(stage, cast)
  await waitAtTheDoor(stage, cast)
  await climbTheLadder(stage, cast)
  await earnTrust(stage, cast)
  await payForLeads(stage, cast)
  await hire(stage, cast)
  await subscribeForAYear(stage, cast)
  const heard = await allArrived(stage, cast.partner, [cast.client, ...cast.taskers])
  stage.narrator.tell(`The partner has heard all of that too: ${heard.length} events by now`)
  await readInvoices(stage, cast)
  await closeTheBooks(stage, cast)
}

/** A minute at most: they are issued apart from the payment. */
const invoiceTimeoutMs = 90_000

async function readInvoices({ api, narrator }: Stage, { client, ops }: Cast): Promise<void> {
  narrator.chapter('The invoices')
  const invoice = await eventually('an invoice of a booking', invoiceTimeoutMs, async () => {
    const all = await api.list<z.infer<typeof Invoice>>('/v1/me/invoices?kind=invoice', client)
    return all.find(({ lines, status }) => lines[0]?.kind === 'service' && status === 'paid')
  })
  const { lines, totalAmount, currency, number, supplier } = invoice
  checkEqual(
    'what its lines add up to',
    lines.reduce((sum, { total }) => sum + total, 0),
    totalAmount,
  )
  checkEqual('its numbers', number.split('-').slice(1, 2), ['F'])
  const { url } = await api.call<{ url: string }>(`/v1/invoices/${invoice.id}/link`, { as: client })
  check('a page that anybody with its link can open', new URL(url).searchParams.has('signature'), url)
  const checks = await api.list<{ differences: number }>('/v1/invoice-checks', ops)
  for (const { differences } of checks) checkEqual('what differs from the books', differences, 0)
  narrator.tell(
    `Mona has invoice ${number} of ${money(totalAmount, currency)}, issued on behalf of ${supplier?.name ?? 'her tasker'}, with a page to print`,
  )
}

async function closeTheBooks({ api, narrator }: Stage, { ops }: Cast): Promise<void> {
  narrator.chapter('The books')
  const { accounts, totals } = await api.call<z.infer<typeof TrialBalance>>('/v1/ledger/trial-balance', {
    as: ops,
  })
  check('a balance', totals.length > 0, totals)
  narrator.table([
    ['account', 'accounts', 'balance'],
    ...accounts.map((each) => [each.account, String(each.accounts), money(each.balance, each.currency)]),
    ...totals.map(({ currency, balance }) => [`sum of ${currency}`, '', money(balance, currency)]),
  ])
  for (const { currency, balance } of totals) checkEqual(`the sum of all accounts in ${currency}`, balance, 0)
  narrator.tell('The trial balance is zero in every currency')
}
