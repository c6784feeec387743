import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { requestOtp } from '../../../../../src/areas/people/identity/codes/codes.ts'
import { deliverOtp } from '../../../../../src/areas/people/identity/codes/deliver.ts'
import { otpPolicy } from '../../../../../src/areas/people/identity/limits.ts'
import { randomDigits } from '../../../../../src/core/crypto.ts'
import { newId } from '../../../../../src/core/ids.ts'
import { listDevMessages } from '../../../../../src/providers/dev-outbox.ts'
import { api, database, env } from '../../../../support/api.ts'
import {
  anAddress,
  anonymous,
  aPhone,
  aRange,
  codeIn,
  down,
  fromAddress,
  requestCode,
  verify,
} from '../sign-in.ts'
import { outcomeOf } from '../sign-in-methods.ts'

const request = (phone: string, more: object = {}) =>
  api('/v1/auth/otp/request', { body: { phone, ...more }, headers: fromAddress(anAddress()) })

const sentBy = async (id: string) =>
  (await database().read(sql`select channel, sent_by as "sentBy" from otp_requests where id = ${id}`))[0]

describe('the channel of a code', () => {
  it('is the requested one', async () => {
    const phone = aPhone()
    const answer = await request(phone, { channel: 'whatsapp' })
    expect([answer.status, answer.body.channel]).toEqual([202, 'whatsapp'])
    const other = aPhone()
    const { message } = await requestOtp(anonymous(), { phone: other, channel: 'voice' })
    expect(await deliverOtp(env, message)).toBe('sent')
    expect(await listDevMessages(env, other)).toMatchObject([{ channel: 'voice' }])
    expect(await sentBy(message.otpRequestId)).toEqual({ channel: 'voice', sentBy: 'voice' })
  })

  it('must be a known channel', async () => {
    const { channel } = await requestOtp(anonymous(), {
      phone: aPhone(),
      channel: 'voice',
      channels: ['sms'],
    })
    expect(channel).toBe('sms')
    expect(outcomeOf(await request(aPhone(), { channel: 'pigeon' }))).toBe('400 invalid_request')
  })

  it('falls back to the next one with the same code when its provider fails', async () => {
    const phone = aPhone()
    const { message } = await requestCode(phone)
    expect(await deliverOtp({ ...env, ...down.sms }, message)).toBe('sent')
    expect(await sentBy(message.otpRequestId)).toEqual({ channel: 'sms', sentBy: 'whatsapp' })
    const [note] = await listDevMessages(env, phone)
    expect(note).toMatchObject({ channel: 'whatsapp', code: (await codeIn(message)).code })
    expect((await verify(phone, note?.code ?? '')).status).toBe(200)
    const other = await requestOtp(anonymous(), { phone: aPhone(), channel: 'whatsapp' })
    expect(await deliverOtp({ ...env, ...down.sms, ...down.whatsapp }, other.message)).toBe('sent')
    expect(await sentBy(other.message.otpRequestId)).toEqual({ channel: 'whatsapp', sentBy: 'voice' })
  })

  it('is retried later when no provider answers', async () => {
    const { message } = await requestOtp(anonymous(), { phone: aPhone() })
    const none = { ...env, ...down.sms, ...down.whatsapp, ...down.voice }
    await expect(deliverOtp(none, message)).rejects.toMatchObject({ provider: 'sms', retryable: true })
    expect(await sentBy(message.otpRequestId)).toEqual({ channel: 'sms', sentBy: null })
    expect(await deliverOtp(env, message)).toBe('sent')
  })
})

