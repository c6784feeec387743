import { createExecutionContext } from 'cloudflare:test'
import { expect, it } from 'vitest'
import { app } from '../../src/app.ts'
import { networkOf } from '../../src/http/rate-limit.ts'
import { env } from '../support/api.ts'
import { inAMinuteOfItsOwn } from '../support/minutes.ts'

const call = (ip: string, limit: string) =>
  app.fetch(
    new Request('https://api.test/v1/nowhere', { headers: { 'cf-connecting-ip': ip } }),
    { ...env, RATE_LIMIT_PER_MINUTE: limit },
    createExecutionContext(),
  )

it('a caller over the limit gets Retry-After, and others are not affected', () =>
  inAMinuteOfItsOwn(async () => {
    const ip = `limit-${crypto.randomUUID()}`
    const states = []
    for (let n = 0; n < 3; n += 1) states.push((await call(ip, '3')).headers.get('ratelimit'))
    expect(states.map((state) => /r=(\d+)/.exec(state ?? '')?.[1])).toEqual(['2', '1', '0'])
    const refused = await call(ip, '3')
    expect(refused.status).toBe(429)
    expect(await refused.json()).toMatchObject({
      code: 'rate_limited',
      detail: expect.stringMatching(/^Retry in \d+ s/),
    })
    const seconds = Number(refused.headers.get('retry-after'))
    expect(seconds).toBeGreaterThan(0)
    expect(refused.headers.get('ratelimit')).toBe(`"default";r=0;t=${seconds}`)
    expect((await call(`limit-${crypto.randomUUID()}`, '3')).status).toBe(404)
  }))

it('the platform’s counter is asked first', async () => {
  const refusing = { limit: async () => ({ success: false }) }
  const response = await app.fetch(
    new Request('https://api.test/v1/nowhere', { headers: { 'cf-connecting-ip': crypto.randomUUID() } }),
    { ...env, RATE_LIMIT: refusing },
    createExecutionContext(),
  )
  expect(response.status).toBe(429)
})

it.each([
  ['197.32.1.9', '197.32.1.9'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::9', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::', 'fe80:0:0:0::/64'],
  ['not an address', 'not an address'],
])('%s is counted as %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})
