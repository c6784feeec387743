import { createHmac } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller } from '../../../support/api.ts'
import { aReviewer, submitted } from '../../../support/profiles.ts'
import { checkSecrets } from '../../../support/secrets.ts'
import { anAdmin, ok } from '../../../support/story.ts'
import { codeOf } from '../../../support/work.ts'

/** Its configuration is taken back at the end: other tests are in the same database. */
const country = 'IN'
const configured = async (key: string, value: unknown) =>
  ok(
    api('/v1/config/entries', {
      as: await anAdmin(),
      body: { key, value, scope: { country }, reason: 'A test' },
    }),
  )

const checks = { types: ['identity'], hours: 24, onFail: 'person' }
afterAll(() => configured('verification.checks', { ...checks, types: [] }))

const path = '/v1/verification-checks/events'

function signed(externalId: string, outcome: string, eventId = `evt_${newId()}`) {
  const body = JSON.stringify({
    type: 'check.completed',
    data: { externalId, outcome, reason: 'photo_blurred' },
  })
  const time = String(Math.floor(Date.now() / 1_000))
  const signature = createHmac('sha256', Buffer.from(checkSecrets.CHECKS_WEBHOOK_SECRET, 'base64'))
    .update(`${eventId}.${time}.${body}`)
    .digest('base64')
  const headers = {
    'content-type': 'application/json',
    'webhook-id': eventId,
    'webhook-timestamp': time,
    'webhook-signature': `v1,AAAA v1,${signature}`,
  }
  return { body: new TextEncoder().encode(body), headers, method: 'POST' }
}

const checksOf = async (ops: Caller, id: string) =>
  (await ok(api(`/v1/verifications/${id}/checks`, { as: ops }))).body.data
const seen = async (ops: Caller, id: string) => (await ok(api(`/v1/verifications/${id}`, { as: ops }))).body

describe('an automated check', () => {
  it('takes the place of the case, and its signed answer decides or opens one', async () => {
    await configured('verification.checks', checks)
    const [{ id, documentId }, ops] = [await submitted({}, country), await aReviewer()]
    expect(await seen(ops, id)).toMatchObject({ status: 'pending', caseId: null })
    const [check] = await checksOf(ops, id)
    expect(check).toMatchObject({ status: 'waiting', inputs: [{ documentId }], sentAt: null })
    const answer = signed(check.id, 'unclear')
    expect(
      await codeOf(api(path, { ...answer, headers: { ...answer.headers, 'webhook-id': 'other' } })),
    ).toBe('401 check_signature_invalid')
    for (let time = 0; time < 2; time += 1) expect((await api(path, answer)).status).toBe(200)
    expect(await checksOf(ops, id)).toMatchObject([{ status: 'unclear', reason: 'photo_blurred' }])
    const { caseId } = await seen(ops, id)
    expect(caseId).not.toBeNull()
    expect((await api(path, signed(check.id, 'pass'))).status).toBe(200)
    expect((await seen(ops, id)).status).toBe('pending')
  })

  it('is superseded by a decision of a person, and answers of nobody change nothing', async () => {
    await configured('verification.checks', checks)
    const [{ id }, ops] = [await submitted({}, country), await aReviewer()]
    const body = { reason: 'The photo is blurred.' }
    await ok(api(`/v1/verifications/${id}/reject`, { as: ops, body, headers: { 'if-match': '*' } }))
    expect(await checksOf(ops, id)).toMatchObject([{ status: 'superseded' }])
    expect((await api(path, signed(newId(), 'pass'))).status).toBe(200)
    expect(await codeOf(api(path, { body: {}, method: 'POST' }))).toBe('401 check_signature_invalid')
  })
})