describe('the breaker', () => {
  const { range } = otpPolicy.pumped

  const counts = (prefix: string, sent: number, verified: number, minutesAgo = 10, channel = 'sms') =>
    sql`insert into otp_prefix_counts (prefix, channel, minute, sent, verified)
        values (${prefix}, ${channel}, date_trunc('minute', now()) - make_interval(mins => ${minutesAgo}), ${sent}, ${verified})
        on conflict (prefix, channel, minute, shard) do update set sent = ${sent}, verified = ${verified}`
  const history = (...of: Parameters<typeof counts>) => database().write([counts(...of)])
  const phoneIn = (prefix: string) => `${prefix}${randomDigits(6)}`
  const pausedFor = async (prefix: string, channel = 'sms') =>
    (
      await database().read<{ seconds: number; trips: number }>(
        sql`select extract(epoch from paused_until - tripped_at)::int as seconds, trips from otp_breakers
             where prefix = ${prefix} and channel = ${channel}`,
      )
    )[0]

  it('falls back to another channel for a pumped range, and refuses when all are paused', async () => {
    const prefix = await aRange()
    await history(prefix, range.minSent, 2)
    const first = await request(phoneIn(prefix))
    expect([first.status, first.body.channel]).toEqual([202, 'whatsapp'])
    expect(await pausedFor(prefix)).toEqual({ seconds: otpPolicy.breaker.pauseSeconds, trips: 1 })
    await history(prefix, range.minSent, 0, 10, 'whatsapp')
    await history(prefix, range.minSent, 0, 10, 'voice')
    const all = await request(phoneIn(prefix))
    expect(outcomeOf(all)).toBe('429 otp_paused')
    expect(Number(all.headers.get('retry-after'))).toBeGreaterThan(60)
    expect((await request(phoneIn(await aRange(prefix)))).body.channel).toBe('sms')
  })

  it('ends its pause by itself, and doubles it when the pumping continues', async () => {
    const prefix = await aRange()
    await history(prefix, range.minSent, 0)
    await request(phoneIn(prefix))
    await database().write([
      sql`update otp_breakers set paused_until = now() - interval '5 minutes' where prefix = ${prefix}`,
    ])
    // History that opened the breaker is not counted again.
    expect((await request(phoneIn(prefix))).body.channel).toBe('sms')
    await history(prefix, range.minSent, 0, 3)
    expect((await request(phoneIn(prefix))).body.channel).toBe('whatsapp')
    expect(await pausedFor(prefix)).toEqual({ seconds: 2 * otpPolicy.breaker.pauseSeconds, trips: 2 })
  })

  it('counts sent and used codes by country and range', async () => {
    const prefix = await aRange()
    const phone = phoneIn(prefix)
    const { message } = await requestCode(phone)
    await verify(phone, (await codeIn(message)).code)
    const rows = await database().read(
      sql`select channel, sum(sent) as sent, sum(verified) as verified from otp_prefix_counts where prefix = ${prefix} group by channel`,
    )
    expect(rows).toEqual([{ channel: 'sms', sent: 1, verified: 1 }])
    const [row] = await database().read<{ prefixes: string[] }>(
      sql`select prefixes from otp_requests where id = ${message.otpRequestId}`,
    )
    expect(row?.prefixes).toEqual(['+20', prefix])
  })

  it('opens exactly when the unused share of enough codes is exceeded', async () => {
    const share = fc.record({
      sent: fc.integer({ min: 0, max: 200 }),
      verified: fc.integer({ min: 0, max: 30 }),
      minutesAgo: fc.integer({ min: 3, max: 90 }),
    })
    const prefixes = (prefix: string) => JSON.stringify([{ prefix, ...range }])
    await fc.assert(
      fc.asyncProperty(share, async ({ sent, verified, minutesAgo }) => {
        const prefix = `+test${newId()}`
        // In one transaction: the minute does not end between what is counted and the count.
        const [row] = await database().write<{ isPaused: boolean }>(
          [counts(prefix, sent, verified, minutesAgo)],
          sql`select paused_until is not null as "isPaused"
                from khidma.otp_pause('sms', ${prefixes(prefix)}::jsonb, ${JSON.stringify(otpPolicy.breaker)}::jsonb)`,
        )
        const isCounted = minutesAgo < 60
        const isPumped = sent >= range.minSent && verified * 100 < sent * range.minVerifiedPercent
        expect(row?.isPaused).toBe(isCounted && isPumped)
      }),
      { numRuns: 40 },
    )
  })
})
