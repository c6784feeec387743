import { open, seal } from '../../../core/crypto.ts'
import { webhookHeadersPurpose } from '../../../core/encryption.ts'
import { Problem } from '../../../core/problems.ts'
import { said } from '../../../core/said.ts'

export interface WebhookHeader {
  name: string
  value: string
}

/** Names that authenticate us at an endpoint or at the gateway before it. Beside them, `x-` names may be chosen freely. */
const allowed = new Set([
  'authorization',
  'api-key',
  'apikey',
  'cf-access-client-id',
  'cf-access-client-secret',
])
/** `x-` names by which proxies and frameworks say where a request comes from, or what it means: nobody makes us lie to them. */
const reserved =
  /^x-(forwarded|real-ip|client-ip|cluster-client-ip|original|rewrite|http-method|method-override|webhook|khidma)/

const texts = {
  notAllowed: said({
    en: 'not an allowed header: use Authorization, API-Key, CF-Access-Client-Id, CF-Access-Client-Secret or an X- name',
    ar: 'ترويسة غير مسموح بها: استخدم Authorization أو API-Key أو CF-Access-Client-Id أو CF-Access-Client-Secret أو اسمًا يبدأ بـ X-',
  }),
  twice: said({ en: 'the same header twice', ar: 'الترويسة نفسها مرتين' }),
}

/** Why a header is refused, or null. Its name is in lower case. */
function headerRefusal(name: string): string | null {
  const isAllowed = allowed.has(name) || (name.startsWith('x-') && !reserved.test(name))
  return isAllowed ? null : texts.notAllowed
}

/** Values by name in lower case; throws `webhook_header_refused`. Shapes and sizes are the schema's. */
function readHeaders(headers: readonly WebhookHeader[]): Record<string, string> {
  const read = new Map<string, string>()
  const errors = headers.flatMap(({ name, value }, index) => {
    const lower = name.toLowerCase()
    const refusal = read.has(lower) ? texts.twice : headerRefusal(lower)
    read.set(lower, value)
    return refusal ? [{ pointer: `/headers/${index}/name`, message: refusal }] : []
  })
  if (errors.length > 0) throw new Problem('webhook_header_refused', { errors })
  return Object.fromEntries(read)
}

interface SealedHeaders {
  headers: string | null
  headerNames: string[]
}

/** As they are stored: sealed, as they may be credentials, for this endpoint alone. */
export async function sealHeaders(
  encryptionKeys: string,
  webhookId: string,
  headers: readonly WebhookHeader[],
): Promise<SealedHeaders> {
  const values = readHeaders(headers)
  const headerNames = Object.keys(values).sort()
  if (headerNames.length === 0) return { headers: null, headerNames }
  const sealed = await seal(encryptionKeys, webhookHeadersPurpose(webhookId), JSON.stringify(values))
  return { headers: sealed, headerNames }
}

/** In clear for the request that carries them, never else. */
export const openHeaders = async (
  encryptionKeys: string,
  webhookId: string,
  sealed: string | null,
): Promise<Record<string, string>> =>
  sealed === null ? {} : JSON.parse(await open(encryptionKeys, webhookHeadersPurpose(webhookId), sealed))
