import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { deskModule } from '../../../city/look/index.ts'

const library = fileURLToPath(import.meta.resolve('@simplewebauthn/browser')).replace(
  /\/(esm|script)\/index\.js$/,
  '/dist/bundle/index.umd.min.js',
)

/** The library that speaks to the browser's passkeys, from our own address; fetched only when a passkey is used. */
export const webauthnModule = deskModule('webauthn', readFileSync(library, 'utf8'))

const source = readFileSync(new URL('./passkey.js', import.meta.url), 'utf8')
export const passkeyModule = deskModule('passkey', source.replace('/assets/webauthn.js', webauthnModule.href))
