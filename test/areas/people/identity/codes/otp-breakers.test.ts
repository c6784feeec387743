import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { otpPolicy } from '../../../../../src/areas/people/identity/limits.ts'
import { randomDigits } from '../../../../../src/core/crypto.ts'
import { newId } from '../../../../../src/core/ids.ts'
import { consumeEvent } from '../../../../../src/queues/events.ts'
import { api, type Caller, database, env, signedIn } from '../../../../support/api.ts'
import { staffToken } from '../../../../support/staff.ts'
import { aClient, anAdmin, anOps, ok, withKey } from '../../../../support/story.ts'
import { anAddress, aRange, fromAddress } from '../sign-in.ts'
import { outcomeOf } from '../sign-in-methods.ts'

let ops: Caller

beforeAll(async () => {
  ops = await anOps()
})

const reason = 'A campaign of ours'
const { range } = otpPolicy.pumped
const list = (query: string, as = ops) => api(`/v1/otp-breakers?${query}`, { as })
const reset = (id: string, as = ops, headers = {}) =>
  api(`/v1/otp-breakers/${id}/reset`, { as, body: { reason }, headers })

const request = (phone: string) =>
  api('/v1/auth/otp/request', { body: { phone }, headers: fromAddress(anAddress()) })

/** Codes that were sent there, and not typed in. */
const pumped = (prefix: string, minutesAgo = 10) =>
  database().write([
    sql`insert into otp_prefix_counts (prefix, channel, minute, sent, verified)
        values (${prefix}, 'sms', date_trunc('minute', now()) - make_interval(mins => ${minutesAgo}), ${range.minSent}, 1)
        on conflict (prefix, channel, minute, shard) do update set sent = excluded.sent`,
  ])

interface Opened {
  prefix: string
  phone: string
  id: string
}

async function opened(): Promise<Opened> {
  const prefix = await aRange()
  await pumped(prefix)
  const phone = () => `${prefix}${randomDigits(6)}`
  expect((await request(phone())).body.channel).toBe('whatsapp')
  const [row] = await database().read<{ id: string }>(
    sql`select id from otp_breakers where prefix = ${prefix}`,
  )
  return { prefix, phone: phone(), id: row?.id ?? '' }
}

const aBreaker = async (fields: { channel?: string; minutes?: number } = {}): Promise<string> => {
  const { channel = 'voice', minutes = 10 } = fields
  const id = newId()
  await database().write([
    sql`insert into otp_breakers (id, prefix, channel, tripped_at, paused_until, sent, verified)
        values (${id}, ${`+test${id}`}, ${channel}, now() - interval '1 hour', now() + make_interval(mins => ${minutes}), 80, 3)`,
  ])
  return id
}

async function aSupporter(): Promise<Caller> {
  const [admin, user] = [await anAdmin(), await signedIn('client')]
  const [role] = await database().read<{ id: string }>(sql`select id from roles where name = 'support'`)
  await ok(api('/v1/user-roles', { as: admin, body: { userId: user.userId, roleId: role?.id, reason } }))
  return staffToken(user)
}

const eventsOf = (id: string) =>
  database().read<{ id: string; type: string; data: object }>(
    sql`select id, type, data from outbox where object_id = ${id} order by seq`,
  )

describe('the list of pauses', () => {
  it('is for ops, admin and support, and shows the counts', async () => {
    const { id, prefix } = await opened()
    for (const as of [ops, await anAdmin(), await aSupporter()]) {
      const { body } = await ok(list('active=true&channel=sms&limit=100', as))
      expect(body.data.find((breaker: { id: string }) => breaker.id === id)).toEqual({
        id,
        prefix,
        channel: 'sms',
        active: true,
        sent: range.minSent,
        verified: 1,
        trips: 1,
        trippedAt: expect.any(String),
        pausedUntil: expect.any(String),
        resetAt: null,
        version: 1,
      })
    }
    expect(outcomeOf(await list('', await aClient()))).toBe('403 forbidden')
  })

  it('is filtered by channel and by active pauses, and paged', async () => {
    const [resting, over, other] = [
      await aBreaker(),
      await aBreaker({ minutes: -5 }),
      await aBreaker({ channel: 'whatsapp' }),
    ]
    const idsOf = async (query: string): Promise<string[]> => {
      const ids: string[] = []
      let cursor = ''
      do {
        const { body } = await ok(list(`${query}&limit=2${cursor}`))
        ids.push(...body.data.map(({ id }: { id: string }) => id))
        cursor = body.nextCursor ? `&cursor=${encodeURIComponent(body.nextCursor)}` : ''
      } while (cursor)
      return ids
    }
    const ours = (ids: string[]) => ids.filter((id) => [resting, over, other].includes(id))
    expect(ours(await idsOf('channel=voice'))).toEqual([over, resting])
    expect(ours(await idsOf('channel=voice&active=true'))).toEqual([resting])
    expect(ours(await idsOf('active=false'))).toEqual([over])
    expect(ours(await idsOf('active=true'))).toEqual([other, resting])
    expect(outcomeOf(await list('channel=pigeon'))).toBe('400 invalid_request')
  })
})

