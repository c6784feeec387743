import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { api, type Caller, database, signedIn } from '../../../support/api.ts'
import { anOpenCompany, changeMember, join } from '../../../support/companies.ts'
import { pullEvents } from '../../../support/events.ts'
import {
  aCandidate,
  aSeeker,
  candidatesOf,
  entitled,
  listingOf,
  viewCandidate,
} from '../../../support/jobs.ts'
import { aFile } from '../../../support/profiles.ts'
import { aTasker, ok } from '../../../support/story.ts'

const put = (as: Caller, fields: object) =>
  api('/v1/me/candidate-profile', {
    as,
    method: 'PUT',
    body: {
      displayName: 'Nour Hassan',
      status: 'active',
      contact: { email: 'nour@mail.example' },
      ...fields,
    },
  })

let company: Caller
beforeAll(async () => {
  company = await anOpenCompany()
})

const found = async (query: string, as = company): Promise<string[]> =>
  (await ok(candidatesOf(as, as.userId, query))).body.data.map(({ id }: { id: string }) => id)

const viewsOf = async (as: Caller) => (await ok(api('/v1/me/candidate-views', { as }))).body.data
const companyViews = async (as: Caller) =>
  (await ok(api(`/v1/companies/${as.userId}/candidate-views`, { as }))).body.data

describe('candidates', () => {
  it('are found by what they can do, and nothing says who they are', async () => {
    const seeker = await aSeeker({
      displayName: 'Zeinab Quux',
      bio: 'Zeinab of Maadi.',
      city: 'Bahariya',
      experienceYears: 7,
      preferredRoles: ['crane operator'],
      skills: ['Rigging', 'call 01001234567'],
      experience: [
        { title: 'Foreman', company: 'Quux Cranes', from: '2019-03', until: null, description: null },
      ],
      education: [
        { school: 'Quux College', degree: 'BSc', field: 'Mechanics', fromYear: 2012, untilYear: 2016 },
      ],
    })
    const languages = [{ code: 'ar', proficiency: 'native' }]
    await ok(api('/v1/me/languages', { as: seeker, method: 'PUT', body: { languages } }))
    const id = await listingOf(seeker)
    for (const query of [
      'q=crane',
      'q=foreman',
      'q=mechanics',
      'skill=rigging',
      'city=bahariya',
      'city=Bahariya&minExperienceYears=7&language=ar&q=rigging',
    ])
      expect(await found(query), query).toEqual([id])
    for (const query of [
      'q=zeinab',
      'q=quux',
      'city=Bahariya&minExperienceYears=8',
      'city=Bahariya&language=ru',
      'city=Bahariya&profession=photographer',
    ])
      expect(await found(query), query).toEqual([])
    const [shown] = (await ok(candidatesOf(company, company.userId, 'q=crane'))).body.data
    expect(shown).toMatchObject({
      city: 'Bahariya',
      skills: ['Rigging'],
      positions: [{ title: 'Foreman', from: '2019-03', until: null }],
      studies: [{ degree: 'BSc', field: 'Mechanics' }],
      languages,
      openUntil: null,
    })
    const text = JSON.stringify(shown)
    for (const trace of ['Zeinab', 'Quux', 'mail.example', '+2010', '0100', seeker.userId])
      expect(text).not.toContain(trace)
  })

  it('are those who say that they look for work, and only for as long', async () => {
    const [silent, seeker] = [
      await aCandidate({ status: 'active', skills: ['glassblowing'] }),
      await aSeeker(),
    ]
    expect(await found('skill=glassblowing')).toEqual([])
    for (const hidden of [{ visibility: 'private' }, { status: 'hidden' }, { lookingForWork: false }]) {
      await ok(put(seeker, { skills: ['glassblowing'], lookingForWork: true }))
      const [first] = await found('skill=glassblowing')
      expect(first).toBe(await listingOf(seeker))
      await ok(put(seeker, { skills: ['glassblowing'], lookingForWork: true, ...hidden }))
      expect(await found('skill=glassblowing')).toEqual([])
      expect((await viewCandidate(company, first ?? '')).status).toBe(404)
    }
    const unreachable = await put(silent, { lookingForWork: true, contact: null })
    expect(unreachable.status).toBe(400)
  })

  it('are found by nobody whom they block, nor by the company that they work for', async () => {
    const [blocking, working] = [
      await aSeeker({ skills: ['falconry'] }),
      await aSeeker({ skills: ['falconry'] }),
    ]
    await ok(api('/v1/me/blocks', { as: blocking, body: { userId: company.userId } }))
    await join(company, working)
    expect(await found('skill=falconry')).toEqual([])
    expect((await viewCandidate(company, await listingOf(blocking))).status).toBe(404)
    expect(await found('skill=falconry', await anOpenCompany())).toHaveLength(2)
  })

  it('are searched by those who hire for an approved company', async () => {
    const [manager, dispatcher] = [await aTasker(), await aTasker()]
    await ok(changeMember(company, await join(company, manager), { role: 'manager' }))
    await ok(changeMember(company, await join(company, dispatcher), { role: 'dispatcher' }))
    const id = await listingOf(await aSeeker())
    expect((await candidatesOf(manager, company.userId)).status).toBe(200)
    for (const [as, status] of [
      [dispatcher, 403],
      [await signedIn('client'), 404],
    ] as const) {
      expect((await candidatesOf(as, company.userId)).status).toBe(status)
      expect((await viewCandidate(as, id, company.userId)).status).toBe(status)
      expect((await api(`/v1/companies/${company.userId}/candidate-views`, { as })).status).toBe(status)
    }
    const closed = await anOpenCompany()
    await database().write([
      sql`update company_profiles set approval_status = 'rejected' where user_id = ${closed.userId}`,
    ])
    expect((await candidatesOf(closed, closed.userId)).body.code).toBe('company_not_open')
    expect((await viewCandidate(closed, id)).body.code).toBe('company_not_open')
  })
})

