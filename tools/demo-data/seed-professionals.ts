import { createHash } from 'node:crypto'
import type { DemoPicture, DemoProfessional } from './professionals.ts'
import type { SeedConnection } from './seed.ts'

/** Acts as a person for the statements that follow. */
type Act = (role: 'tasker' | 'ops', userId: string) => Promise<unknown>

/** Statements in the name of owners: the machines of profiles and versions ask for them. */
const byOwner = [
  `insert into role_profiles (id, user_id, profession, is_public, languages, verification_status, verified_at)
   select p.id, p."userId", p.profession, true, p.languages, 'verified', now()
     from jsonb_to_record($1::jsonb) as p (id uuid, "userId" uuid, profession text, languages text[])`,
  `select khidma.revise_role_profile(p.id, p."versionId", p.version)
     from jsonb_to_record($1::jsonb) as p (id uuid, "versionId" uuid, version jsonb)`,
  `insert into role_profile_areas (id, profile_id, position, lat, lng, radius_km)
   select khidma.uuid_v7(), p.id, 1, a.lat, a.lng, a."radiusKm"
     from jsonb_to_record($1::jsonb) as p (id uuid, area jsonb),
          jsonb_to_record(p.area) as a (lat double precision, lng double precision, "radiusKm" double precision)`,
  `insert into tasker_categories (tasker_id, category)
   select p."userId", c.slug from jsonb_to_record($1::jsonb) as p ("userId" uuid, service jsonb),
          task_categories s left join task_categories t on t.id = s.parent_id, unnest(array[s.slug, t.slug]) as c (slug)
    where s.slug = p.service ->> 'category' and c.slug is not null
   on conflict do nothing`,
  `insert into services (id, profile_id, name, category, price_type, unit_name, price_amount, currency, duration_minutes)
   select s.id, p.id, s.name, s.category, s."priceType", s."unitName", s."priceMinor", s.currency, s."durationMinutes"
     from jsonb_to_record($1::jsonb) as p (id uuid, service jsonb),
          jsonb_to_record(p.service) as s (id uuid, name text, category text, "priceType" text, "unitName" text, "priceMinor" bigint,
                                           currency text, "durationMinutes" int)`,
  `insert into service_extras (id, service_id, name, price_amount, minutes, display_order)
   select x.id, (p.service ->> 'id')::uuid, x.name, x."priceMinor", x.minutes, 1
     from jsonb_to_record($1::jsonb) as p (service jsonb),
          jsonb_to_record(p.service -> 'extra') as x (id uuid, name text, "priceMinor" bigint, minutes int)`,
  `insert into portfolio_items (id, profile_id, title, display_order)
   select (p.portfolio ->> 'id')::uuid, p.id, p.portfolio ->> 'title', 1 from jsonb_to_record($1::jsonb) as p (id uuid, portfolio jsonb)`,
  `insert into media_files (id, user_id, kind, mime_type, file_size, storage_key, storage_url, content_hash, uploaded_at)
   select f."mediaId", f."userId", 'image', 'image/png', f."fileSize", f."storageKey", 'r2://khidma-media/' || f."storageKey",
          f."contentHash", now()
     from jsonb_to_recordset($1::jsonb -> 'pictures')
            as f ("mediaId" uuid, "userId" uuid, "fileSize" int, "storageKey" text, "contentHash" text)`,
  `insert into portfolio_images (id, item_id, media_id, display_order)
   select khidma.uuid_v7(), ($1::jsonb -> 'portfolio' ->> 'id')::uuid, (f.picture ->> 'mediaId')::uuid, f.place
     from jsonb_array_elements($1::jsonb -> 'pictures') with ordinality f (picture, place)`,
  `update role_profiles set status = 'active' where id = ($1::jsonb ->> 'id')::uuid`,
  `update role_profile_versions set approval_status = 'pending' where id = ($1::jsonb ->> 'versionId')::uuid`,
]

const approve = `select khidma.approve_role_profile_version(p."versionId") from jsonb_to_recordset($1::jsonb) as p ("versionId" uuid)`

/** Professionals who are not there yet, listed: written in their name, approved by the ops person. */
export async function seedProfessionals(
  connection: SeedConnection,
  professionals: readonly DemoProfessional[],
  act: Act,
  opsId: string,
): Promise<void> {
  const { rows } = await connection.query(
    'select p.id from unnest($1::uuid[]) as p (id) where not exists (select from role_profiles r where r.id = p.id)',
    [professionals.map(({ id }) => id)],
  )
  const missing = new Set(rows.map(({ id }) => id))
  const added = professionals.filter(({ id }) => missing.has(id))
  for (const one of added) {
    await act('tasker', one.userId)
    const pictures = one.portfolio.pictures.map(fileOf)
    for (const statement of byOwner) await connection.query(statement, [JSON.stringify({ ...one, pictures })])
  }
  await act('ops', opsId)
  await connection.query(approve, [JSON.stringify(added)])
}

function fileOf({ bytes, ...file }: DemoPicture) {
  const content = bytes()
  return {
    ...file,
    fileSize: content.length,
    contentHash: createHash('sha256').update(content).digest('hex'),
  }
}
