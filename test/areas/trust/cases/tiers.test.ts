import { sql } from 'drizzle-orm'
import { afterAll, describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, database, signedIn } from '../../../support/api.ts'
import { aReviewer } from '../../../support/profiles.ts'
import { aDraftProfile, createProfile, pathOf, submitProfile } from '../../../support/role-profiles.ts'
import { aBooking, actorOf, anAdmin, aTasker, ok } from '../../../support/story.ts'

/** Its configuration is taken back at the end: other tests are in the same database. */
const country = 'GH'

const configured = async (key: string, value: unknown) =>
  ok(
    api('/v1/config/entries', {
      as: await anAdmin(),
      body: { key, value, scope: { country }, reason: 'A test' },
    }),
  )

const never = { verification: 'never', role_profile_version: 'never', company: 'never' }
const tiers = {
  days: 365,
  known: { completed: 1, rating: 0 },
  trusted: { completed: 1, rating: 4.5 },
}
const policy = (automatic: object) => configured('approval.automatic', { ...never, ...automatic })

afterAll(() => policy({}))

const inCountry = (user: Caller) =>
  database().write([sql`update users set country = ${country} where id = ${user.userId}`])
const verified = (user: Caller) =>
  database().write([
    sql`insert into user_verifications (user_id, verification_status, verified_at) values (${user.userId}, 'verified', now())
        on conflict (user_id) do update set verification_status = 'verified', verified_at = now()`,
  ])
const tierOf = async (user: Caller): Promise<string> => {
  const [row] = await database().read<{ tier: string }>(sql`select khidma.trust_tier(${user.userId}) as tier`)
  return row?.tier ?? ''
}
const casesOf = (subjectId: string) =>
  database().read<{
    kind: string
    status: string
    decision: string | null
    decidedBy: string | null
    id: string
  }>(
    sql`select c.id, c.kind, c.status, c.decision, c.decided_by as "decidedBy" from cases c
         where c.subject_id = ${subjectId} or c.subject_id in (select f.id from cases f where f.subject_id = ${subjectId}) order by c.id`,
  )

async function aVerifiedTasker(): Promise<Caller> {
  const tasker = await aTasker()
  await inCountry(tasker)
  await verified(tasker)
  return tasker
}

describe('the tier of trust', () => {
  it('follows from facts: identity, completed bookings, rating', async () => {
    await configured('approval.tiers', tiers)
    const { tasker } = await aBooking({ state: 'settled' })
    await inCountry(tasker)
    await database().write([sql`delete from user_verifications where user_id = ${tasker.userId}`])
    expect(await tierOf(tasker)).toBe('new')
    await verified(tasker)
    expect(await tierOf(tasker)).toBe('known')
    await database().write([
      sql`insert into rating_figures (entity_type, entity_id, review_count, rating_sum, weight, weighted_sum)
          values ('professional', ${tasker.userId}, 2, 10, 2, 10)
          on conflict (entity_type, entity_id) do update set review_count = 2, weight = 2, weighted_sum = 10`,
    ])
    expect(await tierOf(tasker)).toBe('trusted')
    await database().write([
      sql`update user_verifications set expires_at = now() where user_id = ${tasker.userId}`,
    ])
    expect(await tierOf(tasker)).toBe('new')
  })

  it.each<[string, (user: Caller) => Promise<unknown>]>([
    [
      'a report was upheld',
      async ({ userId }) => {
        const [id, reporter] = [newId(), await signedIn()]
        await database().write([
          sql`insert into reports (id, reporter_id, reported_user_id, kind, subject_type, subject_id) values (${id}, ${reporter.userId}, ${userId}, 'fraud', 'user', ${userId})`,
        ])
        const ops = await aReviewer()
        await database(actorOf(ops)).write([sql`update reports set status = 'resolved' where id = ${id}`])
      },
    ],
    [
      'they are at risk',
      ({ userId }) =>
        database().write([sql`update tasker_profiles set status = 'at_risk' where user_id = ${userId}`]),
    ],
    [
      'a review of them looks dishonest',
      async (tasker) => {
        const { bookingId, client } = await aBooking({ tasker, state: 'settled' })
        const { id } = (
          await ok(api(`/v1/bookings/${bookingId}/review`, { as: client, body: { rating: 5 } }))
        ).body
        await database().write([
          sql`insert into review_signals (id, review_id, kind) values (${newId()}, ${id}, 'burst')`,
        ])
      },
    ],
  ])('is lost where %s', async (_name, spoil) => {
    const tasker = await aVerifiedTasker()
    expect(await tierOf(tasker)).toBe('verified')
    await spoil(tasker)
    expect(await tierOf(tasker)).toBe('flagged')
  })
})

describe('an approval by the system', () => {
  it('publishes the version of a trusted owner as it is submitted, and samples it afterwards', async () => {
    await policy({ role_profile_version: 'verified' })
    await configured('approval.second_look_percent', 100)
    const tasker = await aVerifiedTasker()
    const id = await aDraftProfile(tasker)
    const { body } = await ok(submitProfile(tasker, id))
    expect(body).toMatchObject({
      status: 'active',
      approvalStatus: 'approved',
      latestVersion: { approvalStatus: 'approved' },
    })
    const cases = await casesOf(body.latestVersion.id)
    expect(cases).toMatchObject([
      { kind: 'approval', status: 'closed', decision: 'approved', decidedBy: null },
      { kind: 'second_look', status: 'open' },
    ])
    const ops = await aReviewer()
    const look = `/v1/cases/${cases[1]?.id}`
    await ok(api(`${look}/take`, { as: ops, method: 'POST' }))
    const edit = { bio: 'Weddings, portraits and products.' }
    const { body: edited } = await ok(api(pathOf(id), { as: tasker, method: 'PATCH', body: edit }))
    expect(edited.approvalStatus).toBe('approved')
  })

  it('is not for those below the tier, nor where nobody configured it', async () => {
    await policy({ role_profile_version: 'trusted' })
    const tasker = await aVerifiedTasker()
    const id = (await ok(createProfile(tasker))).body.id
    const { body } = await ok(submitProfile(tasker, id))
    expect(body.latestVersion.approvalStatus).toBe('pending')
    expect(await casesOf(body.latestVersion.id)).toMatchObject([{ kind: 'approval', status: 'open' }])
    await policy({})
    const other = await aVerifiedTasker()
    const waiting = await ok(submitProfile(other, await aDraftProfile(other)))
    expect(waiting.body.latestVersion.approvalStatus).toBe('pending')
  })

  it('lets a trusted company change its name, and opens a case for others', async () => {
    const company = async () => {
      const user = await signedIn()
      await inCountry(user)
      await verified(user)
      await ok(api('/v1/me', { as: user, method: 'PATCH', body: { accountType: 'company' } }))
      await put(user, 'Nile Ltd')
      await database().write([
        sql`update company_profiles set approval_status = 'approved' where user_id = ${user.userId}`,
      ])
      return user
    }
    const put = async (as: Caller, companyName: string) =>
      (await ok(api('/v1/me/company-profile', { as, method: 'PUT', body: { companyName } }))).body
    await policy({ company: 'verified' })
    await configured('approval.second_look_percent', 0)
    const trusted = await company()
    expect((await put(trusted, 'Delta Ltd')).approvalStatus).toBe('approved')
    await policy({})
    const other = await company()
    expect((await put(other, 'Delta Ltd')).approvalStatus).toBe('pending')
    expect((await casesOf(other.userId)).at(-1)).toMatchObject({ kind: 'approval', status: 'open' })
  })
})