describe('a view of a candidate', () => {
  it('uses one contact view, opens profile, résumé and contact, and costs nothing again', async () => {
    const buyer = await anOpenCompany()
    const seeker = await aSeeker({ displayName: 'Nour Hassan', visibility: 'companies' })
    const resumeMediaId = await aFile(seeker, 'document')
    await ok(put(seeker, { lookingForWork: true, resumeMediaId, contact: { email: 'nour@mail.example' } }))
    const id = await listingOf(seeker)
    const before = (await ok(api(`/v1/candidates/${seeker.userId}`, { as: buyer }))).body
    expect(before.resumeMediaId).toBeNull()
    const poor = await viewCandidate(buyer, id)
    expect([poor.status, poor.body.code]).toEqual([409, 'entitlement_used_up'])
    await entitled(buyer, 'contact_view', 2)
    const view = (await ok(viewCandidate(buyer, id))).body
    expect(view).toMatchObject({
      companyId: buyer.userId,
      isOpen: true,
      candidate: {
        id: seeker.userId,
        displayName: 'Nour Hassan',
        resumeMediaId,
        contact: { email: 'nour@mail.example', phone: null },
      },
    })
    expect((await ok(viewCandidate(buyer, id))).body.id).toBe(view.id)
    const balance = await ok(api(`/v1/companies/${buyer.userId}/hiring-balance`, { as: buyer }))
    expect(balance.body.contactViews).toBe(1)
    expect((await ok(api(`/v1/candidates/${seeker.userId}`, { as: buyer }))).body.resumeMediaId).toBe(
      resumeMediaId,
    )
    expect((await api(`/v1/media/${resumeMediaId}`, { as: buyer })).status).toBe(200)
    expect((await api(`/v1/media/${resumeMediaId}`, { as: company })).status).toBe(404)
    const [shown] = (await ok(candidatesOf(buyer, buyer.userId))).body.data.filter(
      (each: { id: string }) => each.id === id,
    )
    expect(shown.openUntil).toBe(view.openUntil)
  })

  it('is on record for both, and the candidate is notified', async () => {
    const [buyer, seeker] = [await anOpenCompany(), await aSeeker()]
    await entitled(buyer, 'contact_view')
    const view = (await ok(viewCandidate(buyer, await listingOf(seeker)))).body
    expect(await viewsOf(seeker)).toEqual([
      {
        id: view.id,
        companyId: buyer.userId,
        companyName: 'Nile Fittings',
        openUntil: view.openUntil,
        viewedAt: view.viewedAt,
      },
    ])
    expect(await viewsOf(buyer)).toEqual([])
    expect(await companyViews(buyer)).toMatchObject([{ id: view.id, candidate: { id: seeker.userId } }])
    const { data } = await pullEvents(seeker)
    expect(data.filter(({ type }: { type: string }) => type === 'candidate_view.created')).toMatchObject([
      { data: { candidateViewId: view.id, companyId: buyer.userId, userId: seeker.userId } },
    ])
  })

  it.each([
    ['they withdraw', (seeker: Caller) => put(seeker, { lookingForWork: false })],
    [
      'they block the company',
      (seeker: Caller, buyer: Caller) => api('/v1/me/blocks', { as: seeker, body: { userId: buyer.userId } }),
    ],
    [
      'its time is over',
      async (_: Caller, buyer: Caller) => {
        await database().write([
          sql`update candidate_views set created_at = created_at - interval '40 days', open_until = now() - interval '1 minute'
               where company_id = ${buyer.userId}`,
        ])
        return { status: 200, body: {} }
      },
    ],
  ])('shows nothing more once %s', async (_, end) => {
    const buyer = await anOpenCompany()
    const seeker = await aSeeker({ visibility: 'companies' })
    const resumeMediaId = await aFile(seeker, 'document')
    await ok(put(seeker, { lookingForWork: true, resumeMediaId }))
    await entitled(buyer, 'contact_view')
    await ok(viewCandidate(buyer, await listingOf(seeker)))
    expect((await end(seeker, buyer)).status).toBeLessThan(300)
    expect(await companyViews(buyer)).toMatchObject([{ isOpen: false, candidate: null }])
    expect((await api(`/v1/media/${resumeMediaId}`, { as: buyer })).status).toBe(404)
    expect(await viewsOf(seeker)).toHaveLength(1)
  })

  it('is open again, for its time, where they come back', async () => {
    const [buyer, seeker] = [await anOpenCompany(), await aSeeker()]
    await entitled(buyer, 'contact_view')
    const first = await listingOf(seeker)
    const view = (await ok(viewCandidate(buyer, first))).body
    await ok(put(seeker, { lookingForWork: false }))
    await ok(put(seeker, { lookingForWork: true }))
    const second = await listingOf(seeker)
    expect(second).not.toBe(first)
    expect((await viewCandidate(buyer, first)).status).toBe(404)
    expect((await ok(viewCandidate(buyer, second))).body.id).toBe(view.id)
  })
})
