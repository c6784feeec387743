/** For development and tests only. Production sets its own with `wrangler secret put`. */

const signingKeys = [
  {
    kid: 'test-1',
    kty: 'OKP',
    crv: 'Ed25519',
    alg: 'EdDSA',
    use: 'sig',
    d: 'RJZyXfV9BjsCsyRqunXNI5J99uyKhEROLQzx0A7dDog',
    x: 'SKaRffGAkO7TueTZwOpolfN8tNbyas9m7o5SjT7OHRA',
  },
  {
    kid: 'test-2',
    kty: 'OKP',
    crv: 'Ed25519',
    alg: 'EdDSA',
    use: 'sig',
    d: '2HTMF_026s6zB3vZLdtODBHO3PGRLVhQJdTKSRutSLQ',
    x: 'NZYDxV725ZBxn_wnROclQasu3APvgrKCc2sWGeL1IQg',
  },
]

/** The second is being replaced. */
const webhookSigningKeys = [
  {
    kid: 'webhooks-2',
    kty: 'OKP',
    crv: 'Ed25519',
    d: '9z-f4xEgMPycJ0z-yWcvaUcdcKob6KmwtN3yakPKGNc',
    x: 'oPSHJpScWrv_34HIpBIF-5cL68MBx9HYSJKJjyQckXQ',
  },
  {
    kid: 'webhooks-1',
    kty: 'OKP',
    crv: 'Ed25519',
    d: 'HJC5hBnx3DrIR_hf_GOyvUiVVaiRiS4OmDlLLvvrCBY',
    x: 'QE1SNRpE_Q6ltXaKWlFTgKXojTM-bTlOCDpbxHugoGE',
  },
]

const encryptionKeys = [{ id: 'k1', key: '8NjdIm6cdYZeNAZeUwpIxENfM5Ilm29cfphI7yqFVLI=' }]

export const testSecrets = {
  PEPPER: 'SSRynCd75TXROrvU5+x+nFp+2TtNMM9i1LA7iU21RCA=',
  SIGNING_KEYS: JSON.stringify(signingKeys),
  ENCRYPTION_KEYS: JSON.stringify(encryptionKeys),
  WEBHOOK_SIGNING_KEYS: JSON.stringify(webhookSigningKeys),
}

/** The same, as a `Context` has them. */
export const contextSecrets = {
  pepper: testSecrets.PEPPER,
  encryptionKeys: testSecrets.ENCRYPTION_KEYS,
  signingKeys: testSecrets.SIGNING_KEYS,
  apiOrigin: 'https://api.test',
}

/** A provider of checks that cannot be reached, and whose webhooks can be signed. */
export const checkSecrets = {
  CHECKS_API_URL: 'http://127.0.0.1:9',
  CHECKS_API_KEY: 'checks-key',
  CHECKS_WEBHOOK_SECRET: 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
}
