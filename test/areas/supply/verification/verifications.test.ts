import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { normalNumber } from '../../../../src/areas/supply/verification/documents.ts'
import { destroyPapers, expirePapers } from '../../../../src/areas/supply/verification/jobs.ts'
import { newId } from '../../../../src/core/ids.ts'
import { systemContext } from '../../../../src/system-context.ts'
import { api, type Caller, database, env, signedIn } from '../../../support/api.ts'
import { configure } from '../../../support/bids.ts'
import { aFile, aNationalNumber, aReviewer, papersOf, submitted } from '../../../support/profiles.ts'
import { actorOf, anAdmin, ok } from '../../../support/story.ts'
import { codeOf } from '../../../support/work.ts'

const own = '/v1/me/verification-requests'
const submit = (as: Caller, body: object, headers: Record<string, string> = {}) =>
  api(own, { as, body, headers })
const standingOf = async (as: Caller): Promise<string> =>
  (await ok(api('/v1/me/verification', { as }))).body.status

const any = { 'if-match': '*' }
const step = (
  ops: Caller,
  id: string,
  action: string,
  body: object = {},
  headers: Record<string, string> = any,
) => api(`/v1/verifications/${id}/${action}`, { as: ops, body, headers })
const approve = (ops: Caller, id: string, headers = any) => step(ops, id, 'approve', {}, headers)
const reject = (ops: Caller, id: string, headers = any) =>
  step(ops, id, 'reject', { reason: 'The photo is blurred.' }, headers)
const decide = (ops: Caller, id: string, documentId: string, body: object) =>
  api(`/v1/verifications/${id}/documents/${documentId}/decision`, { as: ops, method: 'PUT', body })

const eventsOf = async (id: string): Promise<string[]> => {
  const rows = await database().read<{ type: string }>(
    sql`select type from outbox where object_type = 'verification' and object_id = ${id} order by seq`,
  )
  return rows.map(({ type }) => type)
}
const caseOf = async (ops: Caller, id: string, status = '') =>
  (await ok(api(`/v1/cases?subjectId=${id}${status}`, { as: ops }))).body.data[0]
const backdated = (id: string, change: string) =>
  database().write([
    sql`update verification_requests set expires_at = now() + ${change}::interval where id = ${id}`,
  ])
const configured = async (key: string, value: unknown, country: string) =>
  ok(
    api('/v1/config/entries', {
      as: await anAdmin(),
      body: { key, value, scope: { country }, reason: 'A test' },
    }),
  )

