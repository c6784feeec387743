import { grantSeconds, signedUrl } from '../../src/areas/platform/media/signed-urls.ts'
import { type SecretBindings, secretsOf } from '../../src/core/context.ts'
import { demoPictures } from '../demo-data/professionals.ts'
import { StackError } from './stack-error.ts'

/** As many uploads at a time as a browser would make. */
const atATime = 6

/** Brings the bytes of demo portfolios into storage, by the addresses that apps upload to. Bytes that are there stay. */
export async function uploadPictures(secrets: SecretBindings): Promise<void> {
  const waiting = [...demoPictures]
  const uploadAll = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) await upload(secrets, next)
  }
  await Promise.all(Array.from({ length: atATime }, uploadAll))
}

async function upload(
  secrets: SecretBindings,
  { bytes, ...file }: (typeof demoPictures)[number],
): Promise<void> {
  const content = bytes()
  const expires = Math.floor(Date.now() / 1_000) + grantSeconds
  const mimeType = 'image/png'
  const grant = { use: 'upload', ...file, mimeType, fileSize: content.length, expires } as const
  const response = await fetch(signedUrl(secretsOf(secrets), grant), {
    method: 'PUT',
    headers: { 'content-type': mimeType },
    body: new Uint8Array(content),
  })
  if (!response.ok) throw new StackError(`A demo picture was refused: ${await response.text()}`)
}
