import { sql } from 'drizzle-orm'
import { api, type Caller, database, signedIn } from './api.ts'
import { aTasker, ok, theOps } from './story.ts'

/** Companies with people of their own, by the API. */

const any = { 'if-match': '*' }

/** The account of a company that staff have approved: its first owner. */
export async function anOpenCompany(): Promise<Caller> {
  const company = await signedIn('client')
  await ok(api('/v1/me', { as: company, method: 'PATCH', body: { accountType: 'company' } }))
  const body = { companyName: 'Nile Fittings', city: 'Cairo', country: 'EG' }
  await ok(api('/v1/me/company-profile', { as: company, method: 'PUT', body }))
  await database().write([
    sql`update company_profiles set approval_status = 'approved' where user_id = ${company.userId}`,
  ])
  return company
}

export const invite = (as: Caller, companyId: string, body: object) =>
  api(`/v1/companies/${companyId}/members`, { as, body: { role: 'tasker', ...body } })

export const member = (as: Caller, id: string, action: string, body?: object) =>
  api(`/v1/company-members/${id}/${action}`, { as, method: 'POST', ...(body && { body }) })

export const changeMember = (as: Caller, id: string, body: object) =>
  api(`/v1/company-members/${id}`, { as, method: 'PATCH', body, headers: any })

/** Invited by the company's account, and joined: the id of the membership. */
export async function join(company: Caller, who: Caller, fields: object = {}): Promise<string> {
  const { id } = (await ok(invite(company, company.userId, { userId: who.userId, ...fields }))).body
  await ok(member(who, id, 'accept', {}))
  return id
}

export interface Agency {
  company: Caller
  tasker: Caller
  memberId: string
}

/** A company with one tasker, whose work it earns unless `payoutTo` says otherwise. */
export async function anAgency({ payoutTo = 'company' } = {}): Promise<Agency> {
  const [company, tasker] = [await anOpenCompany(), await aTasker()]
  return { company, tasker, memberId: await join(company, tasker, { payoutTo }) }
}

/** Assigned by staff, accepted by the member and confirmed by its client. */
export async function theirBooking(
  taskId: string,
  { tasker, client }: { tasker: Caller; client: Caller },
  steps: readonly string[] = ['confirm'],
): Promise<string> {
  const body = { taskerId: tasker.userId }
  const { booking } = (await ok(api(`/v1/tasks/${taskId}/assign`, { as: await theOps(), body }))).body
  const act = (as: Caller, action: string) =>
    ok(api(`/v1/bookings/${booking.id}/${action}`, { as, method: 'POST' }))
  await act(tasker, 'accept')
  for (const step of steps) await act(step === 'confirm' ? client : tasker, step)
  return booking.id
}
