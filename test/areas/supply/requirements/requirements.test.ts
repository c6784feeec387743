import { sql } from 'drizzle-orm'
import { afterAll, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, database, signedIn } from '../../../support/api.ts'
import { aReviewer, papersOf } from '../../../support/profiles.ts'
import { identityRequirement } from '../../../support/scenes.ts'
import { actorOf, anAdmin, anOps, aTasker, ok } from '../../../support/story.ts'
import { anApplicant, aTrade, codeOf } from '../../../support/work.ts'

/** Taskers of an unknown country are asked for what any country asks. */
afterAll(() =>
  database().write([sql`update requirements set is_active = false where id <> ${identityRequirement}`]),
)

const names = { en: 'Papers', ar: 'مستندات' }
/** Asks for something in a country of its own, so that the tests do not ask each other's taskers. */
async function aRequirement(country: string, fields: object): Promise<string> {
  const body = { subjectKind: 'tasker', country, names, ...fields }
  return (await ok(api('/v1/requirements', { as: await anAdmin(), body }))).body.id
}

async function verifiedApplicant(country: string): Promise<Caller> {
  const tasker = await anApplicant(await aTrade())
  await database().write([sql`update users set country = ${country} where id = ${tasker.userId}`])
  await ok(api(`/v1/taskers/${tasker.userId}/verify`, { as: await anOps(), method: 'POST' }))
  return tasker
}
const activate = async ({ userId }: Caller) =>
  api(`/v1/taskers/${userId}/activate`, { as: await anOps(), method: 'POST' })
const checklistOf = async (as: Caller) => (await ok(api('/v1/me/checklist', { as }))).body
const statusOf = async (as: Caller, id: string): Promise<string> =>
  (await checklistOf(as)).items.find((item: { requirementId: string }) => item.requirementId === id)?.status
const waive = async ({ userId }: Caller, requirementId: string, as?: Caller) => {
  const body = { requirementId, subjectKind: 'tasker', subjectId: userId, reason: 'The office is closed.' }
  return api('/v1/requirement-waivers', { as: as ?? (await anOps()), body })
}
async function identified(user: Caller): Promise<string> {
  const { id } = (await ok(api('/v1/me/verification-requests', { as: user, body: await papersOf(user) })))
    .body
  await ok(
    api(`/v1/verifications/${id}/approve`, { as: await aReviewer(), body: {}, headers: { 'if-match': '*' } }),
  )
  return id
}
const taskerStatus = async ({ userId }: Caller): Promise<string | undefined> =>
  (
    await database().read<{ status: string }>(
      sql`select status from tasker_profiles where user_id = ${userId}`,
    )
  )[0]?.status

it('nobody is activated without a verified identity, whoever moves them', async () => {
  const tasker = await verifiedApplicant('EG')
  const refused = await activate(tasker)
  expect([refused.status, refused.body.code]).toEqual([409, 'requirements_not_met'])
  expect(refused.body.detail).toContain('identity')
  const move = sql`update tasker_profiles set status = 'active' where user_id = ${tasker.userId}`
  await expect(database(actorOf(await anAdmin())).write([move])).rejects.toMatchObject({
    code: 'requirements_not_met',
  })
  expect(await statusOf(tasker, identityRequirement)).toBe('incomplete')
  await identified(tasker)
  expect(await statusOf(tasker, identityRequirement)).toBe('complete')
  expect((await checklistOf(tasker)).isComplete).toBe(true)
  expect((await ok(activate(tasker))).body.status).toBe('active')
})

it('a tasker whose papers are revoked is at risk, and stays so until they are there again', async () => {
  const tasker = await verifiedApplicant('EG')
  const id = await identified(tasker)
  await ok(activate(tasker))
  const headers = { 'if-match': '*' }
  await ok(
    api(`/v1/verifications/${id}/revoke`, { as: await aReviewer(), body: { reason: 'Forged' }, headers }),
  )
  expect(await taskerStatus(tasker)).toBe('at_risk')
  const clear = async () => api(`/v1/taskers/${tasker.userId}/clear`, { as: await anOps(), method: 'POST' })
  expect(await codeOf(clear())).toBe('409 requirements_not_met')
  const [told] = await database().read<{ missing: string }>(
    sql`select data ->> 'missing' as missing from outbox where type = 'requirement.lapsed' and object_id = ${tasker.userId}`,
  )
  expect(told?.missing).toBe('identity')
  await identified(tasker)
  expect((await ok(clear())).body.status).toBe('active')
})

it('a requirement is of its country and kind of subject, and what is recommended keeps nobody', async () => {
  const id = await aRequirement('GH', { kind: 'document', documentType: 'criminal_record' })
  const recommended = await aRequirement('GH', {
    kind: 'document',
    documentType: 'diploma',
    isRequired: false,
  })
  const [here, elsewhere] = [await verifiedApplicant('GH'), await verifiedApplicant('IN')]
  expect(await statusOf(here, id)).toBe('incomplete')
  expect(await statusOf(elsewhere, id)).toBeUndefined()
  await identified(here)
  expect((await activate(here)).body.detail).toContain('criminal_record')
  await ok(waive(here, id))
  expect(await statusOf(here, id)).toBe('waived')
  expect(await statusOf(here, recommended)).toBe('incomplete')
  await ok(activate(here))
})

