import { z } from 'zod'
import { fromWireInteger, toWireInteger } from '../amounts.ts'
import { callGateway, type ErrorReading, type JsonObject } from '../gateway-call.ts'
import { GatewayError } from '../gateway-error.ts'

export const paystackConfig = z.object({
  /** Signs events too: while a new key replaces it, the old one is among `webhookSecrets`. */
  secretKey: z.string().regex(/^sk_(?:test|live)_/),
  webhookSecrets: z.array(z.string().min(1)).default([]),
  apiUrl: z.url().default('https://api.paystack.co'),
})
export type PaystackConfig = z.infer<typeof paystackConfig>

export interface Paystack {
  config: PaystackConfig
  now: () => number
  fetch: typeof fetch | undefined
}

interface PaystackCall<Data> {
  path: string
  query?: Record<string, string | number>
  data: z.ZodType<Data>
}

export const getPaystack = <Data>(
  paystack: Paystack,
  { path, query, data }: PaystackCall<Data>,
): Promise<Data> =>
  call(paystack, 'GET', query ? `${path}?${new URLSearchParams(texts(query))}` : path, undefined, data)

export const postPaystack = <Data>(
  paystack: Paystack,
  { path, json, data }: PaystackCall<Data> & { json: JsonObject },
): Promise<Data> => call(paystack, 'POST', path, json, data)

export const putPaystack = <Data>(
  paystack: Paystack,
  { path, json, data }: PaystackCall<Data> & { json: JsonObject },
): Promise<Data> => call(paystack, 'PUT', path, json, data)

async function call<Data>(
  { config, fetch }: Paystack,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  json: JsonObject | undefined,
  data: z.ZodType<Data>,
): Promise<Data> {
  const answer = await callGateway({
    gateway: 'paystack',
    method,
    url: `${config.apiUrl}/${path}`,
    headers: { authorization: `Bearer ${config.secretKey}` },
    ...(json && { json }),
    // `status` is of the call, and true for payments that failed: those say so in `data`.
    answer: z.object({ status: z.literal(true), data }),
    readError,
    fetch,
  })
  return answer.data
}

const texts = (query: Record<string, string | number>): Record<string, string> =>
  Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)]))

const perPage = 100
/** A day of a market has fewer; a list without end is a fault. */
const pagesLimit = 500

export async function* listPaystack<Row>(
  paystack: Paystack,
  path: string,
  query: Record<string, string | number>,
  row: z.ZodType<Row>,
): AsyncGenerator<Row> {
  for (let page = 1; page <= pagesLimit; page++) {
    const rows = await getPaystack(paystack, {
      path,
      query: { ...query, perPage, page },
      data: z.array(row),
    })
    yield* rows
    if (rows.length < perPage) return
  }
  throw new GatewayError('paystack', 'unknown', `told of more than ${pagesLimit} pages`, { retryable: true })
}

function readError(body: JsonObject): ErrorReading {
  const code = typeof body.code === 'string' ? body.code : null
  const message = typeof body.message === 'string' ? body.message : ''
  // Older accounts get no code, and the same words.
  if (/duplicate.*reference/i.test(message)) return { code: 'duplicate_reference' }
  if (code === null && /not found/i.test(message)) return { code: 'not_found' }
  return { code: code ?? (typeof body.type === 'string' ? body.type : null) }
}

/** Some events write amounts as text. */
export const wireAmount = z.union([z.int(), z.string()])

export const minorOf = (wire: number | string, currency: string): number =>
  fromWireInteger('paystack', wire, currency)
export const wireOf = (amountMinor: number, currency: string): number =>
  toWireInteger('paystack', amountMinor, currency)

/** Ours, as we gave it with a transaction; Paystack answers `0`, `""`, text or an object. */
export function metadataOf(value: unknown): Record<string, unknown> {
  if (typeof value === 'string' && value !== '') {
    try {
      return metadataOf(JSON.parse(value))
    } catch {
      return {}
    }
  }
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
