import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, database, signedIn } from '../../../support/api.ts'
import { aFile } from '../../../support/profiles.ts'
import { ok } from '../../../support/story.ts'
import { codeOf } from '../../../support/work.ts'

const put = (path: string, as: Caller, body: object, headers: Record<string, string> = {}) =>
  api(path, { as, method: 'PUT', body, headers })

const company = {
  companyName: 'Nile Fittings',
  businessType: 'limited company',
  industry: 'construction',
  registrationNumber: '123456',
  contactPersonName: 'Mona Abdel Hamid',
  contactPersonTitle: 'Head of hiring',
  email: 'jobs@nile.example',
  phone: '+20225550100',
  city: 'Cairo',
  country: 'EG',
  bio: 'Kitchens and bathrooms since 1998.',
  websiteUrl: 'https://nile.example/',
  status: 'active',
}

describe('a company profile', () => {
  const path = '/v1/me/company-profile'

  it('returns 404 until it is written', async () => {
    const as = await signedIn()
    expect(await codeOf(api(path, { as }))).toBe('404 not_found')
    const { body, headers } = await ok(put(path, as, company))
    const stamps = { version: 1, createdAt: expect.any(String), updatedAt: expect.any(String) }
    expect(body).toEqual({
      ...company,
      logoMediaId: null,
      approvalStatus: 'pending',
      rejectionReason: null,
      ...stamps,
    })
    expect(headers.get('etag')).toBe('"v1.en"')
    expect((await ok(api(path, { as }))).body).toEqual(body)
  })

  it('is replaced as a whole', async () => {
    const as = await signedIn()
    await ok(put(path, as, company))
    const { body } = await ok(put(path, as, { companyName: 'Nile Fittings' }))
    expect(body).toMatchObject({ companyName: 'Nile Fittings', industry: null, email: null, version: 2 })
  })

  it('is changed under its current version only', async () => {
    const as = await signedIn()
    expect(await codeOf(put(path, as, company, { 'if-match': '"v1.en"' }))).toBe('412 precondition_failed')
    await ok(put(path, as, company, { 'if-match': '"v0.en"' }))
    await ok(put(path, as, company, { 'if-match': '"v1.en"' }))
    expect(await codeOf(put(path, as, company, { 'if-match': '"v1.en"' }))).toBe('412 precondition_failed')
  })

  it.each([
    { approvalStatus: 'approved' },
    { status: 'suspended' },
    { userId: newId() },
    { version: 9 },
    { companyName: ' ' },
    { phone: '0225550100' },
    { country: 'Egypt' },
    { email: 'nobody' },
  ])('takes no %j', async (fields) => {
    const as = await signedIn()
    expect(await codeOf(put(path, as, { ...company, ...fields }))).toBe('400 invalid_request')
    expect(await codeOf(api(path, { as }))).toBe('404 not_found')
  })

  it('needs a new approval under another name only', async () => {
    const as = await signedIn()
    await ok(put(path, as, company))
    await database().write([
      sql`update company_profiles set approval_status = 'approved' where user_id = ${as.userId}`,
    ])
    expect((await ok(put(path, as, { ...company, bio: 'New.' }))).body.approvalStatus).toBe('approved')
    const renamed = { ...company, companyName: 'Delta Fittings' }
    expect((await ok(put(path, as, renamed))).body.approvalStatus).toBe('pending')
  })
})

