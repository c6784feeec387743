import { describe, expect, it } from 'vitest'
import * as flutterwaveEvents from '../../../src/providers/payments/flutterwave/events.ts'
import { flutterwave } from '../../../src/providers/payments/flutterwave.ts'
import * as paystackEvents from '../../../src/providers/payments/paystack/events.ts'
import { paystack } from '../../../src/providers/payments/paystack.ts'
import * as razorpayEvents from '../../../src/providers/payments/razorpay/events.ts'
import { razorpay } from '../../../src/providers/payments/razorpay.ts'
import { verifyHmacHex } from '../../../src/providers/payments/signatures.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
/** Written again from its parsed form, it is another text. */
const body = String.raw`{"id":"evt_1","n":1.0,"u":"caf\u00e9","s":"a\/b"}`
const rewritten = JSON.stringify(JSON.parse(body))
const changed = body.replace('evt_1', 'evt_2')

const around = { now: Date.now, fetch: undefined }
const opened = {
  paystack: (...webhookSecrets: string[]) => ({
    ...around,
    config: paystack.config.parse({ secretKey: 'sk_test_1', webhookSecrets }),
  }),
  flutterwave: (...webhookSecrets: string[]) => ({
    ...around,
    config: flutterwave.config.parse({
      secretKey: 'FLWSECK_TEST-1',
      webhookSecrets,
    }),
  }),
  razorpay: (...webhookSecrets: string[]) => ({
    ...around,
    config: razorpay.config.parse({ keyId: 'rzp_test_1', keySecret: 'other', webhookSecrets }),
  }),
}

const vectors = [
  {
    name: 'Paystack',
    header: 'x-paystack-signature',
    value:
      '058e313a4ec5557607a0b99e5b6f70275c8f976629f154582ac975ff22475534180942ed962dcfbb727e5470d2faefd67e4aa2f7d48274b9882b9e758aaadc89',
    isSigned: (raw: Uint8Array, headers: Headers, ...secrets: string[]) =>
      paystackEvents.isSigned(opened.paystack(...secrets), raw, headers),
  },
  {
    name: 'Flutterwave, version 4',
    header: 'flutterwave-signature',
    value: 'KH7A/Xq3gSI2+ciDZPLL3PPiQmyaZJ1ko1n6XdhqF78=',
    isSigned: (raw: Uint8Array, headers: Headers, ...secrets: string[]) =>
      flutterwaveEvents.isSigned(opened.flutterwave(...secrets), raw, headers),
  },
  {
    name: 'Razorpay',
    header: 'x-razorpay-signature',
    value: '287ec0fd7ab7812236f9c88364f2cbdcf3e2426c9a649d64a359fa5dd86a17bf',
    isSigned: (raw: Uint8Array, headers: Headers, ...secrets: string[]) =>
      razorpayEvents.isSigned(opened.razorpay(...secrets), raw, headers),
  },
]

describe.each(vectors)('an event of $name', ({ header, value, isSigned }) => {
  const signed = (text: string, told: string | null, ...secrets: string[]) =>
    isSigned(bytes(text), new Headers(told === null ? {} : { [header]: told }), ...secrets)

  it('is accepted by its vector, and while secrets are exchanged', async () => {
    expect(await signed(body, value, 'test_secret')).toBe(true)
    expect(await signed(body, value, 'newer', 'test_secret')).toBe(true)
  })

  it('is refused over another text, without a header, and under another secret', async () => {
    for (const text of [rewritten, changed]) expect(await signed(text, value, 'test_secret')).toBe(false)
    for (const told of [null, '', value.slice(0, 20)]) {
      expect(await signed(body, told, 'test_secret')).toBe(false)
    }
    expect(await signed(body, value, 'another')).toBe(false)
  })
})

it('an event of Flutterwave, version 3, carries the shared secret itself', async () => {
  const isSigned = (told: string | null, ...secrets: string[]) =>
    flutterwaveEvents.isSigned(
      opened.flutterwave(...secrets),
      bytes(body),
      new Headers(told === null ? {} : { 'verif-hash': told }),
    )
  expect(await isSigned('test_secret', 'newer', 'test_secret')).toBe(true)
  for (const told of [null, '', 'test_secre', 'test_secret2', 'TEST_SECRET']) {
    expect(await isSigned(told, 'test_secret')).toBe(false)
  }
})

it('a signature of version 4 that does not fit is not saved by the word of version 3', async () => {
  const headers = new Headers({ 'flutterwave-signature': 'AAAA', 'verif-hash': 'test_secret' })
  expect(await flutterwaveEvents.isSigned(opened.flutterwave('test_secret'), bytes(body), headers)).toBe(
    false,
  )
})

it('a signature of Razorpay’s checkout is over both names, joined by a bar', async () => {
  const signature = '16d955bcbd5ed040bd930706eacaefca56d155c1180bbf088d652211d0ee9c36'
  const isSigned = (text: string) =>
    verifyHmacHex({ hash: 'SHA-256', secrets: ['test_secret'], message: bytes(text) }, signature)
  expect([await isSigned('order_A|pay_B'), await isSigned('order_A|pay_C')]).toEqual([true, false])
})

it('an event of Paystack’s test mode is nothing to a live account', async () => {
  const text = JSON.stringify({
    event: 'charge.success',
    data: { id: 1, domain: 'test', reference: 'r', status: 's' },
  })
  const key = await crypto.subtle.importKey(
    'raw',
    bytes('test_secret'),
    { name: 'HMAC', hash: 'SHA-512' },
    false,
    ['sign'],
  )
  const signature = new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes(text)))
  const headers = new Headers({
    'x-paystack-signature': Array.from(signature, (byte) => byte.toString(16).padStart(2, '0')).join(''),
  })
  const test = opened.paystack('test_secret')
  const live = { ...test, config: { ...test.config, secretKey: 'sk_live_1' } }
  expect(await paystackEvents.verifyEvent(test, bytes(text), headers)).toMatchObject({
    about: { kind: 'payment', reference: 'r' },
  })
  expect(await paystackEvents.verifyEvent(live, bytes(text), headers)).toBeNull()
})
