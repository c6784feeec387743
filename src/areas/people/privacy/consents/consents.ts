import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../../core/context.ts'
import { isoTime, rowColumns, rowJson } from '../../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../../db/keyset.ts'
import { insertion } from '../../../../db/patch.ts'
import { bool, columnsOf, list, nullable, pick, type RowOf, rowsOf, time } from '../../../../db/rows.ts'
import { type ConsentKind, consentDocuments } from '../../../../db/schema/people/privacy.ts'
import { one, type Statement } from '../../../../db/unit.ts'
import { lockAccount } from '../../profiles/own-rows.ts'

const consentDocumentRow = columnsOf(consentDocuments)
export type ConsentDocumentRow = RowOf<typeof consentDocumentRow>

/** Condition that a document `d` is in force: no newer version of its kind was published after it. */
const isInForce = sql`not exists (select from consent_documents n where n.kind = d.kind and n.id > d.id)`

const documentView = (where: SQL): Statement<ConsentDocumentRow> =>
  rowsOf(consentDocumentRow)`
      select ${rowColumns(consentDocuments, 'd')} from consent_documents d where ${where}`

export function listConsentDocuments(ctx: Context, page: PageRequest): Promise<ConsentDocumentRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`d.id`)
  return ctx.db.read(documentView(sql`${isInForce} and ${after} ${orderAndLimit}`))
}

export interface NewDocument {
  kind: ConsentKind
  documentVersion: string
  url: string
}

/** In force from now on. Nobody can do without the terms and the privacy notice; anybody can without marketing. */
export async function publishConsentDocument(
  ctx: Context,
  document: NewDocument,
): Promise<ConsentDocumentRow> {
  const { kind, documentVersion } = document
  const row = { id: sql`khidma.uuid_v7()`, ...document, isRequired: kind !== 'marketing' }
  const effects = [
    // One after another, so that ids tell which is newer.
    sql`select pg_advisory_xact_lock(hashtextextended('consent_documents:' || ${kind}::text, 0))`,
    sql`insert into consent_documents ${insertion(consentDocuments, row)}`,
  ]
  const published = documentView(sql`d.kind = ${kind} and d.document_version = ${documentVersion}`)
  return one(await ctx.db.write(effects, published))
}

const consentRow = {
  ...pick(consentDocumentRow, 'id', 'kind', 'documentVersion', 'url', 'isRequired'),
  isInForce: bool,
  grantedAt: time,
  withdrawnAt: nullable(time),
}
export type ConsentRow = RowOf<typeof consentRow>

const consentView = (where: SQL): Statement<ConsentRow> => rowsOf(consentRow)`
  select c.id, d.kind, d.document_version as "documentVersion", d.url, d.is_required as "isRequired",
         ${isInForce} as "isInForce", ${isoTime(sql`c.granted_at`)} as "grantedAt", ${isoTime(sql`c.withdrawn_at`)} as "withdrawnAt"
    from consents c join consent_documents d on d.id = c.document_id where ${where}`

const lastOf = (userId: string, kind: string): Statement<ConsentRow> =>
  consentView(sql`c.user_id = ${userId} and d.kind = ${kind} order by c.id desc limit 1`)

const ownConsents = { rows: list(consentRow), missing: list(consentDocumentRow) }
export type OwnConsents = RowOf<typeof ownConsents>

/** Active and past consents, and required documents without one. */
export async function listOwnConsents(ctx: Context<UserActor>, page: PageRequest): Promise<OwnConsents> {
  const { userId } = ctx.actor
  const { after, orderAndLimit } = newestFirst(page, sql`c.id`)
  const statement = rowsOf(ownConsents)`
    select (select coalesce(json_agg(r), '[]')
              from (${consentView(sql`c.user_id = ${userId} and ${after} ${orderAndLimit}`)}) r) as rows,
           (select coalesce(json_agg(${rowJson(consentDocuments, 'd')} order by d.id), '[]') from consent_documents d
             where d.is_required and ${isInForce} and not exists (
               select from consents c where c.user_id = ${userId} and c.document_id = d.id and c.withdrawn_at is null)) as missing`
  return one(await ctx.db.read(statement))
}

/** Grants consent to the version in force, and to no other. A consent that was given already stays unchanged. */
export async function grantConsent(
  ctx: Context<UserActor>,
  kind: string,
  documentVersion: string,
): Promise<ConsentRow> {
  const { userId } = ctx.actor
  const effects = [
    ...lockAccount(userId),
    sql`select khidma.refuse(404, 'not_found') where not exists (select from consent_documents where kind = ${kind})`,
    sql`select khidma.refuse(409, 'consent_outdated', jsonb_build_object('documentVersion', d.document_version))
          from consent_documents d where d.kind = ${kind} and ${isInForce} and d.document_version <> ${documentVersion}`,
    sql`insert into consents (id, user_id, document_id)
        select khidma.uuid_v7(), ${userId}, d.id from consent_documents d where d.kind = ${kind} and ${isInForce}
        on conflict (user_id, document_id) where withdrawn_at is null do nothing`,
  ]
  return one(await ctx.db.write(effects, lastOf(userId, kind)))
}

/** Withdraws consent to every version of a document. Withdrawing twice has the same result as once. */
export async function withdrawConsent(ctx: Context<UserActor>, kind: string): Promise<ConsentRow> {
  const { userId } = ctx.actor
  const [lock] = lockAccount(userId) as [SQL, SQL]
  const effects = [
    lock,
    sql`select khidma.refuse(409, 'consent_required') from consent_documents where kind = ${kind} and is_required limit 1`,
    sql`update consents c set withdrawn_at = now() from consent_documents d
         where d.id = c.document_id and d.kind = ${kind} and c.user_id = ${userId} and c.withdrawn_at is null`,
  ]
  return one(await ctx.db.write(effects, lastOf(userId, kind)))
}
