import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { adjust } from '../../../support/adjustments.ts'
import { api, type Caller, database, signedIn } from '../../../support/api.ts'
import { staffToken } from '../../../support/staff.ts'
import { aClient, anAdmin, anOps, aTasker, ok, withKey } from '../../../support/story.ts'

const fee = (amountMinor: number) => [
  { account: 'platform_fee', amountMinor: -amountMinor },
  { account: 'gateway_fees', amountMinor },
]
const correction = (lines: object[], more: object = {}) => ({
  kind: 'correction',
  currency: 'EGP',
  reason: 'Booked to the wrong account.',
  lines,
  ...more,
})
const propose = (as: Caller, body: object) => api('/v1/adjustments', { as, body, headers: withKey() })
const act = (as: Caller, id: string, action: string, body: object = {}) =>
  api(`/v1/adjustments/${id}/${action}`, { as, body, headers: withKey() })
const entriesOf = (id: string) =>
  database().read<{ posting: string; type: string }>(
    sql`select e.posting, e.entry_type as type from ledger_entries e where e.document_type = 'adjustment' and e.document_id = ${id}`,
  )

/** Somebody of ops who was granted the role of finance. */
async function aFinance(): Promise<Caller> {
  const user = await signedIn('ops')
  const admin = await anAdmin()
  const { data } = (await ok(api('/v1/roles', { as: admin }))).body
  const { id: roleId } = data.find(({ name }: { name: string }) => name === 'finance')
  await ok(api('/v1/user-roles', { as: admin, body: { userId: user.userId, roleId } }))
  return staffToken(user)
}

describe('a correction of the books', () => {
  it('is posted when a second person of finance approves', async () => {
    const [one, two] = [await aFinance(), await aFinance()]
    const { status, body } = await propose(one, correction(fee(5_000)))
    expect(status).toBe(201)
    expect(body).toMatchObject({
      status: 'proposed',
      proposedBy: one.userId,
      decidedBy: null,
      lines: [
        { account: 'platform_fee', ownerUserId: null, gateway: null, amount: -5_000 },
        { account: 'gateway_fees', amount: 5_000 },
      ],
    })
    const allowed = async (as: Caller) =>
      (await ok(api(`/v1/adjustments/${body.id}`, { as }))).body.allowedActions
        .filter(({ allowed }: { allowed: boolean }) => allowed)
        .map(({ action }: { action: string }) => action)
    expect(await allowed(one)).toEqual(['withdraw'])
    expect(await allowed(two)).toEqual(['approve', 'reject'])
    expect(await entriesOf(body.id)).toEqual([])
    const posted = await ok(act(two, body.id, 'approve', { note: 'Agreed.' }))
    expect(posted.body).toMatchObject({ status: 'posted', decidedBy: two.userId, decisionNote: 'Agreed.' })
    expect(await entriesOf(body.id)).toEqual([{ posting: 'adjustment', type: 'adjustment' }])
    expect(await act(await anAdmin(), body.id, 'approve')).toMatchObject({
      body: { code: 'invalid_transition' },
    })
  })

  it('is neither approved nor rejected by its proposer, nor withdrawn by another', async () => {
    const [one, two] = [await anAdmin(), await anAdmin()]
    const { id } = (await ok(propose(one, correction(fee(1))))).body
    for (const action of ['approve', 'reject'])
      expect(await act(one, id, action)).toMatchObject({ status: 403, body: { code: 'own_adjustment' } })
    expect(await act(two, id, 'withdraw')).toMatchObject({
      status: 403,
      body: { code: 'not_own_adjustment' },
    })
    expect((await ok(act(one, id, 'withdraw'))).body).toMatchObject({ status: 'withdrawn', decidedBy: null })
    expect(await act(two, id, 'approve')).toMatchObject({ status: 409, body: { code: 'invalid_transition' } })
    expect(await entriesOf(id)).toEqual([])
  })

  it('posts nothing when it is rejected', async () => {
    const { id } = (await ok(propose(await anAdmin(), correction(fee(1))))).body
    expect((await ok(act(await anAdmin(), id, 'reject', { note: 'No.' }))).body.status).toBe('rejected')
    expect(await entriesOf(id)).toEqual([])
  })

  it('needs the permission: ops and users are refused', async () => {
    for (const as of [await anOps(), await aClient()])
      expect((await propose(as, correction(fee(1)))).status).toBe(403)
    const { id } = (await ok(propose(await anAdmin(), correction(fee(1))))).body
    expect((await act(await anOps(), id, 'approve')).status).toBe(403)
    expect((await api(`/v1/adjustments/${id}`, { as: await aClient() })).status).toBe(403)
    expect((await api(`/v1/adjustments/${id}`, { as: await anOps() })).status).toBe(200)
  })

  it.each([
    [
      'do not add up to zero',
      [
        { account: 'platform_fee', amountMinor: -5 },
        { account: 'gateway_fees', amountMinor: 4 },
      ],
    ],
    ['have a line of zero', [...fee(5), { account: 'write_offs', amountMinor: 0 }]],
    [
      'lack the owner of an account',
      [
        { account: 'client_wallet', amountMinor: 5 },
        { account: 'platform_fee', amountMinor: -5 },
      ],
    ],
    [
      'name a user who does not exist',
      [
        { account: 'client_wallet', ownerUserId: newId(), amountMinor: 5 },
        { account: 'platform_fee', amountMinor: -5 },
      ],
    ],
    [
      'give the platform an owner',
      [
        { account: 'platform_fee', ownerUserId: newId(), amountMinor: 5 },
        { account: 'gateway_fees', amountMinor: -5 },
      ],
    ],
    [
      'lack the gateway',
      [
        { account: 'platform_clearing', amountMinor: 5 },
        { account: 'gateway_fees', amountMinor: -5 },
      ],
    ],
  ])('is refused where its lines %s', async (_why, lines) => {
    expect(await propose(await anAdmin(), correction(lines))).toMatchObject({
      status: 422,
      body: { code: 'lines_not_sound' },
    })
  })

  it('is refused at the approval where an account would go below zero', async () => {
    const { userId } = await aClient()
    const lines = [
      { account: 'client_wallet', ownerUserId: userId, amountMinor: -5 },
      { account: 'platform_fee', amountMinor: 5 },
    ]
    const { id } = (await ok(propose(await anAdmin(), correction(lines)))).body
    const approver = await anAdmin()
    expect(await act(approver, id, 'approve')).toMatchObject({
      status: 409,
      body: { code: 'insufficient_balance' },
    })
    expect((await ok(api(`/v1/adjustments/${id}`, { as: approver }))).body.status).toBe('proposed')
  })

  it('stays as it was proposed, and as it was decided', async () => {
    const { id } = (await ok(propose(await anAdmin(), correction(fee(1))))).body
    await expect(
      database().write([sql`update adjustments set reason = 'Another' where id = ${id}`]),
    ).rejects.toThrow()
    await expect(database().write([sql`delete from adjustments where id = ${id}`])).rejects.toThrow()
  })

  it('has a document only of its proposer, uploaded', async () => {
    const [admin, stranger] = [await anAdmin(), await aClient()]
    const file = { kind: 'document', mimeType: 'application/pdf', fileSize: 4 }
    const { id: theirs } = (await ok(api('/v1/media', { as: stranger, body: file }))).body
    const { id: notUploaded } = (await ok(api('/v1/media', { as: admin, body: file }))).body
    for (const documentMediaId of [theirs, notUploaded, newId()])
      expect(await propose(admin, correction(fee(1), { documentMediaId }))).toMatchObject({
        status: 422,
        body: { code: 'media_refused' },
      })
    await database().write([sql`update media_files set uploaded_at = now() where id = ${notUploaded}`])
    const { body } = await ok(propose(admin, correction(fee(1), { documentMediaId: notUploaded })))
    expect(body.documentMediaId).toBe(notUploaded)
    const [kept] = await database().read<{ shown: boolean }>(
      sql`select khidma.is_media_shown(m) as shown from media_files m where m.id = ${notUploaded}`,
    )
    expect(kept).toEqual({ shown: true })
  })
})

