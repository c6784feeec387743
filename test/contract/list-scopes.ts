import { type SQL, sql } from 'drizzle-orm'
import { newId } from '../../src/core/ids.ts'
import { api, type Caller, database, signedIn } from '../support/api.ts'
import { aDiscount } from '../support/commerce.ts'
import { anOpenCompany, join } from '../support/companies.ts'
import { clockMoves } from '../support/eventually.ts'
import { aCandidate, aDraft, aLiveJob, anApplication, entitled } from '../support/jobs.ts'
import { giveCredits } from '../support/leads.ts'
import { actorOf, type BookedStory, ok, theAdmin, theOps } from '../support/story.ts'
import { aGatewayConfig } from '../support/world/money.ts'

/** Rows of one list, for the rules that all lists follow. */
export interface Scope {
  as: Caller | undefined
  params?: Record<string, string>
  /** Query that narrows a list of everything to the rows of this file. */
  query?: string
  /** Filters by a related object, with a value that all (`every`) or some of the rows have. */
  related?: Record<string, { value: string; every: boolean }>
  /** Filters that only staff may use. */
  forStaff?: string[]
  /** Its table, with the condition for the rows of this file, where they change. */
  table?: SQL
  /** An assignment that changes a row, where one that leaves it as it was does not count as a change. */
  change?: SQL
}

type Scopes = Record<string, Scope>

const every = (value: string) => ({ value, every: true })
const some = (value: string) => ({ value, every: false })

/** Three rows, one after the other, each in a transaction of its own. */
async function three(insert: (id: string, n: number) => SQL, as?: Caller): Promise<string[]> {
  const ids: string[] = []
  for (let n = 1; n <= 3; n += 1) {
    await clockMoves()
    const id = newId()
    await database(as && actorOf(as)).write([insert(id, n)])
    ids.push(id)
  }
  return ids
}

/** Lists of staff. */
export async function staffScopes({ client, taskId, bookingId }: BookedStory): Promise<Scopes> {
  const [ops, admin, people] = [await theOps(), await theAdmin(), await listedPeople()]
  const user = people.as as Caller
  const queue = `listed_${newId()
    .replaceAll(/[^a-f]/g, '')
    .slice(0, 20)}`
  const [subject] = await three(
    (id) => sql`
    insert into cases (id, kind, subject_type, subject_id, queue, status, assignee_id, assigned_at, due_at)
    values (${id}, 'report', 'report', ${id}, ${queue}, 'assigned', ${ops.userId}, now(), now() + interval '1 day')`,
  )
  await three(
    (
      id,
      n,
    ) => sql`insert into verification_requests (id, user_id, subject_id, verification_type, document_type)
      values (${id}, ${user.userId}, ${user.userId}, 'document', ${['diploma', 'insurance', 'tax_card'][n] ?? 'passport'})`,
    user,
  )
  await three(
    (id) => sql`insert into erasure_requests (id, user_id, status, scheduled_for, next_at, canceled_at)
      values (${id}, ${user.userId}, 'canceled', now(), now(), now())`,
  )
  await three(
    (id, n) => sql`insert into role_profiles (id, user_id, profession)
      values (${id}, ${user.userId}, ${['photographer', 'tutor', 'developer'][n - 1]})`,
    user,
  )
  await three(
    (id) => sql`insert into dead_letters (id, queue, message_id, body, attempts, resolved_at)
    values (${id}, 'khidma-events', ${id}, '{}', 9, now())`,
  )
  const entries = (await ok(api(`/v1/audit-log?targetId=${taskId}&limit=100`, { as: admin }))).body.data
  const [entry] = entries as { requestId: string; correlationId: string; subjectUserId: string }[]
  return {
    'users.list': { ...people, as: ops },
    'cases.list': {
      as: ops,
      query: `queue=${queue}`,
      related: { assigneeId: every(ops.userId), subjectId: some(subject as string) },
      table: sql`cases where queue = ${queue}`,
      change: sql`country = case when country = 'EG' then 'SA' else 'EG' end`,
    },
    'verifications.list': {
      as: admin,
      query: `userId=${user.userId}`,
      related: { userId: every(user.userId) },
      table: sql`verification_requests where user_id = ${user.userId}`,
    },
    'erasures.list': {
      as: admin,
      query: `userId=${user.userId}`,
      related: { userId: every(user.userId) },
    },
    'roleProfiles.list': {
      as: ops,
      query: `userId=${user.userId}`,
      related: { userId: every(user.userId) },
      table: sql`role_profiles where user_id = ${user.userId}`,
    },
    'deadLetters.list': { as: admin, query: 'resolved=true' },
    'audit.list': {
      as: admin,
      query: `targetId=${taskId}`,
      related: {
        targetId: every(taskId),
        actorId: some(client.userId),
        actorUserId: some(client.userId),
        subjectUserId: every(entry?.subjectUserId as string),
        requestId: some(entry?.requestId as string),
        correlationId: some(entry?.correlationId as string),
      },
    },
    ...(await moneyScopes(bookingId)),
  }
}

