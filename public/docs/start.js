/* Everything comes from this origin: no fonts, no proxy, no telemetry, no assistant. */
Scalar.createApiReference('#reference', {
  url: '/openapi.json',
  withDefaultFonts: false,
  telemetry: false,
  showDeveloperTools: 'never',
  authentication: { preferredSecurityScheme: 'bearerAuth' },
  hideClientButton: true,
  agent: { disabled: true },
  mcp: { disabled: true },
  persistAuth: true,
  defaultOpenAllTags: false,
  operationTitleSource: 'summary',
})

document.getElementById('loading').remove()
