import { callProvider } from './http-call.ts'
import { ProviderError } from './provider-error.ts'

/** The number cannot be called or written to: it is none, or no mobile one, or its owner wants nothing of us. */
const finalCodes = ['13224', '21211', '21214', '21217', '21610', '21612', '21614', '21635', '63003', '63024']

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
    finalCodes,
  })
  if (typeof body.sid !== 'string')
    throw new ProviderError(provider, 'an answer without sid', { retryable: true })
  return body.sid
}