describe('a write-off', () => {
  const owing = async (amount: number): Promise<Caller> => {
    const tasker = await aTasker()
    await database().write([
      adjust([
        { account: 'commission_receivable', owner: tasker.userId, amount: -amount },
        { account: 'platform_fee', owner: null, amount },
      ]),
    ])
    return tasker
  }
  const writeOff = (tasker: Caller, commissionAmountMinor: number) => ({
    kind: 'write_off',
    currency: 'EGP',
    reason: 'Left the country.',
    userId: tasker.userId,
    commissionAmountMinor,
  })
  const owed = async (as: Caller) => (await ok(api('/v1/me/debts', { as }))).body.debts[0]?.owedAmount ?? 0

  it('ends a debt as a loss of the platform, and tells its user', async () => {
    const tasker = await owing(900)
    const [one, two] = [await anAdmin(), await anAdmin()]
    const { id } = (await ok(propose(one, writeOff(tasker, 600)))).body
    expect(await owed(tasker)).toBe(900)
    await ok(act(two, id, 'approve'))
    expect(await owed(tasker)).toBe(300)
    expect(await entriesOf(id)).toEqual([{ posting: 'write_off', type: 'adjustment' }])
    const told = await database().read<{ data: object }>(
      sql`select data from outbox where type = 'debt.written_off' and object_id = ${tasker.userId}`,
    )
    expect(told).toMatchObject([{ data: { amount: 600, currency: 'EGP' } }])
    const { data } = (await ok(api(`/v1/adjustments?userId=${tasker.userId}&kind=write_off`, { as: two })))
      .body
    expect(data.map((row: { id: string }) => row.id)).toEqual([id])
    const audit = await ok(
      api(`/v1/audit-log?subjectUserId=${tasker.userId}&action=adjustments.list`, { as: await anAdmin() }),
    )
    expect(audit.body.data).toMatchObject([{ actorUserId: two.userId, targetId: id }])
  })

  it('is refused where less is owed by then, and for a user who does not exist', async () => {
    const tasker = await owing(900)
    const { id } = (await ok(propose(await anAdmin(), writeOff(tasker, 901)))).body
    const refused = await act(await anAdmin(), id, 'approve')
    expect(refused).toMatchObject({ status: 409, body: { code: 'more_than_owed' } })
    expect(refused.body.detail).toContain('900')
    expect(await owed(tasker)).toBe(900)
    const nobody = { ...tasker, userId: newId() }
    expect(await propose(await anAdmin(), writeOff(nobody, 1))).toMatchObject({
      body: { code: 'unknown_reference' },
    })
    expect((await propose(await anAdmin(), writeOff(tasker, 0))).status).toBe(400)
  })
})
