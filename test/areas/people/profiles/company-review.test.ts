import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, database, signedIn } from '../../../support/api.ts'
import { actorOf, anAdmin, anOps, ok } from '../../../support/story.ts'
import { codeOf } from '../../../support/work.ts'
import { aClerk } from '../access/support.ts'

const own = '/v1/me/company-profile'
const put = (as: Caller, fields: object = {}) =>
  api(own, {
    as,
    method: 'PUT',
    body: { companyName: 'Nile Fittings', registrationNumber: '1234', ...fields },
  })

async function aCompany(fields: object = {}): Promise<Caller> {
  const as = await signedIn()
  await ok(api('/v1/me', { as, method: 'PATCH', body: { accountType: 'company' } }))
  await ok(put(as, fields))
  return as
}

const pathOf = ({ userId }: Caller) => `/v1/company-profiles/${userId}`
const see = (of: Caller) => codeOrOk(api(`/v1/companies/${of.userId}`))
const codeOrOk = async (answer: ReturnType<typeof api>) => {
  const { status, body } = await answer
  return status < 300 ? `${status}` : `${status} ${(body as { code: string }).code}`
}
const any = { 'if-match': '*' }
const approve = (as: Caller, of: Caller, headers: Record<string, string> = any) =>
  api(`${pathOf(of)}/approve`, { as, method: 'POST', headers })
const reason = 'No such company in the register'
const reject = (as: Caller, of: Caller, headers: Record<string, string> = any) =>
  api(`${pathOf(of)}/reject`, { as, body: { reason }, headers })

describe('a company', () => {
  it('is approved or rejected by ops, and its owner is notified', async () => {
    const [company, ops] = [await aCompany({ contactPersonName: 'Mona' }), await anOps()]
    const { body, headers } = await ok(api(pathOf(company), { as: ops }))
    expect(body).toMatchObject({
      id: company.userId,
      approvalStatus: 'pending',
      contactPersonName: 'Mona',
      registrationNumber: '1234',
      reviewedBy: null,
    })
    const seen = { 'if-match': headers.get('etag') ?? '' }
    expect((await ok(reject(ops, company, seen))).body).toMatchObject({
      approvalStatus: 'rejected',
      rejectionReason: reason,
      reviewedBy: ops.userId,
    })
    expect((await ok(api(own, { as: company }))).body).toMatchObject({
      approvalStatus: 'rejected',
      rejectionReason: reason,
    })
    expect(await see(company)).toBe('404 not_found')
    expect(await codeOf(approve(ops, company, seen))).toBe('412 precondition_failed')
    expect((await ok(approve(ops, company))).body).toMatchObject({
      approvalStatus: 'approved',
      rejectionReason: null,
    })
    expect(await see(company)).toBe('200')
    const rows = await database().read<{ type: string; mine: boolean }>(
      sql`select o.type, exists (select from outbox_recipients r where r.event_id = o.id and r.user_id = ${company.userId}) as mine
            from outbox o where o.object_type = 'company' and o.object_id = ${company.userId} order by o.seq`,
    )
    expect(rows).toEqual([
      { type: 'company.rejected', mine: true },
      { type: 'company.approved', mine: true },
    ])
  })

  it('is not approved without what is required of companies', async () => {
    const [company, ops] = [await aCompany({ country: 'QA' }), await anOps()]
    const names = { en: 'Register', ar: 'سجل' }
    const body = { kind: 'business', subjectKind: 'company', country: 'QA', names }
    const { id } = (await ok(api('/v1/requirements', { as: await anAdmin(), body }))).body
    expect(await codeOf(approve(ops, company))).toBe('409 requirements_not_met')
    const checklist = await ok(api('/v1/me/checklist?subjectKind=company', { as: company }))
    expect(checklist.body).toMatchObject({
      isComplete: false,
      items: [{ kind: 'business', status: 'incomplete' }],
    })
    await database().write([sql`update requirements set is_active = false where id = ${id}`])
    await ok(approve(ops, company))
  })

  it('stays hidden, also under another name, until it was reviewed', async () => {
    const [company, ops] = [await aCompany(), await anOps()]
    await ok(reject(ops, company))
    expect((await ok(put(company, { companyName: 'Nile Fittings 2' }))).body.approvalStatus).toBe('pending')
    expect(await see(company)).toBe('404 not_found')
    await ok(approve(ops, company))
    expect(await see(company)).toBe('200')
    await ok(put(company, { companyName: 'Nile Fittings 3' }))
    expect(await see(company)).toBe('404 not_found')
    await ok(approve(ops, company))
    expect(await see(company)).toBe('200')
  })

  it('is decided once, with the permission, and never by its owner', async () => {
    const [company, ops] = [await aCompany(), await anOps()]
    await ok(approve(ops, company))
    expect(await codeOf(approve(ops, company))).toBe('409 not_pending')
    await ok(reject(ops, company))
    expect(await codeOf(reject(ops, company))).toBe('409 not_pending')
    for (const as of [company, await signedIn('tasker')])
      expect(await codeOf(approve(as, company))).toBe('403 forbidden')
    expect(await codeOf(approve(await aClerk(['users.read']), company))).toBe('403 permission_missing')
    expect(await codeOf(approve(ops, company, {}))).toBe('428 precondition_required')
    expect(await codeOf(approve(ops, await signedIn()))).toBe('404 not_found')
    expect(await codeOf(api(`/v1/company-profiles/${newId()}`, { as: ops }))).toBe('404 not_found')
    const boss = await anAdmin()
    await ok(put(boss))
    expect(await codeOf(approve(boss, boss))).toBe('403 forbidden')
    const byHand = sql`update company_profiles set approval_status = 'approved' where user_id = ${company.userId}`
    await expect(database(actorOf(company)).write([byHand])).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('is in the review queue, longest waiting first', async () => {
    const [ops, companies] = [await anOps(), [await aCompany(), await aCompany()]]
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const after: string = cursor ? `&cursor=${cursor}` : ''
      const { body } = await ok(
        api(`/v1/company-profiles?approvalStatus=pending&limit=50${after}`, { as: ops }),
      )
      expect(new Set(body.data.map((row: { approvalStatus: string }) => row.approvalStatus))).toEqual(
        new Set(['pending']),
      )
      seen.push(...body.data.map(({ id }: { id: string }) => id))
      cursor = body.nextCursor
    } while (cursor)
    const places = companies.map(({ userId }) => seen.indexOf(userId))
    expect(places.every((place) => place >= 0)).toBe(true)
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(new Set(seen).size).toBe(seen.length)
  })
})