it('of a subject without a country everything of every country is asked', async () => {
  const id = await aRequirement('KG', { kind: 'document', documentType: 'insurance', isRequired: false })
  const tasker = await anApplicant(await aTrade())
  await database().write([sql`update users set country = null where id = ${tasker.userId}`])
  expect(await statusOf(tasker, id)).toBe('incomplete')
})

it('a row that points at nothing is incomplete, never met', async () => {
  const [unknown, nothing] = [newId(), newId()]
  await database().write([
    sql`insert into requirements (id, kind, subject_kind, country, names) values
          (${unknown}, 'gone_from_the_code', 'tasker', 'AE', '{"en": "A", "ar": "A"}'),
          (${nothing}, 'document', 'tasker', 'AE', '{"en": "B", "ar": "B"}')`,
  ])
  const tasker = await verifiedApplicant('AE')
  await identified(tasker)
  expect([await statusOf(tasker, unknown), await statusOf(tasker, nothing)]).toEqual([
    'incomplete',
    'incomplete',
  ])
  expect(await codeOf(activate(tasker))).toBe('409 requirements_not_met')
})

it('terms are confirmed by the person, and asked again from a new date on', async () => {
  const id = await aRequirement('SA', { kind: 'terms' })
  const tasker = await verifiedApplicant('SA')
  const attest = (requirementId: string) =>
    api(`/v1/me/checklist/${requirementId}/attest`, { as: tasker, method: 'POST' })
  expect(await codeOf(attest(identityRequirement))).toBe('409 requirement_not_attested')
  await ok(attest(id))
  await ok(attest(id))
  expect(await statusOf(tasker, id)).toBe('complete')
  const [{ n }] = (await database().read<{ n: number }>(
    sql`select count(*)::int as n from requirement_submissions where requirement_id = ${id}`,
  )) as [{ n: number }]
  expect(n).toBe(1)
  await database().write([sql`update requirements set effective_from = clock_timestamp() where id = ${id}`])
  expect(await statusOf(tasker, id)).toBe('incomplete')
  await ok(attest(id))
  expect(await statusOf(tasker, id)).toBe('complete')
})

it('the newest attempt rules where none is valid', async () => {
  const tasker = await verifiedApplicant('EG')
  const submit = async () =>
    (await ok(api('/v1/me/verification-requests', { as: tasker, body: await papersOf(tasker) }))).body.id
  const first = await submit()
  expect(await statusOf(tasker, identityRequirement)).toBe('pending')
  const headers = { 'if-match': '*' }
  await ok(
    api(`/v1/verifications/${first}/reject`, { as: await aReviewer(), body: { reason: 'No' }, headers }),
  )
  expect(await statusOf(tasker, identityRequirement)).toBe('rejected')
  await submit()
  expect(await statusOf(tasker, identityRequirement)).toBe('pending')
})

it('a waiver has a reason, is nobody’s own, and ends with a consequence', async () => {
  const tasker = await verifiedApplicant('EG')
  const ops = await anOps()
  const waiver = (await ok(waive(tasker, identityRequirement, ops))).body
  expect(waiver).toMatchObject({ waivedBy: ops.userId, reason: 'The office is closed.', endedAt: null })
  expect(await codeOf(waive(tasker, identityRequirement))).toBe('409 already_exists')
  expect(await codeOf(waive({ ...tasker, userId: newId() }, identityRequirement))).toBe('404 not_found')
  await ok(activate(tasker))
  await ok(api(`/v1/requirement-waivers/${waiver.id}/end`, { as: ops, method: 'POST' }))
  expect(await taskerStatus(tasker)).toBe('at_risk')
  expect(await codeOf(waive(tasker, identityRequirement, tasker))).toBe('403 forbidden')
})

it('the funnel says how far people get', async () => {
  const id = await aRequirement('QA', { kind: 'document', documentType: 'address_proof', isRequired: false })
  const [waiting] = [await verifiedApplicant('QA'), await verifiedApplicant('QA')]
  const papers = { type: 'document', documentType: 'address_proof', number: undefined }
  await ok(api('/v1/me/verification-requests', { as: waiting, body: await papersOf(waiting, papers) }))
  const { steps } = (await ok(api('/v1/requirement-funnel?days=1', { as: await anOps() }))).body
  const step = steps.find((row: { requirementId: string }) => row.requirementId === id)
  // People without a country are asked as well.
  expect(step).toMatchObject({ waiting: 1, done: 0, rejected: 0, waived: 0, medianHours: null })
  expect(step.reached).toBeGreaterThanOrEqual(2)
})

it('has no checklist before there is anything to check', async () => {
  expect(await codeOf(api('/v1/me/checklist', { as: await signedIn() }))).toBe('404 not_found')
  const tasker = await aTasker()
  expect((await checklistOf(tasker)).isComplete).toBe(true)
})
