import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { professions } from '../../../../src/areas/supply/professions/kinds/index.ts'
import { contentLocales } from '../../../../src/core/translations.ts'
import { api, database, signedIn } from '../../../support/api.ts'
import {
  aDraftProfile,
  aListedProfile,
  approveVersion,
  aSubmittedProfile,
  createProfile,
  pathOf,
  photographerFields,
  submitProfile,
} from '../../../support/role-profiles.ts'
import { anOps, aTasker, ok } from '../../../support/story.ts'
import { codeOf } from '../../../support/work.ts'

const patch = (as: Parameters<typeof api>[1] & object, id: string, body: object) =>
  api(pathOf(id), { ...as, method: 'PATCH', body })

describe('professions', () => {
  it('are published with labels in five languages, filters and units', async () => {
    const { body } = await ok(api('/v1/professions', { headers: { 'accept-language': 'ru' } }))
    expect(body.data.map(({ key }: { key: string }) => key)).toEqual(professions.map(({ key }) => key))
    expect(body.data[0]).toMatchObject({ key: 'photographer', label: 'Фотограф', priceUnit: 'job' })
    expect(body.data[0].attributes[0]).toEqual({
      name: 'specialties',
      label: 'Специализации',
      kind: 'words',
      filter: 'any_of',
      unit: null,
      values: null,
    })
    expect(body.fieldsWithApproval).toContain('attributes')
    expect(body.fieldsWithApproval).not.toContain('languages')
  })

  it('have every label in every language', () => {
    const labels = professions.flatMap(({ labels: own, attributes }) => [
      own,
      ...Object.values(attributes).flatMap((one) => [one.labels, ...Object.values(one.values ?? {})]),
    ])
    for (const its of labels) for (const locale of contentLocales) expect(its[locale]).not.toBe('')
    expect(new Set(professions.map(({ key }) => key)).size).toBe(10)
  })
})