describe('a verification request', () => {
  it('is pending with a case of its own, and the decision closes the case', async () => {
    const [user, ops] = [await signedIn(), await aReviewer()]
    expect(await standingOf(user)).toBe('unverified')
    const papers = await papersOf(user)
    const { body: waiting } = await ok(submit(user, papers))
    expect(waiting).toMatchObject({
      status: 'pending',
      documentType: 'national_id',
      documentLast4: papers.number.slice(-4),
      documents: [{ documentType: 'front', mediaId: papers.documents[0]?.mediaId, status: 'pending' }],
      allowedActions: expect.arrayContaining([{ action: 'resubmit', allowed: false, reason: 'wrong_state' }]),
    })
    expect(await standingOf(user)).toBe('pending')
    expect(await caseOf(ops, waiting.id)).toMatchObject({ kind: 'verification', status: 'open' })
    const { body: seen, headers } = await ok(api(`/v1/verifications/${waiting.id}`, { as: ops }))
    expect(seen).toMatchObject({ fullName: 'Test client', otherAccounts: 0, reviewedBy: null })
    const { body: done } = await ok(approve(ops, waiting.id, { 'if-match': headers.get('etag') ?? '' }))
    expect(done).toMatchObject({
      status: 'approved',
      reviewedBy: ops.userId,
      documents: [{ status: 'approved' }],
    })
    expect(await standingOf(user)).toBe('verified')
    expect(await caseOf(ops, waiting.id, '&status=closed')).toMatchObject({
      decision: 'approved',
      decidedBy: ops.userId,
    })
    expect(await eventsOf(waiting.id)).toEqual(['verification.pending', 'verification.verified'])
  })

  it('is rejected with a reason, and another attempt is another request', async () => {
    const [{ user, id }, ops] = [await submitted(), await aReviewer('admin')]
    expect((await ok(reject(ops, id))).body).toMatchObject({
      status: 'rejected',
      remarks: 'The photo is blurred.',
    })
    expect(await standingOf(user)).toBe('rejected')
    const { body } = await ok(submit(user, await papersOf(user)))
    expect(body.id).not.toBe(id)
    expect(await standingOf(user)).toBe('pending')
    expect((await ok(api(own, { as: user }))).body.data).toHaveLength(2)
  })

  it('asks for another document, which is no case until it comes', async () => {
    const [{ user, id }, ops] = [await submitted(), await aReviewer()]
    const asked = await ok(step(ops, id, 'request-document', { remarks: 'The back, please.' }))
    expect(asked.body).toMatchObject({ status: 'needs_document', remarks: 'The back, please.' })
    expect(await caseOf(ops, id)).toBeUndefined()
    expect(await codeOf(approve(ops, id))).toBe('409 invalid_transition')
    const documents = [{ type: 'back', mediaId: await aFile(user) }]
    const { body } = await ok(api(`${own}/${id}/resubmit`, { as: user, body: { documents } }))
    expect(body).toMatchObject({
      status: 'pending',
      remarks: null,
      documents: [{}, { documentType: 'back' }],
    })
    expect(await caseOf(ops, id)).toMatchObject({ status: 'open' })
    await ok(approve(ops, id))
    const { body: log } = await ok(api(`/v1/verifications/${id}/logs`, { as: ops }))
    expect(
      log.data.map(({ action, oldStatus, newStatus }: Record<string, string>) => [
        action,
        oldStatus,
        newStatus,
      ]),
    ).toEqual([
      ['submitted', null, 'pending'],
      ['document_requested', 'pending', 'needs_document'],
      ['submitted', 'needs_document', 'pending'],
      ['approved', 'pending', 'approved'],
    ])
  })

  it('has its documents decided one by one, and a rejected one must be replaced', async () => {
    const user = await signedIn()
    const documents = [
      { type: 'front', mediaId: await aFile(user) },
      { type: 'back', mediaId: await aFile(user) },
    ]
    const { body } = await ok(submit(user, await papersOf(user, { documents })))
    const [front, back] = body.documents
    const ops = await aReviewer()
    await ok(decide(ops, body.id, front.id, { status: 'approved' }))
    await ok(decide(ops, body.id, back.id, { status: 'rejected', remarks: 'Blurred' }))
    expect(await codeOf(approve(ops, body.id))).toBe('409 document_rejected')
    expect(await codeOf(decide(ops, body.id, newId(), { status: 'approved' }))).toBe('404 not_found')
    await ok(step(ops, body.id, 'request-document', { remarks: 'The back, please.' }))
    expect(await codeOf(decide(ops, body.id, back.id, { status: 'approved' }))).toBe('409 invalid_transition')
    const better = [{ type: 'back', mediaId: await aFile(user) }]
    await ok(api(`${own}/${body.id}/resubmit`, { as: user, body: { documents: better } }))
    const { body: done } = await ok(approve(ops, body.id))
    expect(done.documents.map(({ status }: { status: string }) => status)).toEqual([
      'approved',
      'rejected',
      'approved',
    ])
  })

  it('waits once for the same kind of papers', async () => {
    const { user } = await submitted()
    expect(await codeOf(submit(user, await papersOf(user)))).toBe('409 verification_waits')
    await ok(submit(user, await papersOf(user, { documentType: 'passport', number: 'A1234567' })))
  })

  it('is decided for the version that was reviewed', async () => {
    const [{ user, id }, ops] = [await submitted(), await aReviewer()]
    const { headers } = await ok(api(`/v1/verifications/${id}`, { as: ops }))
    const seen = { 'if-match': headers.get('etag') ?? '' }
    await ok(step(ops, id, 'request-document', { remarks: 'The back, please.' }))
    const documents = [{ type: 'back', mediaId: await aFile(user) }]
    await ok(api(`${own}/${id}/resubmit`, { as: user, body: { documents } }))
    expect(await codeOf(approve(ops, id, seen))).toBe('412 precondition_failed')
  })

  it('is visible to its owner and staff, and internal notes to staff only', async () => {
    const [{ user, id }, other, ops] = [await submitted(), await signedIn('tasker'), await aReviewer()]
    const body = { internalNotes: 'Same address as another applicant.' }
    await ok(api(`/v1/verifications/${id}/internal-notes`, { as: ops, method: 'PUT', body }))
    expect((await ok(api(`/v1/verifications/${id}`, { as: ops }))).body).toMatchObject(body)
    expect(JSON.stringify((await ok(api(`${own}/${id}`, { as: user }))).body)).not.toContain('Same address')
    expect(await codeOf(api(`${own}/${id}`, { as: other }))).toBe('404 not_found')
    expect(await codeOf(api(`/v1/verifications/${id}`, { as: user }))).toBe('403 forbidden')
    const documents = [{ type: 'back', mediaId: await aFile(other) }]
    expect(await codeOf(api(`${own}/${id}/resubmit`, { as: other, body: { documents } }))).toBe(
      '404 not_found',
    )
  })

  it('is not decided by its owner', async () => {
    const promoted = await aReviewer()
    const id = newId()
    await database(actorOf({ ...promoted, role: 'client' })).write([
      sql`insert into verification_requests (id, user_id, subject_id, verification_type, document_type)
          values (${id}, ${promoted.userId}, ${promoted.userId}, 'document', 'diploma')`,
    ])
    expect(await codeOf(approve(promoted, id))).toBe('403 forbidden')
    expect(await codeOf(reject(promoted, id))).toBe('403 forbidden')
  })

  it('is revoked, which counts against the one who approved it', async () => {
    const [{ user, id }, ops, second] = [await submitted(), await aReviewer(), await aReviewer()]
    await ok(approve(ops, id))
    await ok(step(second, id, 'revoke', { reason: 'The card is forged.' }))
    expect(await standingOf(user)).toBe('rejected')
    expect(await caseOf(ops, id, '&status=closed')).toMatchObject({ reversedAt: expect.any(String) })
  })

  it('is decided by those whose role or designation lets them approve', async () => {
    const [{ id }, ops] = [await submitted(), await aReviewer()]
    const allow = (may: boolean) =>
      database().write([sql`update roles set can_approve_requests = ${may} where name = 'ops'`])
    await allow(false)
    try {
      expect(await codeOf(approve(ops, id))).toBe('403 approval_not_permitted')
      const [department, designation] = [newId(), newId()]
      // Codes as the API takes them: whoever lists departments later reads these rows.
      const code = department.slice(9)
      await database().write([
        sql`insert into departments (id, name, code) values (${department}, ${department}, ${code})`,
        sql`insert into designations (id, name, code, department_id, can_approve)
            values (${designation}, ${designation}, ${code}, ${department}, true)`,
        sql`insert into employees (id, user_id, employee_code, department_id, designation_id)
            values (${newId()}, ${ops.userId}, ${code}, ${department}, ${designation})`,
      ])
      await ok(approve(ops, id))
    } finally {
      await allow(true)
    }
  })

  it('takes two people where policy asks for four eyes', async () => {
    const [{ user, id }, ops, second] = [await submitted({}, 'KG'), await aReviewer(), await aReviewer()]
    await configured('verification.four_eyes', true, 'KG')
    expect((await ok(approve(ops, id))).body).toMatchObject({
      status: 'pending',
      firstApprovedBy: ops.userId,
    })
    expect(await codeOf(approve(ops, id))).toBe('403 own_decision')
    expect(await standingOf(user)).toBe('pending')
    expect((await ok(approve(second, id))).body).toMatchObject({
      status: 'approved',
      reviewedBy: second.userId,
    })
  })
})

