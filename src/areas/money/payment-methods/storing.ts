import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { hmacHex, open, seal } from '../../../core/crypto.ts'
import { storedMethodPurpose } from '../../../core/encryption.ts'
import { newId } from '../../../core/ids.ts'
import type { GatewayName, SavedMethod, StoredMethod } from '../../../providers/payments/gateway.ts'

/** The gateway's names of a method as `payment_methods` has them, sealed. */
export interface SealedMethod {
  id: string
  customer: string | null
  method: string | null
  email: string | null
}

/** The names by which a gateway can charge or forget a stored method; null once it was forgotten. */
export async function openMethod(
  { secrets }: Pick<Context, 'secrets'>,
  { id, customer, method, email }: SealedMethod,
): Promise<StoredMethod | null> {
  const opened = (value: string) => open(secrets.encryptionKeys, storedMethodPurpose(id), value)
  if (method === null) return null
  return {
    methodReference: await opened(method),
    customerReference: customer === null ? null : await opened(customer),
    email: email === null ? null : await opened(email),
  }
}

/**
 * Keeps a method that a gateway tells of, once (`khidma.store_method`). Its names are sealed here, since Postgres has no keys; by
 * their keyed hashes it is known again.
 */
export async function storeMethod(
  { secrets, now }: Pick<Context, 'secrets' | 'now'>,
  { id: transactionId, gateway }: { id: string; gateway: GatewayName },
  saved: SavedMethod,
): Promise<SQL> {
  const id = newId(now.getTime())
  const sealed = async (value: string | null) =>
    value === null ? null : seal(secrets.encryptionKeys, storedMethodPurpose(id), value)
  const hashed = (what: string) => hmacHex(secrets.pepper, 'payment-method', `${gateway}\n${what}`)
  const {
    methodReference,
    customerReference,
    email,
    type,
    brand,
    lastFour,
    accountType,
    bankName,
    fingerprint,
  } = saved
  // A gateway may tell half of a date of expiry, or one that is none, or more than the last four: such a part is left out.
  const expires = isWithin(saved.expMonth, 1, 12) && isWithin(saved.expYear, 2000, 2100)
  const stored = {
    type,
    brand,
    lastFour: lastFour !== null && /^[0-9]{4}$/.test(lastFour) ? lastFour : null,
    expMonth: expires ? saved.expMonth : null,
    expYear: expires ? saved.expYear : null,
    accountType,
    bankName,
    reference: await sealed(methodReference),
    customer: await sealed(customerReference),
    email: await sealed(email),
    referenceHash: hashed(methodReference),
    fingerprintHash: hashed(fingerprint ?? methodReference),
  }
  return sql`select khidma.store_method(${transactionId}, ${id}, ${JSON.stringify(stored)}::jsonb)`
}

const isWithin = (value: number | null, least: number, most: number): boolean =>
  value !== null && Number.isInteger(value) && value >= least && value <= most
