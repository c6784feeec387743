import { api, type Caller } from './api.ts'
import { anOps, aTasker, ok } from './story.ts'

/** Role profiles: what taskers offer in a profession. */

export const photographerFields = {
  displayName: 'Mona Adel Photography',
  bio: 'Weddings and portraits since 2014.',
  experienceYears: 12,
  attributes: {
    profession: 'photographer',
    specialties: ['Weddings', 'portraits'],
    studioAvailable: true,
    startingPrice: { amount: 250_000, currency: 'EGP' },
  },
  isPublic: true,
  languages: ['ar', 'en'],
}

export const pathOf = (id: string, action = ''): string =>
  `/v1/role-profiles/${id}${action === '' ? '' : `/${action}`}`

export const createProfile = (as: Caller, fields: object = {}) =>
  api('/v1/role-profiles', { as, body: { ...photographerFields, ...fields } })

export async function aDraftProfile(as: Caller, fields: object = {}): Promise<string> {
  return (await ok(createProfile(as, fields))).body.id
}

export const submitProfile = (as: Caller, id: string) => api(pathOf(id, 'submit'), { as, method: 'POST' })

/** A profile whose first version waits, and the id of that version. */
export async function aSubmittedProfile(
  as: Caller,
  fields: object = {},
): Promise<{ id: string; versionId: string }> {
  const id = await aDraftProfile(as, fields)
  const { body } = await ok(submitProfile(as, id))
  return { id, versionId: body.latestVersion.id }
}

export const approveVersion = (as: Caller, id: string, versionId: string) =>
  api(pathOf(id, 'approve'), { as, body: { versionId } })

/** A profile of an active tasker that everybody sees. */
export async function aListedProfile(fields: object = {}): Promise<{ id: string; tasker: Caller }> {
  const [tasker, ops] = [await aTasker(), await anOps()]
  const { id, versionId } = await aSubmittedProfile(tasker, fields)
  await ok(approveVersion(ops, id, versionId))
  return { id, tasker }
}
