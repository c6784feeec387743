import { newArea } from '../../../http/area.ts'
import { userCtxOf } from '../../../http/context.ts'
import { defineOperation } from '../../../http/operation.ts'
import { anyUser } from '../../../http/policy.ts'
import { availableOtpChannels } from '../../../providers/otp.ts'
import { enqueueCode } from './deliver-otp.ts'
import { changePhone, verifyPhone } from './phone-changes.ts'
import { ChangePhone, PhoneChangeRequested, toPhoneChangeRequested, VerifyPhone } from './phone-schemas.ts'

export const phoneRoutes = newArea()

const change = defineOperation({
  operationId: 'me.changePhone',
  method: 'post',
  path: '/v1/me/phone',
  tag: 'Me',
  summary: 'Set or change your phone number',
  description:
    'Sends a six-digit code, good for five minutes, to the new number, which becomes yours when the code comes back. Who has a ' +
    'password sends it; who has none must have signed in within the last half hour. The answer is the same whether or not the ' +
    'number belongs to another account. Codes are limited as those that sign in, and only the newest counts.',
  policy: { roles: anyUser, stepUp: true },
  body: ChangePhone,
  responses: { 202: { description: 'The code is on its way.', schema: PhoneChangeRequested } },
  problems: [
    'invalid_phone',
    'password_wrong',
    'password_required',
    'sign_in_blocked',
    'sign_in_again',
    'otp_too_soon',
    'otp_paused',
    'rate_limited',
  ],
})

phoneRoutes.openapi(change, async (c) => {
  const input = { ...c.req.valid('json'), channels: availableOtpChannels(c.env) }
  const requested = await changePhone(userCtxOf(c), input)
  await enqueueCode(c.env, requested.message)
  return c.json(toPhoneChangeRequested(requested), 202)
})

const verify = defineOperation({
  operationId: 'me.verifyPhone',
  method: 'post',
  path: '/v1/me/phone/verify',
  tag: 'Me',
  summary: 'Prove your new phone number',
  description:
    'Takes one of the five checks of the newest code. From then on the number signs in, and the old one no longer does: it is ' +
    'told by SMS, your proven e-mail address by letter. All your other sessions end.',
  policy: { roles: anyUser },
  body: VerifyPhone,
  responses: { 204: { description: 'The number is yours.' } },
  problems: ['code_invalid', 'otp_exhausted', 'phone_taken'],
})

phoneRoutes.openapi(verify, async (c) => {
  await verifyPhone(userCtxOf(c), c.req.valid('json'))
  return c.body(null, 204)
})
