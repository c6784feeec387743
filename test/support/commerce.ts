import { api } from './api.ts'
import { anAdmin, ok } from './story.ts'

/** A package of five job postings in Egypt, unless the fields say otherwise. */
export async function aPackage(fields: object = {}) {
  const names = { en: 'Five job postings', ar: 'خمسة إعلانات وظائف' }
  const sale = { country: 'EG', priceMinor: 250_000, currency: 'EGP', postings: 5, validityDays: 90 }
  const body = { kind: 'job_posting', names, ...sale, ...fields }
  return (await ok(api('/v1/packages', { as: await anAdmin(), body }))).body
}