describe('a request that its owner does not go on with', () => {
  it('is withdrawn with its case, and says nothing about its owner', async () => {
    const [{ user, id }, ops] = [await submitted(), await aReviewer()]
    expect(await standingOf(user)).toBe('pending')
    expect(await codeOf(api(`${own}/${id}/withdraw`, { as: await signedIn(), body: {} }))).toBe(
      '404 not_found',
    )
    expect((await ok(api(`${own}/${id}/withdraw`, { as: user, body: {} }))).body).toMatchObject({
      status: 'withdrawn',
      reviewedAt: expect.any(String),
    })
    expect(await standingOf(user)).toBe('unverified')
    expect(await caseOf(ops, id, '&status=closed')).toMatchObject({ decision: 'withdrawn' })
    expect(await codeOf(approve(ops, id))).toBe('409 invalid_transition')
    await ok(submit(user, await papersOf(user)))
  })

  it('ends when the document that it needs does not come, and its files with it', async () => {
    const [{ user, id }, ops] = [await submitted(), await aReviewer()]
    const { body } = await ok(step(ops, id, 'request-document', { remarks: 'The back, please.' }))
    expect(Date.parse(body.answerUntil) - Date.now()).toBeGreaterThan(29 * 86_400_000)
    const sweep = () => expirePapers(systemContext(env, 'cron.endOfPapers'), 500)
    await sweep()
    expect((await ok(api(`${own}/${id}`, { as: user }))).body.status).toBe('needs_document')
    await database().write([
      sql`update verification_requests set answer_until = now() - interval '1 second' where id = ${id}`,
    ])
    await sweep()
    expect((await ok(api(`${own}/${id}`, { as: user }))).body).toMatchObject({
      status: 'withdrawn',
      answerUntil: null,
    })
    expect((await eventsOf(id)).slice(-1)).toEqual(['verification.abandoned'])
    await database().write([
      sql`update verification_requests set reviewed_at = now() - interval '31 days' where id = ${id}`,
    ])
    await destroyPapers(systemContext(env, 'cron.destroyPapers'), 500)
    const [document] = (await ok(api(`${own}/${id}`, { as: user }))).body.documents
    expect(document.mediaId).toBeNull()
  })
})