/** Three people with a name of their own. */
async function listedPeople(): Promise<Scope> {
  const name = `Listed ${newId()}`
  const people: Caller[] = []
  for (let n = 0; n < 3; n += 1) {
    await clockMoves()
    const person = await signedIn('client')
    await database().write([sql`update users set full_name = ${name} where id = ${person.userId}`])
    people.push(person)
  }
  return {
    as: people[0],
    query: `search=${encodeURIComponent(name)}`,
    table: sql`users where full_name = ${name}`,
  }
}

/** Chargebacks of a payment, the days of a gateway's configuration with their items, and batches of a currency. */
async function moneyScopes(bookingId: string): Promise<Scopes> {
  const [ops, finance] = [await theOps(), await theAdmin()]
  const [configId, attempt] = [await aGatewayConfig(), newId()]
  const intent = sql`(select id from payment_intents where booking_id = ${bookingId} and purpose = 'booking')`
  await database().write([
    sql`insert into payment_transactions (id, intent_id, kind, gateway, config_id, reference, amount, currency, status)
        values (${attempt}, ${intent}, 'authorize', 'stripe', ${configId}, ${attempt}, 1000, 'EGP', 'completed')`,
  ])
  const [chargebackId] = await three(
    (id) => sql`
    insert into chargebacks (id, intent_id, transaction_id, gateway, config_id, gateway_reference, amount, currency, reason, responsible)
    values (${id}, ${intent}, ${attempt}, 'stripe', ${configId}, ${id}, 1, 'EGP', 'fraudulent', 'platform')`,
  )
  const [reconciliationId] = await three(
    (id, n) => sql`insert into reconciliations (id, gateway, config_id, day, status, finished_at)
      values (${id}, 'stripe', ${configId}, ${`2026-10-0${n}`}, 'balanced', now())`,
  )
  await three(
    (id) => sql`insert into reconciliation_items
      (id, reconciliation_id, outcome, kind, gateway_reference, currency, amount_there, amount_here, occurred_at)
      values (${id}, ${reconciliationId as string}, 'matched', 'refund', ${id}, 'EGP', -1000, -1000, now())`,
  )
  await three(
    (id) =>
      sql`insert into payout_batches (id, currency, status, closed_at) values (${id}, 'XTS', 'closed', now())`,
  )
  const chargeback = (await ok(api(`/v1/chargebacks/${chargebackId}`, { as: ops }))).body
  return {
    'chargebacks.list': {
      as: ops,
      query: `bookingId=${bookingId}`,
      related: { paymentId: every(chargeback.paymentId), bookingId: every(bookingId) },
      table: sql`chargebacks where intent_id = ${intent}`,
    },
    'reconciliations.list': {
      as: ops,
      query: `gatewayConfigId=${configId}`,
      related: { gatewayConfigId: every(configId) },
      table: sql`reconciliations where config_id = ${configId}`,
    },
    'reconciliationItems.list': {
      as: ops,
      query: `reconciliationId=${reconciliationId}`,
      related: { reconciliationId: every(reconciliationId as string) },
      table: sql`reconciliation_items where reconciliation_id = ${reconciliationId as string}`,
    },
    'payoutBatches.list': {
      as: finance,
      query: 'currency=XTS',
      table: sql`payout_batches where currency = 'XTS'`,
    },
  }
}

