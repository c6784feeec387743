import { describe, expect, it } from 'vitest'
import type { PayPal } from '../../../src/providers/payments/paypal/api.ts'
import * as paypalEvents from '../../../src/providers/payments/paypal/events.ts'
import { bytesOfBase64, bytesOfHex, verifyHmacHex } from '../../../src/providers/payments/signatures.ts'
import type { Stripe } from '../../../src/providers/payments/stripe/api.ts'
import * as stripeEvents from '../../../src/providers/payments/stripe/events.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
/** Written again from its parsed form, it is another text. */
const body = String.raw`{"id":"evt_1","n":1.0,"u":"caf\u00e9","s":"a\/b"}`
const rewritten = JSON.stringify(JSON.parse(body))
const changed = body.replace('evt_1', 'evt_2')
const signedAtMs = 1_790_000_000_000

it('the vectors’ body has the length that they were made from, and no other spelling is it', () => {
  expect(bytes(body)).toHaveLength(49)
  expect(rewritten).not.toBe(body)
})

describe('an event of Stripe', () => {
  const v1 = 'dc16f9defbc7a62c8aa7ffbead893918d4a6cce60af492b09a38828edf0274bc'
  const stripe = (more: Partial<Stripe['config']> = {}, now = signedAtMs): Stripe => ({
    config: {
      secretKey: 'sk_test_1',
      publishableKey: 'pk_test_1',
      webhookSecrets: ['test_secret'],
      apiUrl: 'https://api.stripe.com',
      ...more,
    },
    now: () => now,
    fetch: undefined,
  })
  const header = `t=1790000000,v1=${v1}`

  it('is accepted by its vector', async () => {
    expect(await stripeEvents.isSigned(stripe(), bytes(body), header)).toBe(true)
  })

  it('is accepted while secrets are exchanged, by any signature and any secret', async () => {
    const two = `t=1790000000,v1=${'0'.repeat(64)},v1=${v1},v0=${'1'.repeat(64)}`
    const rotating = stripe({ webhookSecrets: ['newer', 'test_secret'] })
    expect(await stripeEvents.isSigned(rotating, bytes(body), two)).toBe(true)
  })

  it.each([
    ['a body written again', rewritten, header],
    ['a body with another byte', changed, header],
    ['no header', body, null],
    ['an empty header', body, ''],
    ['another time', body, header.replace('1790000000', '1790000001')],
    ['no time', body, `v1=${v1}`],
    ['an older scheme only', body, `t=1790000000,v0=${v1}`],
    ['half of a signature', body, `t=1790000000,v1=${v1.slice(0, 32)}`],
  ])('is refused with %s', async (_case, text, signature) => {
    expect(await stripeEvents.isSigned(stripe(), bytes(text), signature)).toBe(false)
  })

  it('is refused after five minutes, before its time, and with an empty secret', async () => {
    const isSignedAt = (ms: number) => stripeEvents.isSigned(stripe({}, signedAtMs + ms), bytes(body), header)
    expect([await isSignedAt(300_000), await isSignedAt(301_000), await isSignedAt(-301_000)]).toEqual([
      true,
      false,
      false,
    ])
    expect(await stripeEvents.isSigned(stripe({ webhookSecrets: [''] }), bytes(body), header)).toBe(false)
  })

  it('of the test mode is nothing to a live account, and the other way round', async () => {
    const event = (livemode: boolean) =>
      JSON.stringify({
        id: 'evt_1',
        type: 'payment_intent.succeeded',
        livemode,
        data: { object: { id: 'pi_1', object: 'payment_intent', metadata: { ref: 'r' } } },
      })
    const key = await crypto.subtle.importKey(
      'raw',
      bytes('test_secret'),
      { name: 'HMAC', hash: 'SHA-256' },
      false,
      ['sign'],
    )
    const verified = async (secretKey: string, livemode: boolean) => {
      const text = event(livemode)
      const mac = await crypto.subtle.sign('HMAC', key, bytes(`1790000000.${text}`))
      const signature = Array.from(new Uint8Array(mac), (byte) => byte.toString(16).padStart(2, '0')).join('')
      const headers = new Headers({ 'stripe-signature': `t=1790000000,v1=${signature}` })
      return stripeEvents.verifyEvent(stripe({ secretKey }), bytes(text), headers)
    }
    const about = { kind: 'payment', reference: 'r', gatewayReference: 'pi_1' }
    expect(await verified('sk_test_1', false)).toMatchObject({ eventId: 'evt_1', about })
    expect(await verified('sk_live_1', true)).toMatchObject({ about })
    expect(await verified('sk_live_1', false)).toBeNull()
    expect(await verified('sk_test_1', true)).toBeNull()
  })
})