describe('papers that end', () => {
  it('have reminders, once for each distance, and lapse', async () => {
    const [{ user, id }, ops] = [await submitted(), await aReviewer()]
    const expiresAt = new Date(Date.now() + 20 * 86_400_000).toISOString()
    expect((await ok(step(ops, id, 'approve', { expiresAt }))).body.expiresAt).toBe(expiresAt)
    const sweep = () => expirePapers(systemContext(env, 'cron.endOfPapers'), 500)
    await sweep()
    await sweep()
    await backdated(id, '20 hours')
    await sweep()
    await backdated(id, '-1 second')
    await sweep()
    expect(await eventsOf(id)).toEqual([
      'verification.pending',
      'verification.verified',
      'verification.expiring',
      'verification.expiring',
      'verification.lapsed',
    ])
    expect(await standingOf(user)).toBe('lapsed')
  })

  it('have the reminders of the country of their owner', async () => {
    await configure('verification.reminder_days', [50], { country: 'GH' })
    const expiresAt = new Date(Date.now() + 40 * 86_400_000).toISOString()
    const [far, usual, ops] = [await submitted({}, 'GH'), await submitted({}, 'EG'), await aReviewer()]
    for (const { id } of [far, usual]) await ok(step(ops, id, 'approve', { expiresAt }))
    await expirePapers(systemContext(env, 'cron.endOfPapers'), 500)
    expect((await eventsOf(far.id)).slice(-1)).toEqual(['verification.expiring'])
    expect((await eventsOf(usual.id)).slice(-1)).toEqual(['verification.verified'])
  })

  it('count no more from the instant on, whether a job has noted it or not', async () => {
    const [{ user, id }, ops] = [await submitted(), await aReviewer()]
    await ok(approve(ops, id))
    await database().write([
      sql`update user_verifications set expires_at = now() - interval '1 second' where user_id = ${user.userId}`,
    ])
    expect(await standingOf(user)).toBe('lapsed')
  })
})

