import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Env } from '../../src/env.ts'
import { emailProvider } from '../../src/providers/email.ts'
import { callProvider } from '../../src/providers/http-call.ts'
import { availableOtpChannels, otpProvider } from '../../src/providers/otp.ts'
import { ProviderError } from '../../src/providers/provider-error.ts'
import { isDeadToken, pushProvider } from '../../src/providers/push.ts'
import { smsProvider } from '../../src/providers/sms.ts'
import { type EmailSimulator, startEmailSimulator } from '../../tools/simulators/email.ts'
import { type PushSimulator, startPushSimulator } from '../../tools/simulators/push.ts'
import { type SmsSimulator, startSmsSimulator } from '../../tools/simulators/sms.ts'
import { startVoiceSimulator, type VoiceSimulator } from '../../tools/simulators/voice.ts'
import { startWhatsAppSimulator, type WhatsAppSimulator } from '../../tools/simulators/whatsapp.ts'

let sms: SmsSimulator
let push: PushSimulator
let email: EmailSimulator
let whatsApp: WhatsAppSimulator
let voice: VoiceSimulator

beforeAll(async () => {
  ;[sms, push, email] = await Promise.all([startSmsSimulator(), startPushSimulator(), startEmailSimulator()])
  ;[whatsApp, voice] = await Promise.all([startWhatsAppSimulator(), startVoiceSimulator()])
})
afterAll(() => Promise.all([sms, push, email, whatsApp, voice].map((simulator) => simulator.close())))

const production = (bindings: object = {}) => ({ ENVIRONMENT: 'production', ...bindings }) as Env

async function failureOf(attempt: Promise<unknown>): Promise<ProviderError> {
  const error = await attempt.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof ProviderError)) throw new Error(`No ProviderError but ${String(error)}`)
  return error
}

const phone = '+201000000010'
const anSms = () => ({ to: phone, text: '493817 is your code', idempotencyKey: randomUUID() })
const sendSms = (message = anSms(), more: object = {}) =>
  smsProvider(production({ ...sms.bindings, ...more })).send(message)

describe('SMS', () => {
  it('is sent once, with the configured sender name', async () => {
    const sid = await sendSms(anSms(), { SMS_SENDER: '+15005550006' })
    expect(sms.delivered.at(-1)).toEqual({
      sid,
      to: phone,
      from: '+15005550006',
      text: '493817 is your code',
    })
    const service = `MG${'0'.repeat(32)}`
    await sendSms(anSms(), { SMS_SENDER: service })
    expect(sms.received.at(-1)?.text).toContain(`MessagingServiceSid=${service}`)
  })

  it('is delivered once although the first answer is lost and the attempt repeated', async () => {
    const before = sms.delivered.length
    const message = anSms()
    sms.misbehave({ kind: 'cut' })
    expect(await failureOf(sendSms(message))).toMatchObject({ retryable: true, status: null })
    await sendSms(message)
    expect(sms.delivered.length).toBe(before + 1)
  })

  it.each([
    [500, true],
    [503, true],
    [429, true],
    [401, true],
    [400, true],
    [404, true],
    [302, true],
  ])(
    'refused with %i for a reason that is not the number’s may be tried again: %s',
    async (status, retryable) => {
      sms.misbehave({
        kind: 'refuse',
        status,
        body: { code: 12345, message: `refused ${phone}` },
        retryAfterSeconds: 7,
      })
      const error = await failureOf(sendSms())
      expect(error).toMatchObject({
        retryable,
        status,
        providerCode: '12345',
        retryAfterSeconds: 7,
        provider: 'sms',
      })
      expect(`${error.message} ${error.stack} ${JSON.stringify(error)}`).not.toContain(phone)
    },
  )

  it('with an invalid number or key is refused with the provider’s reason', async () => {
    expect(await failureOf(sendSms({ ...anSms(), to: '12' }))).toMatchObject({
      retryable: false,
      providerCode: '21211',
    })
    expect(await failureOf(sendSms(anSms(), { SMS_API_KEY: 'AC1:wrong' }))).toMatchObject({
      retryable: true,
      status: 401,
    })
  })

  it('fails on an unreadable response', async () => {
    sms.misbehave({ kind: 'garbled' })
    expect(await failureOf(sendSms())).toMatchObject({ retryable: true })
  })

  it('fails in production without a provider, so that it can be delivered later', async () => {
    expect(() => smsProvider(production())).toThrow(expect.objectContaining({ retryable: true }))
    expect(() => pushProvider(production())).toThrow(ProviderError)
    expect(() => emailProvider(production())).toThrow(ProviderError)
  })

  it('fails with a retry when the host does not answer', async () => {
    const gone = sendSms(anSms(), { SMS_API_URL: 'http://127.0.0.1:9/' })
    expect(await failureOf(gone)).toMatchObject({ retryable: true, status: null })
  })
})