/** Made by `openssl req -x509`; the signature by `openssl dgst -sha256 -sign` over `T1|2026-11-28T10:00:00Z|WH1|2565528773`. */
const certificate = [
  '-----BEGIN CERTIFICATE-----',
  'MIIDhzCCAm+gAwIBAgIUQZvAumV9HIpaRc2sD6ni0/f87tswDQYJKoZIhvcNAQEL',
  'BQAwUjELMAkGA1UEBhMCVVMxFTATBgNVBAoMDFBheVBhbCwgSW5jLjEsMCoGA1UE',
  'AwwjbWVzc2FnZXZlcmlmaWNhdGlvbmNlcnRzLnBheXBhbC5jb20wIBcNMjYxMTI5',
  'MDM1MDQyWhgPMjEyNjExMDUwMzUwNDJaMFIxCzAJBgNVBAYTAlVTMRUwEwYDVQQK',
  'DAxQYXlQYWwsIEluYy4xLDAqBgNVBAMMI21lc3NhZ2V2ZXJpZmljYXRpb25jZXJ0',
  'cy5wYXlwYWwuY29tMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAnV5s',
  'J3ZBGQSJSxRMTo/PMF4YApwvRBPLvXTAo9iuWk1DGnuEIaSMkChtT1KXox7souS4',
  'fGRZ/k7ntxtHINfTnAA4lJ1k64S0EjcSTnO4owQte5MvvDnUSZxeI2z2mo0H9O7m',
  'KNEVZm5mVxDkeVXxoeNNdoqvOZ7XDiBDapedxBAsfmbPm3M0NX7QJj34K5Bf65l0',
  'r7fGJ7f7B8m48v7wgtsgv6Jkq7XhIfhAUFZQqI6GQ2o/NhJ13RJbk0fG7+m9VrG8',
  '6JfFSI7kfEzCl1hPurNtkPJS5wkewNq7tzwxmNefwNbaWYzFze3Fj245Q/0BZujq',
  'PYKOoHfZKHi1gUiXlwIDAQABo1MwUTAdBgNVHQ4EFgQUCF4nY+rHe7F420+yfUMT',
  '05dtTSEwHwYDVR0jBBgwFoAUCF4nY+rHe7F420+yfUMT05dtTSEwDwYDVR0TAQH/',
  'BAUwAwEB/zANBgkqhkiG9w0BAQsFAAOCAQEAfEGVrGasHuVhG5GPElB6ktbafEOH',
  'CrYxSTBcmH4YCGaj/YIHDCmQXXhnnCXeLl1MAjaPp5JKRT6+xAC5IPPYBjmErUno',
  'QFawRLzrsCUSsFYzRyT16UbIiozzIzO4SWjL0gwZEJjHc4nCRY4ASCtwDNiCq9rq',
  'ZKaHQ+tYElpmX0qYMLWu9iN7SLvraoaGmJHZ1ncVMm29q4h9GCetnhxrODGRO0KE',
  '9GSSJkmByqTMabLcggX1AdoE8qeyzIXwtfv3S/RX/7mvGA9BHjSVHMxJlL5LlQCb',
  'xpfi8M9CSOSqhavJFH0QA9PGLV7EgOHFBwrUMD1D2oAGmrhD3Ohdpei1pQ==',
  '-----END CERTIFICATE-----',
].join('\n')
const signature =
  'M8pNpzJBGiCo3O4zhFGEmJ6n3CZSAyIpEfGBZ7F4oKpBw2EvX65PP1krZthReosUnn3N/d+ggE6Gc68kZJXLW+6rBmQf6sKW8l4E' +
  'mxfytlSNXX7XGyGesiaYC//Em3/vmEvxoBBO6drYYPv3Qt8BAXDTQVBhopa0dS5tfcu4aHnSbR/JDRFWRD1c7MqUHscjh8n/1UZh' +
  'Rheo3LJ0XvkpOCvW9zjATmeQbxLJpzILisAWNoA/Hg6ki3s4CRwDI855a6tF1w2Xt/kUSE4VsLcvo304ILY+7EgB75kBjj0/YGlq' +
  'extxsTmJkWNaDlnL7rPZ482zWFPJFaBvxutcpd7ylA=='

