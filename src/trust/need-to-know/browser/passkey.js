// @ts-check
// Signing in with a passkey, and adding one. The browser's answer goes out with the page's own form, like a password; the
// form says whose passkeys they are and where their question is asked for.

const library = '/assets/webauthn.js'

for (const part of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-passkey]'))) {
  const form = part.closest('form')
  const able = 'PublicKeyCredential' in globalThis && form?.dataset['passkeyParty'] === location.hostname
  const kind = part.dataset['passkey']
  part.hidden = kind === 'unable' ? able : !able
  if (able && form && kind !== 'unable') prepare(form, part, kind === 'add')
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement} part
 * @param {boolean} adding
 */
function prepare(form, part, adding) {
  const button = part.querySelector('button')
  const stopped = /** @type {HTMLElement | null} */ (part.querySelector('[role=alert]'))
  const answer = /** @type {HTMLInputElement | null} */ (form.elements.namedItem('passkey'))
  if (!button || !stopped || !answer) return
  button.addEventListener('click', async () => {
    button.disabled = true
    stopped.hidden = true
    try {
      answer.value = JSON.stringify(await useBrowser(form.dataset['passkeyAsks'] ?? '', adding))
      form.requestSubmit()
    } catch {
      stopped.hidden = false
    }
    button.disabled = false
  })
}

/**
 * @param {string} from
 * @param {boolean} adding
 */
async function useBrowser(from, adding) {
  await import(library)
  const { startAuthentication, startRegistration } = /** @type {any} */ (globalThis).SimpleWebAuthnBrowser
  const asked = await fetch(from, { method: 'POST', headers: { accept: 'application/json' } })
  if (!asked.ok) throw new Error('no challenge')
  const optionsJSON = await asked.json()
  return adding ? startRegistration({ optionsJSON }) : startAuthentication({ optionsJSON })
}