describe('a role profile', () => {
  it('is a draft of its owner, until it is submitted and approved', async () => {
    const [tasker, ops, stranger] = [await aTasker(), await anOps(), await signedIn('client')]
    const created = await ok(createProfile(tasker))
    const { id } = created.body
    expect(created.body).toMatchObject({
      profession: 'photographer',
      status: 'draft',
      approvalStatus: 'pending',
      isListed: false,
      publicVersion: null,
      latestVersion: { number: 1, approvalStatus: 'draft', displayName: 'Mona Adel Photography' },
    })
    expect(await codeOf(api(pathOf(id), { as: stranger }))).toBe('404 not_found')
    expect(await codeOf(approveVersion(ops, id, created.body.latestVersion.id))).toBe(
      '409 invalid_transition',
    )
    const submitted = (await ok(submitProfile(tasker, id))).body
    expect(submitted).toMatchObject({ status: 'active', latestVersion: { approvalStatus: 'pending' } })
    expect(await codeOf(submitProfile(tasker, id))).toBe('409 invalid_transition')
    const approved = (await ok(approveVersion(ops, id, submitted.latestVersion.id))).body
    expect(approved).toMatchObject({
      approvalStatus: 'approved',
      isListed: true,
      publicVersion: { number: 1, approvalStatus: 'approved', reviewedBy: ops.userId },
    })
  })

  it('keeps its approved version public while an edit waits, and after it was rejected', async () => {
    const [{ id, tasker }, ops] = [await aListedProfile(), await anOps()]
    const edited = (await ok(patch({ as: tasker }, id, { bio: 'Only weddings now.' }))).body
    expect(edited).toMatchObject({
      approvalStatus: 'pending',
      publicVersion: { number: 1, bio: photographerFields.bio },
      latestVersion: { number: 2, approvalStatus: 'pending', bio: 'Only weddings now.' },
    })
    const reason = 'Please write more.'
    const body = { versionId: edited.latestVersion.id, reason }
    const rejected = (await ok(api(pathOf(id, 'reject'), { as: ops, body }))).body
    expect(rejected).toMatchObject({
      approvalStatus: 'rejected',
      rejectionReason: reason,
      isListed: true,
      publicVersion: { number: 1 },
      latestVersion: { number: 2, approvalStatus: 'rejected' },
    })
    const again = (await ok(patch({ as: tasker }, id, { bio: 'Weddings, portraits and children.' }))).body
    expect(again).toMatchObject({
      approvalStatus: 'pending',
      rejectionReason: null,
      latestVersion: { number: 3, approvalStatus: 'pending' },
    })
    const shown = (await ok(api(`${pathOf(id)}/versions`, { as: tasker }))).body.data
    expect(shown.map((one: { approvalStatus: string }) => one.approvalStatus)).toEqual([
      'pending',
      'rejected',
      'approved',
    ])
  })

  it('is not approved in a version that was edited since it was read', async () => {
    const [tasker, ops] = [await aTasker(), await anOps()]
    const { id, versionId } = await aSubmittedProfile(tasker)
    await ok(patch({ as: tasker }, id, { displayName: 'Another name' }))
    expect(await codeOf(approveVersion(ops, id, versionId))).toBe('409 invalid_transition')
    const { body } = await ok(api(pathOf(id), { as: ops }))
    expect(body.publicVersion).toBeNull()
  })

  it('takes languages, radius and areas at once, without another version', async () => {
    const { id, tasker } = await aListedProfile()
    const areas = [
      { lat: 30.0444, lng: 31.2357, radiusKm: 5 },
      { city: 'Giza', district: 'Dokki' },
    ]
    const { body } = await ok(patch({ as: tasker }, id, { languages: ['hi'], travelRadiusKm: 40, areas }))
    expect(body).toMatchObject({
      languages: ['hi'],
      travelRadiusKm: 40,
      approvalStatus: 'approved',
      latestVersion: { number: 1 },
      areas: [
        { lat: 30.0444, lng: 31.2357, radiusKm: 5, city: null, district: null },
        { lat: null, lng: null, radiusKm: null, city: 'Giza', district: 'Dokki' },
      ],
    })
  })

  it('makes no version where nothing differs', async () => {
    const { id, tasker } = await aListedProfile()
    const { bio, attributes } = photographerFields
    const { body } = await ok(patch({ as: tasker }, id, { bio, attributes }))
    expect(body).toMatchObject({ approvalStatus: 'approved', latestVersion: { number: 1 } })
  })

  it('refuses attributes that its profession lacks, and another profession', async () => {
    const tasker = await aTasker()
    const attributes = { profession: 'photographer', subjects: ['mathematics'] }
    expect(await codeOf(createProfile(tasker, { attributes }))).toBe('400 invalid_request')
    expect(await codeOf(createProfile(tasker, { attributes: { profession: 'plumber' } }))).toBe(
      '400 invalid_request',
    )
    const id = await aDraftProfile(tasker)
    expect(await codeOf(patch({ as: tasker }, id, { attributes: { profession: 'tutor' } }))).toBe(
      '422 profession_fixed',
    )
    expect(await codeOf(createProfile(tasker))).toBe('409 already_exists')
  })

  it('refuses links and contacts in every text', async () => {
    const tasker = await aTasker()
    for (const fields of [
      { bio: 'See www.example.com' },
      { displayName: 'Call 010 1234 5678 9' },
      { attributes: { profession: 'photographer', specialties: ['instagram.com/mona'] } },
    ])
      expect(await codeOf(createProfile(tasker, fields))).toBe('422 contacts_refused')
  })

  it('refuses an area that is neither a circle nor a district, and unknown languages', async () => {
    const tasker = await aTasker()
    expect(await codeOf(createProfile(tasker, { areas: [{ lat: 30, city: 'Cairo' }] }))).toBe(
      '400 invalid_request',
    )
    expect(await codeOf(createProfile(tasker, { languages: ['xx'] }))).toBe('422 unknown_language')
  })

  it('is hidden while it is suspended, and when it is deleted', async () => {
    const [{ id, tasker }, ops] = [await aListedProfile(), await anOps()]
    const body = { reason: 'The certificates are not genuine.' }
    const suspended = (await ok(api(pathOf(id, 'suspend'), { as: ops, body }))).body
    expect(suspended).toMatchObject({ status: 'suspended', isListed: false })
    const back = (await ok(api(pathOf(id, 'reinstate'), { as: ops, method: 'POST' }))).body
    expect(back).toMatchObject({ status: 'active', isListed: true })
    expect((await api(pathOf(id), { as: tasker, method: 'DELETE' })).status).toBe(204)
    expect(await codeOf(api(pathOf(id), { as: tasker }))).toBe('404 not_found')
    expect((await createProfile(tasker)).status).toBe(201)
  })

  it('that is deleted while it waits leaves no case behind', async () => {
    const [tasker, ops] = [await aTasker(), await anOps()]
    const { id, versionId } = await aSubmittedProfile(tasker)
    const casesOf = async (status: string) =>
      (await ok(api(`/v1/cases?subjectId=${versionId}&status=${status}`, { as: ops }))).body.data
    expect(await casesOf('open')).toMatchObject([{ kind: 'approval', subjectType: 'role_profile_version' }])
    await ok(api(pathOf(id), { as: tasker, method: 'DELETE' }))
    expect(await casesOf('open')).toEqual([])
    expect(await casesOf('closed')).toMatchObject([{ decision: 'superseded', decidedBy: null }])
  })

  it('leaves the listing when its verification is rejected', async () => {
    const [{ id }, ops] = [await aListedProfile(), await anOps()]
    const set = (verificationStatus: string) =>
      ok(api(pathOf(id, 'verification'), { as: ops, method: 'PUT', body: { verificationStatus } }))
    expect((await set('rejected')).body).toMatchObject({ isListed: false, verifiedAt: null })
    const { body } = await set('verified')
    expect(body).toMatchObject({ isListed: true, verificationStatus: 'verified' })
    expect(body.verifiedAt).not.toBeNull()
  })

  it('never points at a version that is not approved, nor changes a written one', async () => {
    const { id, versionId } = await aSubmittedProfile(await aTasker())
    const { id: other } = await aListedProfile()
    const write = (statement: ReturnType<typeof sql>) => codeOfWrite(database().write([statement]))
    expect(
      await write(sql`update role_profiles set public_version_id = ${versionId} where id = ${id}`),
    ).toMatch(/approved version/)
    expect(
      await write(sql`update role_profiles p set public_version_id = o.public_version_id from role_profiles o
                       where p.id = ${id} and o.id = ${other}`),
    ).toMatch(/approved version/)
    expect(await write(sql`update role_profile_versions set bio = 'x' where id = ${versionId}`)).toMatch(
      /written once/,
    )
  })
})

const codeOfWrite = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'ok',
    (error: Error & { cause?: Error }) => `${error.message} ${error.cause?.message ?? ''}`,
  )