describe('a public company', () => {
  async function aCompany(fields: object = {}, { approved = true } = {}): Promise<Caller> {
    const as = await signedIn()
    await ok(api('/v1/me', { as, method: 'PATCH', body: { accountType: 'company' } }))
    await ok(put('/v1/me/company-profile', as, { ...company, ...fields }))
    if (approved)
      await database().write([
        sql`update company_profiles set approval_status = 'approved' where user_id = ${as.userId}`,
      ])
    return as
  }
  const see = ({ userId }: Caller) => api(`/v1/companies/${userId}`)

  it('shows no person and no contact details', async () => {
    const as = await aCompany({ bio: 'Since 1998.' })
    const { body } = await ok(see(as))
    expect(body).toEqual({
      id: as.userId,
      companyName: 'Nile Fittings',
      businessType: 'limited company',
      industry: 'construction',
      city: 'Cairo',
      country: 'EG',
      bio: 'Since 1998.',
      websiteUrl: 'https://nile.example/',
      logoMediaId: null,
      isVerified: false,
      memberSince: expect.any(String),
    })
  })

  it('is nobody’s to see before it was approved', async () => {
    expect(await codeOf(see(await aCompany({}, { approved: false })))).toBe('404 not_found')
  })

  it('returns 404 when hidden, rejected, suspended or no company', async () => {
    const nothing = '404 not_found'
    expect(await codeOf(see(await aCompany({ status: 'hidden' })))).toBe(nothing)
    const individual = await aCompany()
    await ok(api('/v1/me', { as: individual, method: 'PATCH', body: { accountType: 'individual' } }))
    expect(await codeOf(see(individual))).toBe(nothing)
    const [refused, suspended] = [await aCompany(), await aCompany()]
    await database().write([
      sql`update company_profiles set approval_status = 'rejected' where user_id = ${refused.userId}`,
      sql`update users set status = 'suspended' where id = ${suspended.userId}`,
    ])
    expect(await codeOf(see(refused))).toBe(nothing)
    expect(await codeOf(see(suspended))).toBe(nothing)
    expect(await codeOf(api(`/v1/companies/${newId()}`))).toBe(nothing)
  })
})

describe('a candidate profile', () => {
  const path = '/v1/me/candidate-profile'
  const work = { title: 'Engineer', company: 'Nile', from: '2019-03', until: null, description: null }
  const school = { school: 'Cairo University', degree: 'BSc', field: null, fromYear: 2012, untilYear: 2017 }
  const candidate = {
    displayName: 'Mona',
    bio: 'Bridges.',
    city: 'Giza',
    experienceYears: 8,
    preferredRoles: ['site engineer'],
    skills: ['AutoCAD', 'surveying, {quoted} "things"'],
    experience: [work],
    education: [school],
    expectedSalary: { amount: 2_500_000, currency: 'EGP' },
    status: 'active',
  }

  it('is written and read as a whole', async () => {
    const as = await signedIn()
    expect(await codeOf(api(path, { as }))).toBe('404 not_found')
    const { body } = await ok(put(path, as, candidate))
    const stamps = { version: 1, createdAt: expect.any(String), updatedAt: expect.any(String) }
    expect(body).toEqual({
      ...candidate,
      resumeMediaId: null,
      visibility: 'companies',
      lookingForWork: false,
      contact: null,
      ...stamps,
    })
    expect((await ok(api(path, { as }))).body).toEqual(body)
    const { body: emptied } = await ok(put(path, as, {}))
    expect(emptied).toMatchObject({ skills: [], experience: [], expectedSalary: null, status: 'draft' })
    expect(emptied.version).toBe(2)
  })

  it('accepts only the user’s own document as resume', async () => {
    const [as, other] = [await signedIn(), await signedIn()]
    const resumeMediaId = await aFile(as, 'document')
    expect((await ok(put(path, as, { resumeMediaId }))).body.resumeMediaId).toBe(resumeMediaId)
    for (const id of [await aFile(other, 'document'), await aFile(as, 'image')]) {
      expect(await codeOf(put(path, as, { resumeMediaId: id }))).toBe('422 media_refused')
    }
  })

  it.each([
    { status: 'hired' },
    { userId: newId() },
    { experienceYears: 81 },
    { experience: [{ ...work, until: '2018-01' }] },
    { experience: [{ ...work, salary: 1 }] },
    { education: [{ ...school, untilYear: 2011 }] },
    { skills: ['one', 'one'] },
    { expectedSalary: { amount: 1.5, currency: 'EGP' } },
    { expectedSalary: { amount: 100, currency: 'USD' } },
    { expectedSalary: { amount: 100 } },
  ])('takes no %j', async (fields) => {
    const answer = put(path, await signedIn(), { ...candidate, ...fields })
    expect(await codeOf(answer)).toBe('400 invalid_request')
  })
})
