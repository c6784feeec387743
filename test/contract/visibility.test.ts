import { getTableColumns, getTableName, sql, type Table } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Audience, type PersonalField, visibility } from '../../src/areas/people/profiles/visibility.ts'
import { newId } from '../../src/core/ids.ts'
import { users } from '../../src/db/schema/people/identity.ts'
import { candidateProfiles, clientProfiles, userProfiles } from '../../src/db/schema/people/profiles.ts'
import { areaOf } from '../../src/http/mount.ts'
import { api, type Caller, database, signedIn } from '../support/api.ts'
import { aFile } from '../support/profiles.ts'
import { aBooking, anAdmin, aTasker, ok } from '../support/story.ts'
import { all, call, parameterNames } from './call.ts'

/** Columns that say nothing about a person: keys, times, states and settings of the account. */
const impersonal: Record<string, readonly string[]> = {
  users: [
    'id',
    'role',
    'email_verified_at',
    'account_type',
    'status',
    'currency',
    'erased_at',
    'legal_hold',
    'suspended_at',
    'suspended_by',
    'suspension_reason',
    'restrictions',
    'deleted_at',
    'restorable_until',
    'restored_at',
    'created_at',
    'updated_at',
    'version',
  ],
  user_profiles: ['user_id', 'created_at', 'updated_at', 'version'],
  client_profiles: ['user_id', 'created_at', 'updated_at', 'version'],
  candidate_profiles: ['user_id', 'status', 'created_at', 'updated_at', 'version'],
}

describe('the declaration of who sees which field of a person', () => {
  it('names every personal column', () => {
    const columns = [users, userProfiles, clientProfiles, candidateProfiles].flatMap((table: Table) => {
      const name = getTableName(table)
      return Object.values(getTableColumns(table))
        .filter((column) => !impersonal[name]?.includes(column.name))
        .map((column) => `${name}.${column.name}`)
    })
    expect([...columns, 'user_languages.language_code'].toSorted()).toEqual(
      Object.keys(visibility).toSorted(),
    )
  })
})

/** Text that an answer contains where it shows the field. */
type Traces = Record<PersonalField, string>

interface Scene {
  traces: Traces
  /** Values of path parameters that lead to the person. */
  params: Record<string, string[]>
  callers: Record<string, { as: Caller | undefined; is: Audience[] }>
}

async function fill(person: Caller): Promise<Traces> {
  const mark = newId().slice(-12)
  const [avatar, resume] = [await aFile(person), await aFile(person, 'document')]
  const put = (path: string, body: object) => ok(api(path, { as: person, method: 'PUT', body }))
  const patch = (path: string, body: object) => ok(api(path, { as: person, method: 'PATCH', body }))
  await database().write([
    sql`update users set email = ${`${mark}@see.example`}, email_verified_at = now(), username = ${`u${mark}`}, full_name = ${`Name ${mark}`},
          locale = 'ky-KG', timezone = 'Pacific/Chatham', country = 'NZ' where id = ${person.userId}`,
  ])
  await patch('/v1/me/profile', {
    bio: `Bio ${mark}`,
    avatarMediaId: avatar,
    dateOfBirth: '1931-02-03',
    gender: 'other',
    jobTitle: `Job ${mark}`,
    websiteUrl: `https://${mark}.example`,
    linkedinUrl: `https://www.linkedin.com/in/${mark}`,
    twitterHandle: `t${mark}`,
  })
  await patch('/v1/me/client-profile', {
    displayName: `Called ${mark}`,
    city: `City ${mark}`,
    district: `District ${mark}`,
    preferredPaymentMethod: 'wallet',
    contactPreference: 'phone',
    noteForTaskers: `Note ${mark}`,
  })
  await put('/v1/me/candidate-profile', {
    displayName: `Candidate ${mark}`,
    bio: `Applies ${mark}`,
    city: `Works in ${mark}`,
    experienceYears: 37,
    preferredRoles: [`Role ${mark}`],
    skills: [`Skill ${mark}`],
    experience: [{ title: `Title ${mark}`, company: 'Nile Fittings', from: '2019-03' }],
    education: [{ school: `School ${mark}`, fromYear: 2012 }],
    expectedSalary: { amount: 7_654_321, currency: 'KGS' },
    resumeMediaId: resume,
    status: 'active',
    visibility: 'companies',
    lookingForWork: true,
    contact: { email: `reach.${mark}@mail.example`.toLowerCase(), phone: '+201009998877' },
  })
  await put('/v1/me/languages', { languages: [{ code: 'hi', proficiency: 'native' }] })
  return {
    'users.phone': person.phone,
    'users.email': `${mark}@see.example`,
    'users.username': `u${mark}`,
    'users.full_name': `Name ${mark}`,
    'users.locale': '"ky-KG"',
    'users.timezone': '"Pacific/Chatham"',
    'users.country': '"country":"NZ"',
    'user_profiles.bio': `Bio ${mark}`,
    'user_profiles.avatar_media_id': avatar,
    'user_profiles.date_of_birth': '1931-02-03',
    'user_profiles.gender': '"gender":"other"',
    'user_profiles.job_title': `Job ${mark}`,
    'user_profiles.website_url': `https://${mark}.example`,
    'user_profiles.linkedin_url': `https://www.linkedin.com/in/${mark}`,
    'user_profiles.twitter_handle': `t${mark}`,
    'user_languages.language_code': '"code":"hi","proficiency":"native"',
    'client_profiles.display_name': `Called ${mark}`,
    'client_profiles.city': `City ${mark}`,
    'client_profiles.district': `District ${mark}`,
    'client_profiles.preferred_payment_method': '"preferredPaymentMethod":"wallet"',
    'client_profiles.contact_preference': '"contactPreference":"phone"',
    'client_profiles.note_for_taskers': `Note ${mark}`,
    'candidate_profiles.display_name': `Candidate ${mark}`,
    'candidate_profiles.bio': `Applies ${mark}`,
    'candidate_profiles.city': `Works in ${mark}`,
    'candidate_profiles.experience_years': '"experienceYears":37',
    'candidate_profiles.preferred_roles': `Role ${mark}`,
    'candidate_profiles.skills': `Skill ${mark}`,
    'candidate_profiles.experience': `Title ${mark}`,
    'candidate_profiles.education': `School ${mark}`,
    'candidate_profiles.expected_salary_amount': '7654321',
    'candidate_profiles.expected_salary_currency': '7654321,"currency":"KGS"',
    'candidate_profiles.resume_media_id': resume,
    'candidate_profiles.visibility': '"visibility":"companies"',
    'candidate_profiles.looking_for_work': '"lookingForWork":true',
    'candidate_profiles.contact_email': `reach.${mark}@mail.example`.toLowerCase(),
    'candidate_profiles.contact_phone': '+201009998877',
  }
}