describe('codes by WhatsApp and voice', () => {
  const anOtp = (locale: 'en' | 'ar' = 'en') => ({
    to: phone,
    text: '493817 is your code',
    code: '493817',
    locale,
    idempotencyKey: randomUUID(),
  })
  const channels = () => ({ whatsapp: whatsApp.bindings, voice: voice.bindings })
  const send = (channel: 'whatsapp' | 'voice', otp = anOtp(), more: object = {}) =>
    otpProvider(production({ ...channels()[channel], ...more }), channel).send(otp)

  it('WhatsApp gets the approved template with the code only', async () => {
    const sid = await send('whatsapp')
    const { WHATSAPP_SENDER: from, WHATSAPP_TEMPLATE: template } = whatsApp.bindings
    expect(whatsApp.delivered.at(-1)).toEqual({
      sid,
      to: phone,
      from,
      template,
      variables: { '1': '493817' },
    })
    const other = await failureOf(send('whatsapp', anOtp(), { WHATSAPP_TEMPLATE: 'HX1' }))
    expect(other).toMatchObject({ retryable: true, providerCode: '63016' })
  })

  it('a call says the code digit by digit, three times, in the language of the request', async () => {
    await send('voice', anOtp('ar'))
    const { said, to } = voice.delivered.at(-1) ?? { said: [], to: '' }
    expect([to, said.length]).toEqual([phone, 3])
    for (const { language, text } of said) {
      expect([language, text]).toEqual(['arb', expect.stringContaining('4. 9. 3. 8. 1. 7.')])
    }
  })

  it.each(['whatsapp', 'voice'] as const)(
    '%s goes out once though the first answer is lost',
    async (channel) => {
      const simulator = channel === 'voice' ? voice : whatsApp
      const before = simulator.delivered.length
      const otp = anOtp()
      simulator.misbehave({ kind: 'cut' })
      expect(await failureOf(send(channel, otp))).toMatchObject({ retryable: true, provider: channel })
      await send(channel, otp)
      expect(simulator.delivered.length).toBe(before + 1)
      simulator.misbehave({ kind: 'refuse', status: 500 }, { kind: 'garbled' })
      expect(await failureOf(send(channel))).toMatchObject({ retryable: true, status: 500 })
      expect(await failureOf(send(channel))).toMatchObject({ retryable: true })
    },
  )

  it('are available where configured', () => {
    const { whatsapp, voice: ringing } = channels()
    expect(availableOtpChannels(production({ ...sms.bindings, ...ringing }))).toEqual(['sms', 'voice'])
    expect(availableOtpChannels(production(whatsapp))).toEqual(['whatsapp'])
    expect(availableOtpChannels(production())).toEqual([])
    expect(() => otpProvider(production(), 'voice')).toThrow(ProviderError)
  })
})

describe('a call', () => {
  const call = (timeoutMs: number) =>
    callProvider({ provider: 'sms', url: sms.bindings.SMS_API_URL, headers: {}, body: '', timeoutMs })

  it.each([{ kind: 'late', ms: 60_000 }, { kind: 'silent' }] as const)(
    'ends when the answer is $kind',
    async (how) => {
      sms.misbehave(how)
      const startedAt = Date.now()
      expect(await failureOf(call(100))).toMatchObject({ retryable: true, message: 'sms: no answer in time' })
      expect(Date.now() - startedAt).toBeLessThan(30_000)
    },
  )
})