describe('the number of a document', () => {
  it('is not stored in the row, log, events or idempotency keys', async () => {
    const user = await signedIn()
    const papers = await papersOf(user)
    const { body } = await ok(submit(user, papers, { 'idempotency-key': newId() }))
    await ok(approve(await aReviewer(), body.id))
    const [row] = await database().read<{ hash: string; found: string[] }>(sql`
      select (select number_hash from verification_requests where id = ${body.id}) as hash,
             array(select 'verification' from verification_requests v where v::text like ${`%${papers.number}%`}
                   union all select 'audit' from audit_log a where a::text like ${`%${papers.number}%`}
                   union all select 'outbox' from outbox o where o::text like ${`%${papers.number}%`}
                   union all select 'idempotency' from idempotency_keys k where k::text like ${`%${papers.number}%`}) as found`)
    expect(row?.found).toEqual([])
    expect(row?.hash).toMatch(/^[0-9a-f]{64}$/)
    const [logged] = await database().read<{ count: number }>(
      sql`select count(*)::int as count from audit_log a where a.meta::text like ${`%${row?.hash}%`}`,
    )
    expect(logged?.count).toBe(0)
  })

  it('verifies one account; an unapproved claim blocks no one', async () => {
    const [number, ops] = [aNationalNumber(), await aReviewer()]
    const thief = await submitted({ number })
    const owner = await submitted({ number: `${number.slice(0, 3)} ${number.slice(3)}` })
    expect((await ok(api(`/v1/verifications/${owner.id}`, { as: ops }))).body.otherAccounts).toBe(1)
    await ok(approve(ops, owner.id))
    expect(await codeOf(approve(ops, thief.id))).toBe('409 document_in_use')
    const licence = await submitted({ documentType: 'driving_licence', number })
    expect(await codeOf(approve(ops, licence.id))).toBe('409 document_in_use')
  })

  it('is normalized', () => {
    expect(normalNumber('٢٩٠٠٤٢٣٠١٠٤٥٦٧')).toBe('29004230104567')
    expect(normalNumber(' gha-000 000.000/0 ')).toBe('GHA0000000000')
  })

  it.each([
    { number: '123' },
    { number: undefined },
    { number: '29013230104567' },
    { documentType: 'library_card' },
    // Papers of a company prove no person.
    { documentType: 'tax_card' },
    { country: 'ZZ' },
    { documents: [] },
    { status: 'approved' },
    { userId: newId() },
    { numberHash: 'a'.repeat(64) },
  ])('and its papers take no %j', async (fields) => {
    const user = await signedIn()
    const { status, body } = await submit(user, { ...(await papersOf(user)), ...fields })
    expect([status, body.code]).toEqual([400, 'invalid_request'])
    expect(await standingOf(user)).toBe('unverified')
  })

  it('requires files of the user’s own, each once', async () => {
    const [user, other] = [await signedIn(), await signedIn()]
    const papers = await papersOf(user)
    const wrong = [
      await aFile(other),
      await aFile(user, 'voice'),
      await aFile(user, 'image', { uploaded: false }),
      newId(),
    ]
    for (const mediaId of wrong) {
      const documents = [{ type: 'front', mediaId }]
      expect(await codeOf(submit(user, { ...papers, documents }))).toBe('422 media_refused')
    }
    const twice = [0, 1].map(() => papers.documents[0])
    expect(await codeOf(submit(user, { ...papers, documents: twice }))).toBe('422 media_refused')
  })
})

describe('the database', () => {
  it('refuses to create an approved request', async () => {
    const user = await signedIn()
    const insert = sql`insert into verification_requests (id, user_id, subject_id, verification_type, document_type, status)
      values (${newId()}, ${user.userId}, ${user.userId}, 'identity', 'passport', 'approved')`
    await expect(database(actorOf(user)).write([insert])).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('refuses self-verification', async () => {
    const { user, id } = await submitted()
    const update = sql`update verification_requests set status = 'approved' where id = ${id}`
    await expect(database(actorOf(user)).write([update])).rejects.toMatchObject({ code: 'forbidden' })
    await expect(database(actorOf(await signedIn())).write([update])).rejects.toMatchObject({
      code: 'not_found',
    })
  })
})
