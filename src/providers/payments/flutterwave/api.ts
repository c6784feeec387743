import { z } from 'zod'
import { fromMajorText, toMajorText } from '../amounts.ts'
import { callGateway, type ErrorReading, type JsonObject } from '../gateway-call.ts'
import { GatewayError } from '../gateway-error.ts'

export const flutterwaveConfig = z.object({
  secretKey: z.string().regex(/^FLWSECK(?:_TEST)?-/),
  /** The secret hash of the dashboard; two while one replaces the other. */
  webhookSecrets: z.array(z.string().min(1)).min(1),
  apiUrl: z.url().default('https://api.flutterwave.com'),
})
export type FlutterwaveConfig = z.infer<typeof flutterwaveConfig>

export interface Flutterwave {
  config: FlutterwaveConfig
  now: () => number
  fetch: typeof fetch | undefined
}

interface FlutterwaveCall<Data> {
  path: string
  data: z.ZodType<Data>
}

export const getFlutterwave = async <Data>(
  flutterwave: Flutterwave,
  { path, query, data }: FlutterwaveCall<Data> & { query?: Record<string, string> },
): Promise<Data> => {
  const full = query ? `${path}?${new URLSearchParams(query)}` : path
  return (await call(flutterwave, 'GET', full, undefined, data)).data
}

export const postFlutterwave = async <Data>(
  flutterwave: Flutterwave,
  { path, json, data }: FlutterwaveCall<Data> & { json: JsonObject },
): Promise<Data> => (await call(flutterwave, 'POST', path, json, data)).data

export function call<Data>(
  { config, fetch }: Flutterwave,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  json: JsonObject | undefined,
  data: z.ZodType<Data>,
) {
  return callGateway({
    gateway: 'flutterwave',
    method,
    url: `${config.apiUrl}/v3/${path}`,
    headers: { authorization: `Bearer ${config.secretKey}` },
    ...(json && { json }),
    answer: z.object({
      // The status of the call: a payment that failed says so in `data`.
      status: z.literal('success'),
      data,
      meta: z.object({ page_info: z.object({ total_pages: z.int().nullish() }).nullish() }).nullish(),
    }),
    readError,
    fetch,
  })
}

/** A day has fewer; a list without end is a fault. */
const pagesLimit = 500

export async function* listFlutterwave<Row>(
  flutterwave: Flutterwave,
  path: string,
  query: Record<string, string>,
  row: z.ZodType<Row>,
): AsyncGenerator<Row> {
  for (let page = 1; page <= pagesLimit; page++) {
    const full = `${path}?${new URLSearchParams({ ...query, page: String(page) })}`
    const { data, meta } = await call(flutterwave, 'GET', full, undefined, z.array(row))
    yield* data
    if (data.length === 0 || page >= (meta?.page_info?.total_pages ?? 1)) return
  }
  throw new GatewayError('flutterwave', 'unknown', `told of more than ${pagesLimit} pages`, {
    retryable: true,
  })
}

/** Flutterwave has words and no codes: of them only what decides is read, and nothing is kept. */
function readError(body: JsonObject, status: number): ErrorReading {
  const message = typeof body.message === 'string' ? body.message : ''
  if (status === 404 || /no transaction was found|not found/i.test(message)) return { code: 'not_found' }
  if (/duplicate|already exists/i.test(message)) return { code: 'duplicate_reference' }
  if (/refund.*(?:more|exceed|greater)/i.test(message)) return { code: 'refund_amount_exceeded' }
  if (/token/i.test(message)) return { code: 'invalid_token', failureCode: 'invalid_account' }
  return { code: null }
}

/** Major units: numbers, whose decimals arrive as they were written, or text. */
export const wireAmount = z.union([z.number(), z.string()])

export const minorOf = (wire: number | string, currency: string): number =>
  fromMajorText('flutterwave', wire, currency)
/** Fees come in parts of the minor unit. */
export const feeOf = (wire: number | string, currency: string): number =>
  fromMajorText('flutterwave', wire, currency, 'nearest')
/** A number that is written with the decimals of its text: no arithmetic is done with it. */
export const wireOf = (amountMinor: number, currency: string): number =>
  Number(toMajorText('flutterwave', amountMinor, currency))
