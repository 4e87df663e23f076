/** What a page of ours may do in a browser: load our own style, script and pictures, and send forms to us. Nothing else. */
const policy = (forms: string) =>
  [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    `form-action ${forms}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ')
const contentSecurityPolicy = policy("'self'")

/**
 * The policy of a page whose form is answered with a redirect to one other site. Browsers hold such a redirect against
 * `form-action` too; nothing else of the other site is let in.
 */
export function policyWithForms(origin: string): string {
  if (!/^https?:\/\/[\w.:[\]-]+$/.test(origin)) throw new TypeError('not an origin')
  return policy(`'self' ${origin}`)
}

const permissionsPolicy = [
  'accelerometer',
  'browsing-topics',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'screen-wake-lock',
  'usb',
]
  .map((feature) => `${feature}=()`)
  .join(', ')

/**
 * The headers that every answer carries, on a page, a refusal or a file. No referrer leaves a public page: where a
 * person came from is nobody's business, and a receipt code stands in an address. HSTS is promised only where the city
 * serves HTTPS.
 */
export function securityHeaders(publicUrl: string): Readonly<Record<string, string>> {
  return {
    'content-security-policy': contentSecurityPolicy,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': permissionsPolicy,
    ...(publicUrl.startsWith('https:') && { 'strict-transport-security': 'max-age=31536000; includeSubDomains' }),
  }
}
