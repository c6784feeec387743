import { describe, expect, it } from 'vitest'
import { newId } from '../../../src/core/ids.ts'
import { api, type Caller, signedIn } from '../../support/api.ts'

const slug = () => `test-${newId()}`
const create = async (admin: Caller, fields: object = {}) => {
  const { status, body } = await api('/v1/categories', {
    as: admin,
    body: { slug: slug(), nameEn: 'Wells', ...fields },
  })
  expect(status).toBe(201)
  return body
}

describe('categories', () => {
  it('are created by an admin and read by anyone, in their language', async () => {
    const admin = await signedIn('admin')
    const { id } = await create(admin, { nameAr: 'آبار' })
    const english = await api(`/v1/categories/${id}`)
    expect(english.body).toMatchObject({
      id,
      name: 'Wells',
      nameEn: 'Wells',
      nameAr: 'آبار',
      active: true,
      version: 1,
    })
    const arabic = await api(`/v1/categories/${id}`, { headers: { 'accept-language': 'ar-EG' } })
    expect(arabic.body.name).toBe('آبار')
    expect(arabic.headers.get('content-language')).toBe('ar')
  })
})