/** Lists of a company and of those who deal with it. */
export async function companyScopes(): Promise<Scopes> {
  const [company, applicant, member] = [await anOpenCompany(), await aCandidate(), await signedIn('client')]
  const own = { as: company, params: { companyId: company.userId } }
  const job = await aLiveJob({}, company)
  await anApplication('applied', job)
  for (let n = 0; n < 2; n += 1) {
    await clockMoves()
    await aDraft({}, company)
    await clockMoves()
    await anApplication('applied', job)
    await anApplication('applied', await aLiveJob(), applicant)
  }
  await clockMoves()
  await anApplication('applied', await aLiveJob(), applicant)
  for (let n = 0; n < 3; n += 1) {
    await clockMoves()
    await entitled(applicant, 'contact_view')
    await join(company, await signedIn('client'))
    const id = await join(await anOpenCompany(), member)
    await ok(api(`/v1/company-members/${id}/leave`, { as: member, method: 'POST' }))
  }
  return {
    'jobPostings.listOfCompany': {
      ...own,
      table: sql`job_postings where company_id = ${company.userId}`,
    },
    'jobApplications.listOfPosting': {
      as: company,
      params: { jobPostingId: job.jobPostingId },
      table: sql`job_applications where posting_id = ${job.jobPostingId}`,
    },
    'me.listJobApplications': {
      as: applicant,
      table: sql`job_applications where user_id = ${applicant.userId}`,
    },
    'companyMembers.list': { ...own, table: sql`company_members where company_id = ${company.userId}` },
    'me.listCompanyMemberships': {
      as: member,
      table: sql`company_members where user_id = ${member.userId}`,
    },
    'entitlements.listOfCompany': {
      ...own,
      table: sql`entitlements where owner_id = ${company.userId}`,
    },
    'entitlements.list': { as: applicant, table: sql`entitlements where owner_id = ${applicant.userId}` },
  }
}

/** Lists of what somebody was given or offered. */
export async function givenScopes({ tasker, taskId }: BookedStory): Promise<Scopes> {
  const [admin, gifted, rule] = [await theAdmin(), await signedIn('client'), await aDiscount()]
  for (let n = 0; n < 3; n += 1) {
    await clockMoves()
    await giveCredits(gifted, 5)
  }
  await three(
    (id) => sql`insert into discount_uses (id, rule_id, rule_version, user_id, order_id, amount, currency)
      values (${id}, ${rule.id}, 1, ${gifted.userId}, ${newId()}, 500, 'EGP')`,
  )
  await three(
    (id, n) => sql`insert into offers (id, task_id, tasker_id, round, wave, expires_at)
      values (${id}, ${taskId}, ${tasker.userId}, ${70 + n}, 1, now() + interval '1 day')`,
  )
  await three(
    (id) => sql`insert into notifications (id, user_id, kind, title, delivered_at)
      values (${id}, ${gifted.userId}, 'booking.confirmed', 'Listed', now())`,
  )
  return {
    'credits.listGrants': { as: admin, params: { userId: gifted.userId } },
    'discountRules.listUses': { as: admin, params: { discountRuleId: rule.id } },
    'offers.listMine': { as: tasker, table: sql`offers where tasker_id = ${tasker.userId}` },
    'notifications.list': { as: gifted },
  }
}
