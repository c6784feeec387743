import type pg from 'pg'
import { newId } from '../../../src/core/ids.ts'

/** Rules that a quote is priced by: twenty that apply by themselves, and as many coupons as a market has. */

const packagesCount = 10

export interface CommerceScene {
  packageIds: string[]
  buyer: string
}

export async function fillCommerce(owner: pg.Client, coupons: number): Promise<CommerceScene> {
  const packageIds = Array.from({ length: packagesCount }, () => newId())
  const buyer = newId()
  await owner.query(`insert into users (id, phone, role) values ($1, '+201005550199', 'client')`, [buyer])
  await owner.query(
    `insert into packages (id, kind, names, country, price, currency, postings)
     select x::uuid, 'job_posting', '{"en": "Postings", "ar": "إعلانات"}', 'EG', 100000 + n * 3331, 'EGP', 5
       from unnest($1::text[]) with ordinality p (x, n)`,
    [packageIds],
  )
  await owner.query(
    `insert into discount_rules (id, name, scope, discount_type, discount_value, priority, is_exclusive)
     select khidma.uuid_v7(), 'Rule ' || n, 'global', 'percent', 50 + n, n, n % 7 = 0 from generate_series(1, 20) n`,
  )
  await owner.query(
    `insert into discount_rules (id, name, code, scope, discount_type, discount_value, usage_limit, per_person_limit)
     select khidma.uuid_v7(), 'Coupon ' || n, 'BENCH' || n, 'global', 'percent', 1000, 500, 1 from generate_series(1, $1::int) n`,
    [coupons],
  )
  await owner.query(
    `insert into tax_rules (id, name, kind, rate_basis_points, country, applies_to)
     values (khidma.uuid_v7(), 'VAT 14 %', 'vat', 1400, 'EG', '{package}')`,
  )
  await owner.query('analyze')
  return { packageIds, buyer }
}