describe('ending a pause', () => {
  it('resumes sending in one round trip, and restarts the count', async () => {
    const { id, phone } = await opened()
    const answer = await reset(id)
    expect([answer.status, answer.headers.get('server-timing')]).toEqual([
      200,
      expect.stringContaining('round-trips=1'),
    ])
    expect(answer.body).toMatchObject({ id, active: false, version: 2, resetAt: expect.any(String) })
    expect((await request(phone)).body.channel).toBe('sms')
  })

  it('is followed by a pause twice as long if the pumping continues', async () => {
    const { id, prefix, phone } = await opened()
    await reset(id)
    await database().write([
      sql`update otp_breakers set paused_until = now() - interval '20 minutes' where id = ${id}`,
    ])
    await pumped(prefix, 5)
    expect((await request(phone)).body.channel).toBe('whatsapp')
    const { body } = await ok(list('active=true&channel=sms&limit=100'))
    const again = body.data.find((breaker: { id: string }) => breaker.id === id)
    expect(again).toMatchObject({ trips: 2, resetAt: expect.any(String) })
    const seconds = (Date.parse(again.pausedUntil) - Date.parse(again.trippedAt)) / 1_000
    expect(seconds).toBe(2 * otpPolicy.breaker.pauseSeconds)
  })

  it('is recorded in the audit log with its actor and reason', async () => {
    const id = await aBreaker()
    await ok(reset(id))
    const rows = await database().read(sql`
      select actor_user_id as "by", action, meta ->> 'reason' as reason, meta -> 'changes' ? 'paused_until' as "isPause"
        from audit_log where target_type = 'otp_breakers' and target_id = ${id} order by action`)
    expect(rows).toEqual([
      { by: null, action: 'otp_breakers.insert', reason: null, isPause: true },
      { by: ops.userId, action: 'otp_breakers.update', reason, isPause: true },
    ])
  })

  it('happens once: returns 404 afterwards, and replays its answer for the same key', async () => {
    const id = await aBreaker()
    const key = withKey()
    const [first, repeated] = [await reset(id, ops, key), await reset(id, ops, key)]
    expect([first.status, repeated.status]).toEqual([200, 200])
    expect(repeated.body).toEqual(first.body)
    expect(outcomeOf(await reset(id))).toBe('409 otp_breaker_not_paused')
    expect(outcomeOf(await reset(await aBreaker({ minutes: -1 })))).toBe('409 otp_breaker_not_paused')
    expect(outcomeOf(await reset(newId()))).toBe('404 not_found')
  })

  it('requires ops or admin with a fresh second factor', async () => {
    const id = await aBreaker()
    expect(outcomeOf(await reset(id, await aSupporter()))).toBe('403 permission_missing')
    expect(outcomeOf(await reset(id, await aClient()))).toBe('403 forbidden')
    const { body } = await api(`/v1/otp-breakers/${id}/reset`, { as: ops, body: { reason: ' ' } })
    expect(body.code).toBe('invalid_request')
    expect((await reset(id, await anAdmin())).status).toBe(200)
  })
})

describe('the webhooks of staff', () => {
  it('get the opening and the end of a pause, and other webhooks do not', async () => {
    const hookOf = async (as: Caller): Promise<string> => {
      const body = { url: `http://127.0.0.1:9/${newId()}`, events: ['otp_breaker.*'] }
      return (await ok(api('/v1/webhooks', { as, body, headers: withKey() }))).body.id
    }
    const [theirs, others] = [await hookOf(ops), await hookOf(await aClient())]
    const { id, prefix } = await opened()
    await ok(reset(id))
    const events = await eventsOf(id)
    const data = { otpBreakerId: id, prefix, channel: 'sms' }
    expect(events).toMatchObject([
      { type: 'otp_breaker.tripped', data },
      { type: 'otp_breaker.reset', data },
    ])
    for (const event of events) await consumeEvent(env, event.id)
    const delivered = await database().read(sql`
      select subscription_id as hook, event_type as type from webhook_deliveries
       where subscription_id in (${theirs}, ${others}) order by event_type`)
    expect(delivered).toEqual([
      { hook: theirs, type: 'otp_breaker.reset' },
      { hook: theirs, type: 'otp_breaker.tripped' },
    ])
  })
})
