import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { judgeStandings } from '../../../../src/areas/trust/standing/jobs.ts'
import type { Context } from '../../../../src/core/context.ts'
import { api, type Caller, database } from '../../../support/api.ts'
import { aBooking, aClient, anOps, aTasker, ok } from '../../../support/story.ts'

const asSystem = () => ({ db: database(), actor: { kind: 'system', job: 'test' } }) as Context

/** Only this tasker is due: others were looked at a moment ago. */
async function judge(tasker: Caller): Promise<void> {
  await database().write([
    sql`insert into tasker_standings (tasker_id) select user_id from tasker_profiles on conflict (tasker_id) do update set checked_at = now()`,
    sql`update tasker_standings set checked_at = now() - interval '2 days' where tasker_id = ${tasker.userId}`,
  ])
  await judgeStandings(asSystem(), 10)
}

const standing = async (as: Caller) => (await ok(api('/v1/me/standing', { as }))).body
const found = async (as: Caller, rule: string) =>
  (await standing(as)).findings.find((each: { rule: string }) => each.rule === rule)

async function upheldReport(tasker: Caller): Promise<string> {
  const body = {
    reportedUserId: tasker.userId,
    kind: 'safety',
    description: 'He smoked next to the gas pipe.',
  }
  const { id } = (await ok(api('/v1/reports', { as: await aClient(), body }))).body
  await ok(api(`/v1/reports/${id}/resolve`, { as: await anOps(), method: 'POST' }))
  return id
}

describe('conduct of a tasker', () => {
  it('is nobody else’s, and is good at first', async () => {
    const tasker = await aTasker()
    expect(await standing(tasker)).toMatchObject({ status: 'active', atRiskSince: null, checkedAt: null })
    expect((await api('/v1/me/standing', { as: await aClient() })).status).toBe(404)
    const path = `/v1/taskers/${tasker.userId}/standing`
    expect((await api(path, { as: tasker })).status).toBe(403)
    expect((await ok(api(path, { as: await anOps() }))).body.status).toBe('active')
  })

  it('falls by a broken rule, says which and what to do, and rises only past the other threshold', async () => {
    const tasker = await aTasker()
    await upheldReport(tasker)
    await judge(tasker)
    expect((await standing(tasker)).status).toBe('active')
    expect(await found(tasker, 'upheld_reports')).toMatchObject({ value: 1, state: 'watched' })
    const second = await upheldReport(tasker)
    await judge(tasker)
    const fallen = await standing(tasker)
    expect(fallen.status).toBe('at_risk')
    expect(new Date(fallen.reviewAt).getTime()).toBeGreaterThan(Date.now())
    expect(await found(tasker, 'upheld_reports')).toMatchObject({
      value: 2,
      atRiskPast: 1,
      clearedAt: 0,
      state: 'broken',
      advice: expect.stringContaining('rules of conduct'),
    })
    // One report is not enough to fall, and too many to rise.
    await database().write([sql`delete from reports where id = ${second}`])
    await judge(tasker)
    expect((await standing(tasker)).status).toBe('at_risk')
    await database().write([sql`delete from reports where reported_user_id = ${tasker.userId}`])
    await judge(tasker)
    expect(await standing(tasker)).toMatchObject({ status: 'active', atRiskSince: null })
  })

  it('is judged by what the tasker did to bookings', async () => {
    const tasker = await aTasker()
    for (const day of [1, 2]) {
      const startsAt = new Date(Date.now() + day * 86_400_000)
      const { bookingId } = await aBooking({ tasker, startsAt, state: 'confirmed' })
      await ok(api(`/v1/bookings/${bookingId}/cancel`, { as: tasker, body: { reason: 'Ill.' } }))
    }
    expect(await found(tasker, 'cancellation')).toMatchObject({
      value: 1,
      cases: 2,
      least: 10,
      state: 'kept',
    })
  })

  it('is left alone for a while after staff have cleared it, and stays as staff have set it', async () => {
    const [tasker, ops] = [await aTasker(), await anOps()]
    await upheldReport(tasker)
    await upheldReport(tasker)
    await judge(tasker)
    expect((await standing(tasker)).status).toBe('at_risk')
    await ok(api(`/v1/taskers/${tasker.userId}/clear`, { as: ops, body: { reason: 'A mistake.' } }))
    await judge(tasker)
    expect((await standing(tasker)).status).toBe('active')
    await ok(api(`/v1/taskers/${tasker.userId}/flag`, { as: ops, body: { reason: 'By hand.' } }))
    await database().write([sql`delete from reports where reported_user_id = ${tasker.userId}`])
    await judge(tasker)
    expect(await standing(tasker)).toMatchObject({ status: 'at_risk', atRiskSince: null })
  })
})