describe('push', () => {
  const aPush = (token: string = randomUUID()) => ({
    token,
    title: 'New offer',
    body: 'A task nearby',
    data: { offerId: '1' },
    idempotencyKey: randomUUID(),
  })
  const send = (message = aPush()) => pushProvider(production(push.bindings)).send(message)
  const tokensFetched = () => push.received.filter(({ path }) => path === '/token').length

  it('signs in once and sends with the key that makes a copy replace the first', async () => {
    const message = aPush()
    expect(await send(message)).toMatch(/^projects\/.+\/messages\/.+$/)
    await send()
    expect(tokensFetched()).toBe(1)
    const { token, title, body, data, idempotencyKey } = message
    expect(push.delivered[0]).toEqual({ token, title, body, data, tag: idempotencyKey })
    // A device that is offline would be kept four of them.
    expect(push.received.at(-1)?.text).not.toContain('collapse_key')
  })

  it('signs in again after its access token was revoked', async () => {
    push.withdrawAccessTokens()
    expect(await failureOf(send())).toMatchObject({ retryable: true, status: 401 })
    const before = tokensFetched()
    await send()
    expect(tokensFetched()).toBe(before + 1)
  })

  it('distinguishes an invalid token from an outage', async () => {
    const token = randomUUID()
    push.unregister(token)
    const dead = await failureOf(send(aPush(token)))
    expect([dead.retryable, isDeadToken(dead)]).toEqual([false, true])
    push.misbehave({ kind: 'refuse', status: 503, retryAfterSeconds: 30 })
    const badDay = await failureOf(send())
    expect([badDay.retryable, badDay.retryAfterSeconds, isDeadToken(badDay)]).toEqual([true, 30, false])
  })

  it('takes a token that is none for dead, and nothing else that is refused', async () => {
    expect(isDeadToken(await failureOf(send(aPush('no token'))))).toBe(true)
    const wrongKey = {
      error: { status: 'PERMISSION_DENIED', details: [{ errorCode: 'SENDER_ID_MISMATCH' }] },
    }
    push.misbehave({ kind: 'refuse', status: 403, body: wrongKey })
    const ours = await failureOf(send())
    expect([ours.retryable, isDeadToken(ours)]).toEqual([true, false])
    const reserved = await failureOf(send({ ...aPush(), data: { from: 'draft' } as never }))
    expect([reserved.retryable, isDeadToken(reserved)]).toEqual([true, false])
  })

  it('waits where the key file is not taken', async () => {
    const account = JSON.parse(push.bindings.PUSH_API_KEY) as object
    const foreign = JSON.stringify({ ...account, client_email: 'other@p.iam.test' })
    const refused = pushProvider(production({ ...push.bindings, PUSH_API_KEY: foreign })).send(aPush())
    expect(await failureOf(refused)).toMatchObject({
      retryable: true,
      status: 400,
      providerCode: 'invalid_grant',
    })
  })

  it('may arrive twice or out of order', async () => {
    const [a, b, c] = [aPush('a'), aPush('b'), aPush('c')]
    push.misbehave({ kind: 'reordered' }, { kind: 'twice' }, { kind: 'lost' })
    const from = push.delivered.length
    for (const message of [a, b, c]) await send(message)
    expect(push.delivered.slice(from).map(({ token }) => token)).toEqual(['b', 'b', 'a'])
  })
})

describe('e-mail', () => {
  const anEmail = { to: 'mona@example.com', subject: 'Receipt', text: 'Paid', idempotencyKey: randomUUID() }
  const send = (message = anEmail) => emailProvider(production(email.bindings)).send(message)

  it('is sent once for one key', async () => {
    expect(await send()).toBe(await send())
    expect(email.delivered).toEqual([
      { to: 'mona@example.com', from: 'Khidma <no-reply@khidma.example>', subject: 'Receipt', text: 'Paid' },
    ])
  })

  it('to an invalid address is refused permanently', async () => {
    const error = await failureOf(send({ ...anEmail, to: 'nobody', idempotencyKey: randomUUID() }))
    expect(error).toMatchObject({ retryable: false, status: 422, providerCode: '300' })
    expect(error.message).not.toContain('nobody')
  })

  it('waits where the account may not send', async () => {
    email.misbehave({ kind: 'refuse', status: 422, body: { ErrorCode: 405, Message: 'Not allowed to send' } })
    expect(await failureOf(send({ ...anEmail, idempotencyKey: randomUUID() }))).toMatchObject({
      retryable: true,
      providerCode: '405',
    })
  })
})
