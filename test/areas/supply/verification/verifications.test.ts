import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { normalNumber } from '../../../../src/areas/supply/verification/verifications.ts'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, database, signedIn } from '../../../support/api.ts'
import { aFile, aNationalNumber, aReviewer, aSubmitter, papersOf } from '../../../support/profiles.ts'
import { actorOf, ok } from '../../../support/story.ts'
import { codeOf } from '../../../support/work.ts'

const own = '/v1/me/verification'
const submit = (as: Caller, body: object, headers: Record<string, string> = {}) =>
  api(own, { as, method: 'PUT', body, headers })

const pathOf = ({ userId }: Caller) => `/v1/verifications/${userId}`
const any = { 'if-match': '*' }
const approve = (ops: Caller, of: Caller, headers: Record<string, string> = any) =>
  api(`${pathOf(of)}/approve`, { as: ops, method: 'POST', headers })
const reject = (ops: Caller, of: Caller, headers: Record<string, string> = any) =>
  api(`${pathOf(of)}/reject`, { as: ops, body: { reason: 'The photo is blurred.' }, headers })

const eventsOf = async ({ userId }: Caller): Promise<string[]> => {
  const rows = await database().read<{ type: string }>(
    sql`select type from outbox where object_type = 'verification' and object_id = ${userId} order by seq`,
  )
  return rows.map(({ type }) => type)
}

describe('a verification', () => {
  it('starts unverified, is pending, and is approved', async () => {
    const [user, ops] = [await signedIn(), await aReviewer()]
    const { body: before, headers } = await ok(api(own, { as: user }))
    expect(before).toMatchObject({ id: user.userId, status: 'unverified', documentLast4: null, version: 0 })
    expect(before.allowedActions).toEqual([
      { action: 'submit', allowed: true },
      { action: 'approve', allowed: false, reason: 'wrong_party' },
      { action: 'reject', allowed: false, reason: 'wrong_party' },
    ])
    const papers = await papersOf(user)
    const { body: waiting } = await ok(submit(user, papers, { 'if-match': headers.get('etag') ?? '' }))
    expect(waiting).toMatchObject({
      status: 'pending',
      documentType: 'national_id',
      documentCountry: 'EG',
      documentLast4: papers.number.slice(-4),
      documents: { frontMediaId: papers.frontMediaId, backMediaId: null, selfieMediaId: null },
      submittedAt: expect.any(String),
      verifiedAt: null,
    })
    const { body: seen, headers: seenHeaders } = await ok(api(pathOf(user), { as: ops }))
    expect(seen).toMatchObject({ fullName: 'Test client', otherAccounts: 0, reviewedBy: null })
    const { body: done } = await ok(approve(ops, user, { 'if-match': seenHeaders.get('etag') ?? '' }))
    expect(done).toMatchObject({
      status: 'verified',
      reviewedBy: ops.userId,
      reviewedAt: expect.any(String),
      verifiedAt: expect.any(String),
    })
    expect((await ok(api(own, { as: user }))).body.status).toBe('verified')
    expect(await eventsOf(user)).toEqual(['verification.pending', 'verification.verified'])
  })

  it('is rejected with a reason, and can be tried again', async () => {
    const [user, ops] = [await aSubmitter(), await aReviewer('admin')]
    expect((await ok(reject(ops, user))).body).toMatchObject({
      status: 'rejected',
      rejectionReason: 'The photo is blurred.',
      verifiedAt: null,
    })
    expect((await ok(api(own, { as: user }))).body.rejectionReason).toBe('The photo is blurred.')
    const { body } = await ok(submit(user, await papersOf(user)))
    expect(body).toMatchObject({ status: 'pending', rejectionReason: null, reviewedAt: null })
    expect(await eventsOf(user)).toEqual([
      'verification.pending',
      'verification.rejected',
      'verification.pending',
    ])
  })

  it('refuses transitions out of order', async () => {
    const [user, ops] = [await aSubmitter(), await aReviewer()]
    await ok(approve(ops, user))
    expect(await codeOf(approve(ops, user))).toBe('409 invalid_transition')
    expect(await codeOf(reject(ops, user))).toBe('409 invalid_transition')
    expect(await codeOf(submit(user, await papersOf(user)))).toBe('409 invalid_transition')
    const nobody = await signedIn()
    expect(await codeOf(approve(ops, nobody))).toBe('404 not_found')
  })

  it('submitted twice is pending once; other documents are refused meanwhile', async () => {
    const user = await signedIn()
    const papers = await papersOf(user)
    const { body: first } = await ok(submit(user, papers))
    const { body: second } = await ok(submit(user, papers))
    expect(second).toEqual(first)
    const spaced = { ...papers, number: papers.number.replace(/(\d{7})/, '$1 ') }
    expect((await ok(submit(user, spaced))).body).toEqual(first)
    expect(await codeOf(submit(user, await papersOf(user)))).toBe('409 invalid_transition')
    expect(await eventsOf(user)).toEqual(['verification.pending'])
  })

  it('is decided for the documents that were reviewed', async () => {
    const [user, ops] = [await aSubmitter(), await aReviewer()]
    const { headers } = await ok(api(pathOf(user), { as: ops }))
    const seen = { 'if-match': headers.get('etag') ?? '' }
    await ok(reject(ops, user, seen))
    await ok(submit(user, await papersOf(user)))
    expect(await codeOf(approve(ops, user, seen))).toBe('412 precondition_failed')
    expect(await codeOf(approve(ops, user, {}))).toBe('428 precondition_required')
  })

  it('is visible to its owner and staff, and not decided by its owner', async () => {
    const [user, other] = [await aSubmitter(), await signedIn('tasker')]
    for (const attempt of [
      api(pathOf(user), { as: other }),
      api('/v1/verifications', { as: other }),
      approve(user, user),
      reject(other, user),
      submit(await aReviewer(), await papersOf(other)),
    ]) {
      expect(await codeOf(attempt)).toBe('403 forbidden')
    }
    const promoted = await aReviewer()
    await database().write([
      sql`insert into user_verifications (user_id, verification_status, submitted_at) values (${promoted.userId}, 'pending', now())`,
    ])
    expect(await codeOf(approve(promoted, promoted))).toBe('403 forbidden')
    expect((await ok(api(pathOf(promoted), { as: promoted }))).body.status).toBe('pending')
  })

  it('lists pending ones, longest waiting first', async () => {
    const ops = await aReviewer()
    const users = [await aSubmitter(), await aSubmitter()]
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const query: string = cursor ? `&cursor=${cursor}` : ''
      const { body } = await ok(api(`/v1/verifications?status=pending&limit=50${query}`, { as: ops }))
      seen.push(...body.data.map(({ id }: { id: string }) => id))
      cursor = body.nextCursor
    } while (cursor)
    const places = users.map(({ userId }) => seen.indexOf(userId))
    expect(places.every((place) => place >= 0)).toBe(true)
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(new Set(seen).size).toBe(seen.length)
  })
})

