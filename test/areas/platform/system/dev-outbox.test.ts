import { createExecutionContext } from 'cloudflare:test'
import { expect, it } from 'vitest'
import { app } from '../../../../src/app.ts'
import { recordDevMessage } from '../../../../src/providers/dev-outbox.ts'
import { api, env } from '../../../support/api.ts'
import { clockMoves } from '../../../support/eventually.ts'
import { aPhone } from '../../../support/numbers.ts'

it('lists what was sent to a number, newest first, in development', async () => {
  const [to, other] = [aPhone(), aPhone()]
  await recordDevMessage(env, { to, channel: 'sms', text: 'Your code is 111111', code: '111111' })
  await clockMoves()
  await recordDevMessage(env, { to, channel: 'sms', text: 'Your code is 222222', code: '222222' })
  await recordDevMessage(env, { to: other, channel: 'email', text: 'Hello' })
  for (const query of [to, encodeURIComponent(to)]) {
    const { status, body } = await api(`/__dev/outbox?to=${query}`)
    expect(status).toBe(200)
    expect(body.data.map(({ code }: { code: string }) => code)).toEqual(['222222', '111111'])
    expect(body.data[0]).toEqual({
      to,
      channel: 'sms',
      text: 'Your code is 222222',
      code: '222222',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.+Z$/),
    })
  }
})

it.each(['production', 'staging'] as const)('keeps and shows nothing in %s', async (ENVIRONMENT) => {
  const to = aPhone()
  await recordDevMessage({ ...env, ENVIRONMENT }, { to, channel: 'sms', text: 'Secret', code: '333333' })
  const request = new Request(`https://api.test/__dev/outbox?to=${encodeURIComponent(to)}`)
  const response = await app.fetch(request, { ...env, ENVIRONMENT }, createExecutionContext())
  expect(response.status).toBe(404)
  expect((await api(`/__dev/outbox?to=${encodeURIComponent(to)}`)).body.data).toEqual([])
})