async function anApprovedCompany(): Promise<Caller> {
  const as = await signedIn()
  await ok(api('/v1/me', { as, method: 'PATCH', body: { accountType: 'company' } }))
  await ok(api('/v1/me/company-profile', { as, method: 'PUT', body: { companyName: 'Nile Fittings' } }))
  const path = `/v1/company-profiles/${as.userId}/approve`
  await ok(api(path, { as: await anAdmin(), method: 'POST', headers: { 'if-match': '*' } }))
  return as
}

/** A person with one of everything: a booking as a client that goes on and one that was canceled; of a tasker also one as a tasker. */
async function aScene(role: 'client' | 'tasker'): Promise<Scene> {
  const person = role === 'tasker' ? await aTasker() : await signedIn('client')
  const traces = await fill(person)
  const goesOn = await aBooking({ client: person, state: 'confirmed' })
  const canceled = await aBooking({ client: person, state: 'canceled' })
  const works = role === 'tasker' ? [await aBooking({ tasker: person, state: 'confirmed' })] : []
  const stories = [goesOn, canceled, ...works]
  const bookingIds = stories.map(({ bookingId }) => bookingId)
  const rooms = await database().read<{ id: string }>(
    sql`select id from conversations where booking_id = any (${sql.param(bookingIds)}::uuid[])`,
  )
  const people = [person.userId]
  return {
    traces,
    params: {
      bookingId: bookingIds,
      taskId: stories.map(({ taskId }) => taskId),
      conversationId: rooms.map(({ id }) => id),
      userId: people,
      taskerId: people,
      candidateId: people,
      companyId: people,
      verificationId: people,
    },
    callers: {
      'the person': { as: person, is: ['self', 'counterparty', 'assigned', 'company', 'public', 'staff'] },
      'the tasker of a booking that goes on': {
        as: goesOn.tasker,
        is: ['counterparty', 'assigned', 'public'],
      },
      'the tasker of a canceled booking': { as: canceled.tasker, is: ['counterparty', 'public'] },
      ...Object.fromEntries(
        works.map(({ client }) => [
          'the client of their booking',
          { as: client, is: ['counterparty', 'public'] },
        ]),
      ),
      'an approved company': { as: await anApprovedCompany(), is: ['company', 'public'] },
      'a stranger': { as: await signedIn('client'), is: ['public'] },
      'a strange tasker': { as: await aTasker(), is: ['public'] },
      'nobody in particular': { as: undefined, is: ['public'] },
      'a member of staff': { as: await anAdmin(), is: ['staff', 'public'] },
    },
  }
}

/**
 * Reads that may lead to the person. Not: the audit log, which records changes for those who audit; files, which who knows their id may
 * open by rules of their own; the catalogue of languages; and sockets.
 */
const reads = all.filter(
  ({ method, path, responses, operationId }) =>
    method === 'get' &&
    areaOf(path) !== 'audit' &&
    !operationId.startsWith('languages.') &&
    !/media|avatar|icon/i.test(path) &&
    200 in responses,
)

/** Everything that the caller can read, in one text. */
async function readAll(as: Caller | undefined, params: Scene['params']): Promise<string> {
  const texts: string[] = []
  for (const operation of reads) {
    if (as === undefined && operation.policy !== 'public') continue
    const [name, ...more] = parameterNames(operation.path)
    if (more.length > 0) continue
    const values = name === undefined ? [undefined] : (params[name] ?? [])
    for (const value of values) {
      const answer = await call(operation, { as, ...(name && value && { params: { [name]: value } }) })
      if (answer.status === 200) texts.push(JSON.stringify(answer.body))
    }
  }
  return texts.join('\n')
}

describe.each(['client', 'tasker'] as const)('a %s', (role) => {
  let scene: Scene
  beforeAll(async () => {
    scene = await aScene(role)
  })

  const names = [
    'the person',
    'the tasker of a booking that goes on',
    'the tasker of a canceled booking',
    ...(role === 'tasker' ? ['the client of their booking'] : []),
    'an approved company',
    'a stranger',
    'a strange tasker',
    'nobody in particular',
    'a member of staff',
  ]
  it.each(names)('shows %s what is declared for them, and nothing else', async (name) => {
    const caller = scene.callers[name]
    if (!caller) throw new Error(`no caller ${name}`)
    const text = await readAll(caller.as, scene.params)
    const seen = Object.entries(scene.traces).flatMap(([field, trace]) =>
      text.includes(trace) ? [field] : [],
    )
    const declared = Object.entries(visibility).flatMap(([field, shown]) =>
      shown[role].some((audience) => caller.is.includes(audience)) ? [field] : [],
    )
    expect(seen.toSorted()).toEqual(declared.toSorted())
  })
})