describe('the number of a document', () => {
  it('is not stored in the row, log, events or idempotency keys', async () => {
    const user = await signedIn()
    const papers = await papersOf(user)
    await ok(submit(user, papers, { 'idempotency-key': newId() }))
    await ok(approve(await aReviewer(), user))
    const [row] = await database().read<{ hash: string; found: string[] }>(sql`
      select (select national_id_hash from user_verifications where user_id = ${user.userId}) as hash,
             array(select 'verification' from user_verifications v where v::text like ${`%${papers.number}%`}
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

  it('cannot be stored in clear', async () => {
    const user = await aSubmitter()
    for (const change of [
      sql`national_id_hash = ${aNationalNumber()}`,
      sql`national_id_last4 = ${aNationalNumber()}`,
    ]) {
      const write = database().write([
        sql`update user_verifications set ${change} where user_id = ${user.userId}`,
      ])
      await expect(write).rejects.toThrow()
    }
  })

  it('verifies one account; an unapproved claim blocks no one', async () => {
    const [number, ops] = [aNationalNumber(), await aReviewer()]
    const thief = await aSubmitter({ number })
    const owner = await aSubmitter({ number: `${number.slice(0, 3)} ${number.slice(3)}` })
    expect((await ok(api(pathOf(owner), { as: ops }))).body.otherAccounts).toBe(1)
    await ok(approve(ops, owner))
    expect(await codeOf(approve(ops, thief))).toBe('409 document_in_use')
    expect((await ok(api(pathOf(thief), { as: ops }))).body).toMatchObject({
      status: 'pending',
      otherAccounts: 1,
    })
    const another = await signedIn()
    const licence = await papersOf(another, { documentType: 'driving_licence', number })
    await ok(submit(another, licence))
    expect(await codeOf(approve(ops, another))).toBe('409 document_in_use')
  })

  it('is normalized', () => {
    expect(normalNumber('٢٩٠٠٤٢٣٠١٠٤٥٦٧')).toBe('29004230104567')
    expect(normalNumber(' gha-000 000.000/0 ')).toBe('GHA0000000000')
  })

  it.each([
    { number: '123' },
    { number: '19004230104567' },
    { number: '29013230104567' },
    { number: 'not a number at all' },
    { documentType: 'library_card' },
    { country: 'Egypt' },
    // A country that there is not would make another number of it.
    { country: 'ZZ' },
    { status: 'verified' },
    { verificationStatus: 'verified' },
    { userId: newId() },
    { nationalIdHash: 'a'.repeat(64) },
    { reviewedBy: newId() },
  ])('and its papers take no %j', async (fields) => {
    const user = await signedIn()
    const { status, body } = await submit(user, { ...(await papersOf(user)), ...fields })
    expect([status, body.code]).toEqual([400, 'invalid_request'])
    expect((await ok(api(own, { as: user }))).body.status).toBe('unverified')
  })

  it('requires files of the user’s own', async () => {
    const [user, other] = [await signedIn(), await signedIn()]
    const papers = await papersOf(user)
    const wrong = [
      { frontMediaId: await aFile(other) },
      { backMediaId: await aFile(user, 'voice') },
      { selfieMediaId: await aFile(user, 'image', { uploaded: false }) },
      { frontMediaId: newId() },
    ]
    for (const files of wrong) {
      expect(await codeOf(submit(user, { ...papers, ...files }))).toBe('422 media_refused')
    }
    const all = { backMediaId: await aFile(user), selfieMediaId: await aFile(user, 'document') }
    expect((await ok(submit(user, { ...papers, ...all }))).body.documents).toMatchObject(all)
  })
})

describe('the database', () => {
  it('refuses to create a verified account', async () => {
    const user = await signedIn()
    const insert = sql`insert into user_verifications (user_id, verification_status) values (${user.userId}, 'verified')`
    await expect(database(actorOf(user)).write([insert])).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('refuses self-verification', async () => {
    const user = await aSubmitter()
    const update = sql`update user_verifications set verification_status = 'verified' where user_id = ${user.userId}`
    await expect(database(actorOf(user)).write([update])).rejects.toMatchObject({ code: 'forbidden' })
    const stranger = actorOf(await signedIn())
    await expect(database(stranger).write([update])).rejects.toMatchObject({ code: 'not_found' })
  })
})
