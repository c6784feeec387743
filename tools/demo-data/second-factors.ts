import { seal } from '../../src/core/crypto.ts'
import { mfaSecretPurpose } from '../../src/core/encryption.ts'
import { demoFixedUsers } from './people.ts'
import { demoUuid } from './random.ts'
import type { SeedConnection } from './seed.ts'

/** For the authenticator app of whoever plays ops or admin on a development machine. */
export const staffTotpSecret = 'KHIDMADEVELOPMENTSTAFFSECRET2345'

/** Staff can do nothing without a second factor. Sealed anew at every start: the machine's key may be another one. */
export async function enrolDemoStaff(connection: SeedConnection, encryptionKeys: string): Promise<void> {
  const staff = demoFixedUsers.filter(({ role }) => role !== 'client')
  const rows = await Promise.all(
    staff.map(async ({ phone }) => {
      const id = demoUuid(`second-factor:${phone}`)
      return { id, phone, secret: await seal(encryptionKeys, mfaSecretPurpose(id), staffTotpSecret) }
    }),
  )
  await connection.query(
    `insert into mfa_factors (id, user_id, label, secret, last_counter)
     select f.id, u.id, 'Development', f.secret, 0
       from jsonb_to_recordset($1) as f (id uuid, phone text, secret text) join users u on u.phone = f.phone
     on conflict (id) do update set secret = excluded.secret`,
    [JSON.stringify(rows)],
  )
}
