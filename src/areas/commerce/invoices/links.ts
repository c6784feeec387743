import type { Context } from '../../../core/context.ts'
import { Problem } from '../../../core/problems.ts'
import { type Carried, carried, carry } from '../../../core/signed-tokens.ts'

const purpose = 'invoice-page'
const daysValid = 30
const dayMs = 86_400_000

interface Link extends Carried {
  invoiceId: string
}

/** A link that needs no login. It ends with a day, so that it is the same for the whole of one. */
export function linkOf(ctx: Context, invoiceId: string): { url: string; expiresAt: string } {
  const ends = (Math.floor(ctx.now.getTime() / dayMs) + daysValid + 1) * dayMs
  const expiresAt = new Date(ends).toISOString()
  const signature = carry<Link>(ctx, purpose, { invoiceId, expiresAt })
  return { url: `${ctx.secrets.apiOrigin}/v1/invoice-page?signature=${signature}`, expiresAt }
}

export function invoiceOfLink(ctx: Context, signature: string): string {
  const link = carried<Link>(ctx, purpose, signature)
  if (!link) throw new Problem('not_found')
  return link.invoiceId
}
