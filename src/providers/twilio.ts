import { callProvider } from './http-call.ts'
import { ProviderError } from './provider-error.ts'

export interface TwilioCall {
  provider: string
  /** A resource of an account: `…/2010-04-01/Accounts/AC…/Messages.json`, `…/Calls.json`. */
  url: string
  /** `user:password`: account or key SID and its secret. */
  key: string
  idempotencyKey: string
  form: Record<string, string>
}

/** Makes one resource; returns its SID. Throws a `ProviderError`. */
export async function callTwilio({ provider, url, key, idempotencyKey, form }: TwilioCall): Promise<string> {
  const { body } = await callProvider({
    provider,
    url,
    headers: {
      authorization: `Basic ${btoa(key)}`,
      'content-type': 'application/x-www-form-urlencoded',
      'i-twilio-idempotency-token': idempotencyKey,
    },
    body: new URLSearchParams(form).toString(),
    codeOf: ({ code }) => (typeof code === 'number' ? String(code) : null),
  })
  if (typeof body.sid !== 'string')
    throw new ProviderError(provider, 'an answer without sid', { retryable: true })
  return body.sid
}