describe('an event of PayPal', () => {
  const certUrl = 'https://api.paypal.com/v1/notifications/certs/CERT-1'
  const asked: string[] = []
  const paypal = (more: Partial<PayPal['config']> = {}, pem = certificate, status = 200): PayPal => ({
    config: {
      clientId: 'id',
      clientSecret: 'secret',
      webhookIds: ['WH1'],
      apiUrl: 'https://api-m.paypal.com',
      ...more,
    },
    now: () => signedAtMs,
    fetch: async (input) => {
      asked.push(String(input))
      return new Response(pem, { status })
    },
  })
  const headers = (more: Record<string, string> = {}) =>
    new Headers({
      'paypal-transmission-id': 'T1',
      'paypal-transmission-time': '2026-11-28T10:00:00Z',
      'paypal-transmission-sig': signature,
      'paypal-cert-url': certUrl,
      'paypal-auth-algo': 'SHA256withRSA',
      ...more,
    })

  it('has the checksum of its vector', () => {
    expect(paypalEvents.crc32(bytes(body))).toBe(2_565_528_773)
  })

  it('is accepted by its vector, and asks for the certificate once', async () => {
    asked.length = 0
    expect(await paypalEvents.isSigned(paypal(), bytes(body), headers())).toBe(true)
    const rotating = paypal({ webhookIds: ['WH0', 'WH1'] })
    expect(await paypalEvents.isSigned(rotating, bytes(body), headers())).toBe(true)
    expect(asked).toEqual([certUrl])
  })

  it.each([
    ['a body written again', rewritten, headers()],
    ['a body with another byte', changed, headers()],
    ['no headers', body, new Headers()],
    ['an empty signature', body, headers({ 'paypal-transmission-sig': '' })],
    ['another transmission', body, headers({ 'paypal-transmission-id': 'T2' })],
    ['another time', body, headers({ 'paypal-transmission-time': '2026-11-28T10:00:01Z' })],
    ['another algorithm', body, headers({ 'paypal-auth-algo': 'SHA1withRSA' })],
  ])('is refused with %s', async (_case, text, sent) => {
    expect(await paypalEvents.isSigned(paypal(), bytes(text), sent)).toBe(false)
  })

  it('for another webhook is refused', async () => {
    expect(await paypalEvents.isSigned(paypal({ webhookIds: ['WH2'] }), bytes(body), headers())).toBe(false)
  })

  it.each([
    'http://api.paypal.com/v1/notifications/certs/1',
    'https://evil.example.com/v1/notifications/certs/1',
    'https://api.paypal.com.evil.example/v1/notifications/certs/1',
    'https://evilpaypal.com/v1/notifications/certs/1',
    'https://api.paypal.com:8443/v1/notifications/certs/1',
    'https://api.paypal.com@evil.example/v1/notifications/certs/1',
    // Hosts of PayPal’s own where others may write, its sandbox, and other places of the right host.
    'https://uploads.paypal.com/v1/notifications/certs/1',
    'https://api.sandbox.paypal.com/v1/notifications/certs/1',
    'https://api.paypal.com/v1/notifications/certs/../../redirect',
    'https://api.paypal.com/v1/notifications/certs/x/1',
    'https://api.paypal.com/cert',
    'file:///etc/cert',
    'cert',
    '',
  ])('never has a certificate fetched from %s', async (url) => {
    asked.length = 0
    expect(await paypalEvents.isSigned(paypal(), bytes(body), headers({ 'paypal-cert-url': url }))).toBe(
      false,
    )
    expect(asked).toEqual([])
  })

  it('may have its certificate from the very place that is configured', async () => {
    const apiUrl = 'http://127.0.0.1:4711'
    const local = headers({ 'paypal-cert-url': `${apiUrl}/v1/notifications/certs/1` })
    expect(await paypalEvents.isSigned(paypal({ apiUrl }), bytes(body), local)).toBe(true)
  })

  it('is refused where the address shows no certificate, and left open where it shows nothing', async () => {
    const at = (name: string) =>
      headers({ 'paypal-cert-url': `https://api.paypal.com/v1/notifications/certs/${name}` })
    expect(await paypalEvents.isSigned(paypal({}, '<html>'), bytes(body), at('a'))).toBe(false)
    expect(await paypalEvents.isSigned(paypal({}, '', 404), bytes(body), at('b'))).toBe(false)
    const cut = certificate.replace(/MIIDhz[\s\S]{300}/, 'MIIDhz')
    expect(await paypalEvents.isSigned(paypal({}, cut), bytes(body), at('c'))).toBe(false)
    await expect(paypalEvents.isSigned(paypal({}, '', 503), bytes(body), at('d'))).rejects.toMatchObject({
      outcome: 'unknown',
      retryable: true,
    })
  })
})

describe('a signature that is text', () => {
  it('is read in one spelling of whole bytes', () => {
    expect(bytesOfHex('00fF')).toEqual(Uint8Array.of(0, 255))
    for (const bad of [null, '', '0', 'zz', '0x00', '00 ff']) expect(bytesOfHex(bad)).toBeNull()
    expect(bytesOfBase64('AP8=')).toEqual(Uint8Array.of(0, 255))
    for (const bad of [null, '', 'AP8', 'AP8_', 'A P8=']) expect(bytesOfBase64(bad)).toBeNull()
  })

  it('verifies SHA-256 and SHA-512 by the webhook vectors', async () => {
    const signed = (hash: 'SHA-256' | 'SHA-512') => ({ hash, secrets: ['test_secret'], message: bytes(body) })
    const sha256 = '287ec0fd7ab7812236f9c88364f2cbdcf3e2426c9a649d64a359fa5dd86a17bf'
    const sha512 =
      '058e313a4ec5557607a0b99e5b6f70275c8f976629f154582ac975ff22475534180942ed962dcfbb727e5470d2faefd67e4aa2f7d48274b9882b9e758aaadc89'
    expect(await verifyHmacHex(signed('SHA-256'), sha256)).toBe(true)
    expect(await verifyHmacHex(signed('SHA-512'), sha512)).toBe(true)
    expect(await verifyHmacHex(signed('SHA-512'), sha256)).toBe(false)
  })
})
