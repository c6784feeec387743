import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inParallel } from '../../../core/in-parallel.ts'
import { logFailure } from '../../../core/log.ts'
import { nullable, oneOf, type RowOf, rowsOf, text, uuid } from '../../../db/rows.ts'
import { payoutAccountKinds } from '../../../db/schema/money/payouts.ts'
import { openDetails } from './accounts.ts'
import { matchNames } from './destinations.ts'
import { gatewaysFor, type Routes } from './routing.ts'

const unnamedRow = {
  id: uuid,
  kind: oneOf(payoutAccountKinds),
  country: text,
  currency: text,
  details: nullable(text),
  holderName: nullable(text),
}

/** Asks gateways whose the new accounts are, before anything is paid to them. Returns how many accounts were asked about. */
export async function nameHolders(
  ctx: Context,
  routes: Routes,
  { limit, atOnce, until }: { limit: number; atOnce: number; until: number },
): Promise<number> {
  const accounts = await ctx.db.write(
    [],
    rowsOf(unnamedRow)`
      select a.id, a.kind, a.country, a.currency, a.details, a.holder_name as "holderName"
        from khidma.take_unnamed_accounts(${limit}) a`,
  )
  const name = (account: (typeof accounts)[number]) =>
    nameHolder(ctx, routes, account).catch((error: unknown) =>
      // It is asked again, within the first day of the account.
      logFailure('payout.call_failed', error, { payoutAccountId: account.id }),
    )
  await inParallel(atOnce, accounts, name, until)
  return accounts.length
}

/** Keeps the name that the first gateway tells, and how it compares; where none tells one, none is asked again. */
async function nameHolder(ctx: Context, routes: Routes, account: RowOf<typeof unnamedRow>): Promise<void> {
  const { id, details, holderName } = account
  const name = details === null ? null : await resolvedName(ctx, routes, account, details)
  const match = name === null ? null : matchNames(holderName ?? '', name)
  await ctx.db.write([sql`select khidma.name_holder(${id}, ${name}::text, ${match}::text)`])
}

async function resolvedName(
  ctx: Context,
  routes: Routes,
  account: RowOf<typeof unnamedRow>,
  details: string,
): Promise<string | null> {
  const gateways = gatewaysFor(routes, account)
  if (gateways.length === 0) return null
  const destination = await openDetails(ctx, account.id, details)
  for (const gateway of gateways) {
    const name = await gateway.resolveHolder(destination)
    if (name !== null) return name
  }
  return null
}
