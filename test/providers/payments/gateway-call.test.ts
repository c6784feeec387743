import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { callGateway, formText, foundOrNull } from '../../../src/providers/payments/gateway-call.ts'
import { GatewayError } from '../../../src/providers/payments/gateway-error.ts'

const secret = 'sk_test_very_secret'

type Sent = { url: string; init: RequestInit }

function call(answer: Response | Error, more: Partial<Parameters<typeof callGateway>[0]> = {}) {
  const sent: Sent[] = []
  const outcome = callGateway({
    gateway: 'stripe',
    method: 'POST',
    url: 'https://gateway.test/v1/payments',
    headers: { authorization: `Bearer ${secret}` },
    form: { amount: 1, metadata: { ref: 'abc' }, none: undefined },
    answer: z.object({ id: z.union([z.string(), z.number()]), fee: z.unknown().optional() }),
    readError: (body) => ({ code: typeof body.code === 'string' ? body.code : null }),
    fetch: async (input, init = {}) => {
      sent.push({ url: String(input), init })
      if (answer instanceof Error) throw answer
      return answer
    },
    ...more,
  })
  return { sent, outcome }
}

async function failure(answer: Response | Error): Promise<GatewayError> {
  const error = await call(answer).outcome.catch((reason: unknown) => reason)
  if (!(error instanceof GatewayError)) throw new Error(`No failure but ${JSON.stringify(error)}`)
  expect(`${error.message} ${JSON.stringify(error)}`).not.toContain(secret)
  return error
}

describe('a call to a gateway', () => {
  it('sends a form, and returns what was understood', async () => {
    const { sent, outcome } = call(new Response('{"id":"pi_1","more":1}'))
    expect(await outcome).toEqual({ id: 'pi_1' })
    expect(sent[0]).toMatchObject({
      url: 'https://gateway.test/v1/payments',
      init: { method: 'POST', redirect: 'manual', body: 'amount=1&metadata%5Bref%5D=abc' },
    })
  })

  it('keeps numbers that no double holds as their text', async () => {
    const { outcome } = call(new Response('{"id":18446744073709551615,"fee":26.875}'))
    expect(await outcome).toEqual({ id: '18446744073709551615', fee: '26.875' })
  })

  it.each([
    ['no JSON', new Response('<html>')],
    ['null', new Response('null')],
    ['nothing', new Response('')],
    ['half of an answer', new Response('{"id":"pi_')],
    ['another shape', new Response('{"ok":true}')],
    ['a redirection', new Response(null, { status: 302, headers: { location: 'https://evil.test' } })],
    ['500', new Response('{"code":"x"}', { status: 500 })],
    ['408', new Response('{}', { status: 408 })],
    ['a connection that breaks', new TypeError('fetch failed')],
    ['more than anybody reads', new Response(`{"id":"${'x'.repeat(3 * 1024 * 1024)}"}`)],
  ])('leaves the outcome unknown after %s', async (_case, answer) => {
    expect(await failure(answer)).toMatchObject({ outcome: 'unknown', retryable: true })
  })

  it('says so where no answer came in time', async () => {
    const error = await failure(new DOMException('x', 'TimeoutError'))
    expect(error.message).toBe('stripe: no answer in time')
  })

  it.each([
    [400, false, 'other'],
    [402, false, 'other'],
    [401, true, 'gateway_error'],
    [403, true, 'gateway_error'],
    [404, false, 'other'],
    [409, true, 'gateway_error'],
    [422, false, 'other'],
    [429, true, 'gateway_error'],
  ])('is refused by %i', async (status, retryable, failureCode) => {
    const headers = { 'retry-after': '7' }
    const answer = new Response('{"code":"why","message":"Jane Doe"}', { status, headers })
    const error = await failure(answer)
    expect(error).toMatchObject({
      outcome: 'refused',
      status,
      retryable,
      failureCode,
      providerCode: 'why',
      retryAfterSeconds: 7,
    })
    // The gateway's prose is about people.
    expect(JSON.stringify(error) + error.message).not.toContain('Jane')
  })

  it.each([401, 403])(
    'may be right later where %i says that we are not admitted, whatever the gateway adds',
    async (status) => {
      const readError = () => ({ code: 'no', retryable: false })
      const { outcome } = call(new Response('{}', { status }), { readError })
      await expect(outcome).rejects.toMatchObject({ outcome: 'refused', retryable: true })
    },
  )

  it('finds nothing by 404, and fails by anything else', async () => {
    expect(await foundOrNull(call(new Response('{}', { status: 404 })).outcome)).toBeNull()
    await expect(foundOrNull(call(new Response('{}', { status: 403 })).outcome)).rejects.toThrow(GatewayError)
  })
})

it('a form nests fields and lists in brackets, and leaves out what is undefined', () => {
  const text = formText({ a: { b: { c: 1 } }, list: ['x', { y: true }], none: undefined, empty: '' })
  expect(decodeURIComponent(text)).toBe('a[b][c]=1&list[0]=x&list[1][y]=true&empty=')
})
